// SPDX-License-Identifier: MIT
//
// Access hooks: what the compiler calls on each load and store of a file compiled with
// -fsanitize=thread. Such a file is linked without that flag; the definitions here take the place
// of ThreadSanitizer's runtime.
//
// While a task's own code runs, a hook checks the access and notes it for the race detector
// (TaskMemory::OnAccess), before the access happens. Atomic and volatile accesses are marked: a
// scheduling point stands before each, and two of them do not race. The entry and exit of functions
// keep the call stack of the task. At any other time, when no task runs or the framework is on the
// stack, a hook returns at once.
//
// INVARIANT: a plain access is let pass without further ado only if all its bytes are live,
// initialised and no scheduling location, and its task made an access at least as strong to these
// bytes since its last release.
//
// Limits::accesses_max bounds the accesses of one step.
//
// The hooks are declared by nobody but the compiler. This header has what the other entry points of
// task code into memory share with them.

#pragma once

#include <cstdint>

#include "heddle/core/runtime_scope.h"
#include "heddle/memory/memory_access.h"
#include "heddle/memory/origin.h"

namespace heddle::internal {

// Lets the running task perform a plain access: the slow path of each hook. Does nothing unless a
// task's own code runs, that is, unless task_code.accesses_left, which the caller has counted down,
// is at least 0.
void AccessSlowly(const MemoryAccess& access, const CodePlace& place);

// The framework has been entered from the own code of a task, to do one thing to its memory. Gives
// the step back what is left of its accesses at the end, or what a new step begins with if it stood
// at a scheduling point meanwhile.
class MemoryScope {
 public:
  HEDDLE_UNINSTRUMENTED MemoryScope() : accesses_left_(task_code.accesses_left) { LeaveTaskCode(); }
  HEDDLE_UNINSTRUMENTED ~MemoryScope() { task_code.accesses_left = accesses_left_; }
  MemoryScope(const MemoryScope&) = delete;
  MemoryScope& operator=(const MemoryScope&) = delete;

  HEDDLE_UNINSTRUMENTED void BeginStep() { accesses_left_ = task_code.accesses_max; }

 private:
  int64_t accesses_left_;
};

}  // namespace heddle::internal
