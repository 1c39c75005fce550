// SPDX-License-Identifier: MIT
//
// ExecutionState: what an execution consists of at one moment, for primitives, detectors and
// reports to look at. What changes it is Execution.

#pragma once

#include <cstdint>
#include <optional>

#include "heddle/base/ids.h"
#include "heddle/core/decider.h"
#include "heddle/core/execution_options.h"
#include "heddle/core/failure.h"
#include "heddle/core/happens_before.h"
#include "heddle/core/limits.h"
#include "heddle/core/object.h"
#include "heddle/core/recorder.h"
#include "heddle/core/task.h"
#include "heddle/core/task_list.h"

namespace heddle {

class ExecutionState {
 public:
  // The task whose step it is.
  Task& running() { return *running_; }
  const Task& running() const { return *running_; }
  TaskList& tasks() { return tasks_; }
  const TaskList& tasks() const { return tasks_; }

  // To change it; what is only to be looked at, and is nobody else's business, goes through a const
  // execution.
  Object& object(ObjectId id) {
    if (step_log_ != nullptr) [[unlikely]]
      LogTouch(id, AccessMode::kWrite);
    return objects_[id];
  }
  const Object& object(ObjectId id) const { return objects_[id]; }
  const ObjectTable& objects() const { return objects_; }
  // Returns whether `ref` was entered in this execution.
  bool IsKnown(const ObjectRef& ref) const { return ref.execution == serial_ && ref.id != 0; }

  HappensBefore& happens_before() { return happens_before_; }
  const HappensBefore& happens_before() const { return happens_before_; }
  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }
  bool tracing() const { return recorder_.tracing(); }
  const Decider& decider() const { return decider_; }

  SchedulingLocations* locations() { return options_->locations; }
  const Limits& limits() const { return options_->limits; }

  VirtualTime now() const {
    if (step_log_ != nullptr) [[unlikely]]
      step_log_->Touch(kClockKey, AccessMode::kRead);
    return now_;
  }
  // Scheduling points passed so far.
  uint64_t step() const { return step_; }
  // Tells this execution from all others of the process.
  uint32_t serial() const { return serial_; }
  const std::optional<Failure>& failure() const { return failure_; }

  // Whether a strategy wants to know what steps touch. Null unless it does.
  StepLog* step_log() const { return step_log_; }

 protected:
  void LogTouch(ObjectId id, AccessMode mode) {
    const Object& touched = objects_[id];
    // Who holds a lock keeps others from it: what he does to it shows when he lets go.
    const bool is_simple_lock = touched.type->is_lock && !touched.type->is_shared;
    if (id == kExecutionObject || (is_simple_lock && touched.owner == running_->id)) return;
    step_log_->Touch(touched.key, mode);
  }

  ExecutionState() = default;
  ~ExecutionState() = default;

  TaskList tasks_;
  ObjectTable objects_;
  HappensBefore happens_before_;
  Decider decider_;
  Recorder recorder_;
  const ExecutionOptions* options_ = nullptr;
  StepLog* step_log_ = nullptr;
  Task* running_ = nullptr;
  VirtualTime now_;
  uint64_t step_ = 0;
  uint32_t serial_ = 0;
  std::optional<Failure> failure_;
};

}  // namespace heddle
