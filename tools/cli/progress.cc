// SPDX-License-Identifier: MIT

#include "tools/cli/progress.h"

#include <unistd.h>

#include <cstdio>

#include "heddle/report/wording.h"

namespace heddle::cli {

static constexpr double kSecondsPerLine = 5;
// A line that wraps cannot be taken back.
static constexpr size_t kTerminalColumns = 79;

ProgressMode ModeForStandardError(bool wanted) {
  if (!wanted) return ProgressMode::kOff;
  return isatty(STDERR_FILENO) != 0 ? ProgressMode::kTerminal : ProgressMode::kLines;
}

static std::string LevelWords(const Bounds& level) {
  if (level.preemptions == kUnbounded || level.faults == kUnbounded) return "";
  return ", at " + CountOf(level.preemptions, "preemption") + " and " +
         CountOf(level.faults, "fault");
}

void ProgressLine::Begin(size_t finished, std::string what) {
  finished_ = finished;
  what_ = std::move(what);
  Show("");
}

void ProgressLine::Update(const Progress& progress) {
  char seconds[32];
  std::snprintf(seconds, sizeof(seconds), "%.1f s", progress.seconds);
  Show(": " + CountOf(progress.executions, "execution") + LevelWords(progress.level) + ", " +
       seconds);
}

void ProgressLine::Show(const std::string& text) {
  const std::string line =
      "[" + std::to_string(finished_) + "/" + std::to_string(rows_) + "] " + what_ + text;
  if (mode_ == ProgressMode::kTerminal) {
    out_ << "\r\033[K" << Shorten(line, kTerminalColumns) << std::flush;
    is_shown_ = true;
  }
  if (mode_ != ProgressMode::kLines || stopwatch_.Seconds() - last_line_ < kSecondsPerLine) return;
  last_line_ = stopwatch_.Seconds();
  out_ << line << "\n" << std::flush;
}

void ProgressLine::Clear() {
  if (is_shown_) out_ << "\r\033[K" << std::flush;
  is_shown_ = false;
}

}  // namespace heddle::cli
