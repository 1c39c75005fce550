// SPDX-License-Identifier: MIT
//
// ExecutionOptions: how one execution is run and watched, as explore/ decides it.

#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "heddle/base/source_location.h"
#include "heddle/core/limits.h"
#include "heddle/core/locations.h"

namespace heddle {

class Execution;
struct Failure;

// What other layers want to do at the turning points of an execution. Called on the framework's
// side; none may allocate once warm.
class ExecutionObserver {
 public:
  virtual ~ExecutionObserver() = default;
  // Before the first task runs; all state of the execution is new.
  virtual void OnBegin(Execution& execution) = 0;
  // After all tasks have finished or are idle; may call Execution::Fail. Runs on the stack of a
  // task.
  virtual void OnQuiescent(Execution& execution) = 0;
  // Adds to a failure of the running task where in the program that is: where the task made the
  // exception that has left it, or else where it stands.
  virtual void Locate(Execution& execution, bool is_exception, Failure* failure) = 0;
  // Returns where the program called the function of an installed library that stands at `where`.
  virtual SourceLocation CallerOfLibrary(SourceLocation where) = 0;
  // After the execution ended, however it ended.
  virtual void OnEnd(Execution& execution) = 0;
  // The running task uses the primitive at `object`, in checked memory. May call Execution::Fail.
  virtual void OnUse(Execution& execution, const void* object, bool is_write,
                     SourceLocation where) = 0;
  // Returns a number for the memory at `address` that is the same in all executions of one trace,
  // whatever others allocated before (step_log.h).
  virtual uint64_t StableKey(uintptr_t address) const = 0;
};

struct ExecutionOptions {
  Limits limits;
  // Values of the scenario's parameters.
  std::map<std::string, int64_t, std::less<>> parameters;
  // Keep a trace of all events, for a report.
  bool tracing = false;
  // Fold all operations into a digest, for the check of determinism.
  bool digesting = false;
  // Track happens-before; needed for race detection.
  bool happens_before = true;
  // What has become a scheduling point, and what should; null for none.
  SchedulingLocations* locations = nullptr;
  // Memory reset and checks; null for none.
  ExecutionObserver* observer = nullptr;
};

}  // namespace heddle
