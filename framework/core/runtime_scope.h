// SPDX-License-Identifier: MIT
//
// RuntimeScope: marks the time during which the framework runs on the stack of a task.
//
// Access hooks and the task allocator act only while a task's own code runs. Code of the framework
// that allocates, formats or calls back on a task's stack stands inside a RuntimeScope.

#pragma once

#include <cstdint>

#include "heddle/core/call_stack.h"

// For functions of headers that an instrumented file may compile: no hooks, and none of the entry
// into and the exit from the function, which would not fit each other where the function itself
// says who is running.
#if defined(__clang__) && __has_attribute(disable_sanitizer_instrumentation)
#define HEDDLE_UNINSTRUMENTED __attribute__((disable_sanitizer_instrumentation))
#else
#define HEDDLE_UNINSTRUMENTED __attribute__((no_sanitize("thread")))
#endif

namespace heddle::internal {

// No moment of any task. Not 0: that is where a record of accesses has none yet.
inline constexpr uint64_t kNoEpoch = ~uint64_t{0};

// What access hooks read and write on their fast path.
struct TaskCode {
  // How many accesses the running step may still make before it counts as endless. Positive exactly
  // while a task's own code runs.
  int64_t accesses_left = 0;
  // What a step begins with; see Limits::accesses_max.
  int64_t accesses_max = 0;
  // The present of the running task, as the race detector counts it; kNoEpoch where nobody has
  // asked since it may have changed.
  uint64_t epoch = kNoEpoch;
  CallStack* calls = nullptr;
};

inline constinit TaskCode task_code;

HEDDLE_UNINSTRUMENTED inline bool IsTaskCode() {
  return task_code.accesses_left > 0;
}

// The own code of the task with `calls` goes on from here, in a new step.
HEDDLE_UNINSTRUMENTED inline void EnterTaskCode(CallStack* calls) {
  task_code.accesses_left = task_code.accesses_max;
  task_code.epoch = kNoEpoch;
  task_code.calls = calls;
}

// The framework takes over.
HEDDLE_UNINSTRUMENTED inline void LeaveTaskCode() {
  task_code.accesses_left = 0;
}

class RuntimeScope {
 public:
  HEDDLE_UNINSTRUMENTED RuntimeScope() : accesses_left_(task_code.accesses_left) {
    LeaveTaskCode();
  }
  HEDDLE_UNINSTRUMENTED ~RuntimeScope() { task_code.accesses_left = accesses_left_; }
  RuntimeScope(const RuntimeScope&) = delete;
  RuntimeScope& operator=(const RuntimeScope&) = delete;

 private:
  int64_t accesses_left_;
};

}  // namespace heddle::internal
