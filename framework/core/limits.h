// SPDX-License-Identifier: MIT
//
// Limits: the bounds of one execution, each with its reason. Reaching one is a failure of the
// program under test (kStepLimit, kMisuse), never a way to stop quietly.

#pragma once

#include <cstddef>
#include <cstdint>

#include "heddle/core/task_set.h"

namespace heddle {

struct Limits {
  // Scheduling points of one execution. A program that passes more of them hardly terminates.
  uint64_t steps_max = 20'000;
  // Tasks of one execution; each needs a stack. At most kTaskCapacity.
  size_t tasks_max = 256;
  // Instrumented memory accesses of one step. A loop that makes more of them without a scheduling
  // point hardly ends.
  int64_t accesses_max = 10'000'000;
  // CPU time of one step, in milliseconds; for loops that make no instrumented access either.
  uint32_t step_cpu_ms_max = 5'000;
};

}  // namespace heddle
