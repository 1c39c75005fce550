// SPDX-License-Identifier: MIT
//
// GlobalSnapshot: which global variables of the program an execution has changed. What outlives an
// execution may make the next one differ, and then the reader wants to know its name.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace heddle {

class GlobalSnapshot {
 public:
  // Remembers the present values of all global variables of the program.
  GlobalSnapshot();

  // Returns the names of those that have another value now, in order of their addresses. The
  // framework's own, and those of libraries, are left out.
  std::vector<std::string> Changed() const;

 private:
  struct Range {
    uintptr_t begin = 0;
    std::vector<std::byte> bytes;
  };

  std::vector<Range> ranges_;
};

}  // namespace heddle
