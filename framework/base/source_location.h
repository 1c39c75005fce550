// SPDX-License-Identifier: MIT
//
// SourceLocation: where a primitive was called. Stands in for std::source_location, which clang 14
// does not offer.

#pragma once

namespace heddle {

struct SourceLocation {
  const char* file = "";
  const char* function = "";
  int line = 0;

  // As a default argument, gives the place of the call.
  static constexpr SourceLocation Here(const char* file = __builtin_FILE(),
                                       const char* function = __builtin_FUNCTION(),
                                       int line = __builtin_LINE()) {
    return SourceLocation{file, function, line};
  }
};

}  // namespace heddle
