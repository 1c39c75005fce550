// SPDX-License-Identifier: MIT

#include "heddle/core/task_list.h"

#include <algorithm>

#include "heddle/core/execution.h"
#include "heddle/core/stack_pool.h"

namespace heddle {

static bool IsTimed(const Operation& operation) {
  return operation.deadline != kNever || operation.interruptible;
}

void TaskList::Reset() {
  size_ = 0;
  enabled_.Clear();
  timed_.Clear();
  standing_.Clear();
}

Task& TaskList::Add(std::string_view name) {
  const TaskId id{static_cast<uint16_t>(size_)};
  if (size_ == slots_.size()) {
    slots_.push_back(std::make_unique<Task>());
    const StackSlot stack = StackPool::Instance().Slot(size_);
    slots_.back()->fiber.SetStack(stack.bottom, stack.size);
  }
  ++size_;
  Task& task = *slots_[id.value];
  task.id = id;
  task.state = TaskState::kStarting;
  task.is_daemon = false;
  task.outcome = Outcome::kReady;
  task.pending = nullptr;
  task.spawner = kNoTask;
  task.holdings.clear();
  task.calls.depth = 0;
  task.captured_size = 0;
  task.steps = 0;
  task.others_at_interruption = kNoStep;
  if (task.name != name) task.name = name;
  enabled_.Add(id);
  return task;
}

void TaskList::SetReady(const Task& task, bool ready) {
  if (ready) {
    enabled_.Add(task.id);
    timed_.Remove(task.id);
  } else {
    enabled_.Remove(task.id);
    if (IsTimed(*task.pending)) timed_.Add(task.id);
  }
}

void TaskList::Replace(const Execution& execution, Task* task, const Operation& operation) {
  task->pending = &operation;
  timed_.Remove(task->id);
  SetReady(*task, IsReady(execution, operation));
}

bool TaskList::Refresh(const Execution& execution, ObjectId object) {
  bool idle_changed = false;
  for (TaskId id = standing_.First(); id != kNoTask; id = standing_.After(id)) {
    const Task& task = *slots_[id.value];
    if (task.pending->object != object) continue;
    const bool ready = IsReady(execution, *task.pending);
    if (ready == enabled_.Has(id)) continue;
    SetReady(task, ready);
    idle_changed |= task.pending->type->rule == WaitRule::kIdle;
  }
  return idle_changed;
}

void TaskList::Retire(Task* task, TaskState state) {
  task->state = state;
  task->pending = nullptr;
  enabled_.Remove(task->id);
  timed_.Remove(task->id);
  standing_.Remove(task->id);
}

VirtualTime TaskList::EarliestDeadline() const {
  VirtualTime earliest = kNever;
  for (TaskId id = timed_.First(); id != kNoTask; id = timed_.After(id)) {
    earliest = std::min(earliest, slots_[id.value]->pending->deadline);
  }
  return earliest;
}

bool TaskList::IsQuiescent(TaskId except) const {
  for (size_t i = 0; i < size_; ++i) {
    const Task& task = *slots_[i];
    if (task.id == except || task.state == TaskState::kFinished) continue;
    if (task.state == TaskState::kDead) continue;
    const bool idle = task.pending != nullptr && task.pending->type->rule == WaitRule::kIdle &&
                      !enabled_.Has(task.id);
    if (!idle) return false;
  }
  return true;
}

}  // namespace heddle
