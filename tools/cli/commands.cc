// SPDX-License-Identifier: MIT

#include "tools/cli/commands.h"

#include <ostream>

namespace heddle::cli {

int Refuse(const std::string& sentence, const Streams& streams) {
  streams.err << "heddle: " << sentence << std::endl;
  return kBadUsage;
}

}  // namespace heddle::cli
