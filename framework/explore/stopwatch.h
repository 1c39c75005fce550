// SPDX-License-Identifier: MIT
//
// Stopwatch: wall time, for limits and rates only. The one place that reads a clock; nothing it
// says may reach a decision.

#pragma once

#include <cstdint>

namespace heddle::internal {

class Stopwatch {
 public:
  Stopwatch();

  // Returns the seconds since construction.
  double Seconds() const;

 private:
  int64_t start_ns_;
};

}  // namespace heddle::internal
