// SPDX-License-Identifier: MIT

#include "heddle/strategy/pos.h"

#include "heddle/core/execution.h"
#include "heddle/strategy/random_walk.h"

namespace heddle {

static bool Race(const Operation& a, const Operation& b) {
  if (a.object != b.object || a.object == kExecutionObject) return false;
  const AccessMode first = a.type->access;
  const AccessMode second = b.type->access;
  if (first == AccessMode::kNone || second == AccessMode::kNone) return false;
  return first == AccessMode::kWrite || second == AccessMode::kWrite;
}

bool Pos::BeginExecution() {
  drawn_.clear();
  return true;
}

// Steps that only one task could take need no look: whatever they race with waits, and lost its
// priority to the operation that made it wait.
void Pos::ForgetRacing(const Execution& execution, TaskId performing) {
  const TaskList& tasks = execution.tasks();
  const Operation& performed = *tasks[performing].pending;
  const TaskSet& standing = tasks.standing();
  for (TaskId id = standing.First(); id != kNoTask; id = standing.After(id)) {
    if (id == performing || id.value >= drawn_.size()) continue;
    if (Race(performed, *tasks[id].pending)) drawn_[id.value].priority = 0;
  }
}

uint64_t Pos::PriorityOf(const Execution& execution, TaskId task) {
  if (task.value >= drawn_.size()) drawn_.resize(size_t{task.value} + 1);
  Drawn& drawn = drawn_[task.value];
  const uint64_t steps = execution.tasks()[task].steps;
  if (drawn.priority == 0 || drawn.steps != steps) {
    drawn = {.priority = random_.Next() | 1, .steps = steps};
  }
  return drawn.priority;
}

TaskId Pos::ChooseTask(const ChoicePoint& point) {
  TaskSet storage;
  const TaskSet& candidates = internal::SampleAlternatives(point, &random_, &storage);
  TaskId best = candidates.First();
  uint64_t highest = PriorityOf(point.execution, best);
  for (TaskId id = candidates.After(best); id != kNoTask; id = candidates.After(id)) {
    const uint64_t priority = PriorityOf(point.execution, id);
    if (priority <= highest) continue;
    best = id;
    highest = priority;
  }
  ForgetRacing(point.execution, best);
  return best;
}

uint32_t Pos::ChooseValue(const ValueChoice& choice) {
  return internal::SampleValue(choice, &random_);
}

}  // namespace heddle
