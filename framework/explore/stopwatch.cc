// SPDX-License-Identifier: MIT

#include "heddle/explore/stopwatch.h"

#include <ctime>

namespace heddle::internal {

static int64_t Nanoseconds() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

Stopwatch::Stopwatch() : start_ns_(Nanoseconds()) {}

double Stopwatch::Seconds() const {
  return static_cast<double>(Nanoseconds() - start_ns_) * 1e-9;
}

}  // namespace heddle::internal
