// SPDX-License-Identifier: MIT

#include "heddle/base/check.h"

#include <unistd.h>

#include <string>
#include <utility>

namespace heddle::internal {

static CheckContextPrinter context_printer = nullptr;

void SetCheckContextPrinter(CheckContextPrinter printer) {
  context_printer = printer;
}

// Writes past the stream buffers: they may be the very thing that is broken.
static void WriteToStandardError(const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = write(STDERR_FILENO, text.data() + done, text.size() - done);
    if (written <= 0) return;
    done += static_cast<size_t>(written);
  }
}

BrokenCheck::BrokenCheck(const char* file, int line, const char* condition) {
  message_ << "heddle: broken check at " << file << ":" << line << ": " << condition << ": ";
}

BrokenCheck::~BrokenCheck() {
  message_ << "\n";
  if (const CheckContextPrinter printer = std::exchange(context_printer, nullptr)) {
    printer(message_);
  }
  WriteToStandardError(message_.str());
  _exit(kBrokenCheckExitStatus);
}

}  // namespace heddle::internal
