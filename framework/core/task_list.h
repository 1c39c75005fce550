// SPDX-License-Identifier: MIT
//
// TaskList: all tasks of an execution, and who of them can take the next step.
//
// INVARIANT: a task is in enabled() exactly if it stands at a scheduling point, or runs, and its
// operation is ready. A task is in timed() exactly if it stands at a scheduling point, its
// operation is not ready, and a deadline or a signal may end its wait.
//
// Task slots and their stacks are kept from one execution to the next.

#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/core/task.h"
#include "heddle/core/task_set.h"

namespace heddle {

class Execution;

class TaskList {
 public:
  // Forgets all tasks, for a new execution.
  void Reset();

  // Adds a task that runs `run(captured)` once it is switched to. Its operation is published later.
  Task& Add(std::string_view name);

  Task& operator[](TaskId id) { return *slots_[id.value]; }
  const Task& operator[](TaskId id) const { return *slots_[id.value]; }
  size_t size() const { return size_; }

  const TaskSet& enabled() const { return enabled_; }
  const TaskSet& timed() const { return timed_; }
  const TaskSet& standing() const { return standing_; }

  // `task` stands at `operation` from now on. Returns whether it is ready.
  bool Publish(const Execution& execution, Task* task, const Operation& operation);

  // `task`, which stands at another operation, stands at `operation` from now on.
  void Replace(const Execution& execution, Task* task, const Operation& operation);

  // `task` begins the step of its operation and stands nowhere.
  void Withdraw(Task* task);

  // Asks again whether the operations on `object` are ready. Returns whether that of an idle task
  // changed.
  bool Refresh(const Execution& execution, ObjectId object);

  // `task` has ended and will never be enabled again.
  void Retire(Task* task, TaskState state);

  // Returns the earliest deadline of a wait that is under way, or kNever.
  VirtualTime EarliestDeadline() const;

  // Returns whether each task but `except` has ended or is an idle daemon.
  bool IsQuiescent(TaskId except) const;

 private:
  static bool IsReady(const Execution& execution, const Operation& operation) {
    return operation.type->ready == nullptr || operation.type->ready(execution, operation);
  }
  void SetReady(const Task& task, bool ready);

  std::vector<std::unique_ptr<Task>> slots_;
  size_t size_ = 0;
  TaskSet enabled_;
  TaskSet timed_;
  TaskSet standing_;
};

// ---- Implementation

inline bool TaskList::Publish(const Execution& execution, Task* task, const Operation& operation) {
  task->pending = &operation;
  standing_.Add(task->id);
  const bool ready = IsReady(execution, operation);
  if (!ready) SetReady(*task, false);
  return ready;
}

inline void TaskList::Withdraw(Task* task) {
  standing_.Remove(task->id);
  if (task->outcome != Outcome::kReady) [[unlikely]] {
    timed_.Remove(task->id);
    enabled_.Add(task->id);
  }
  task->pending = nullptr;
}

}  // namespace heddle
