// SPDX-License-Identifier: MIT
//
// Numbers that people write: in flags, environment variables and parameters.
//
// The error of a number that cannot be used is a whole sentence that names what was being set:
// "--executions is '0'; expected a whole number of at least 1".

#pragma once

#include <cstdint>
#include <string_view>

#include "heddle/base/result.h"

namespace heddle {

// Reads a whole number of at least `min`, without sign, blanks or prefix.
Result<uint64_t> ReadWholeNumber(std::string_view what, std::string_view text, uint64_t min);

// Reads a whole number, which may be negative, from `min` to `max`.
Result<int64_t> ReadInteger(std::string_view what, std::string_view text, int64_t min, int64_t max);

// Reads a number of seconds greater than 0, such as "30" or "0.5".
Result<double> ReadSeconds(std::string_view what, std::string_view text);

}  // namespace heddle
