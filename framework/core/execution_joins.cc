// SPDX-License-Identifier: MIT
//
// Execution: joins, choices and time, and what strategies see of a step.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"

namespace heddle {

// ---- Joins, choices and time

static constexpr OperationType kJoin{
    .verb = "join",
    .ready =
        [](const Execution& execution, const Operation& operation) {
          const TaskId task{static_cast<uint16_t>(operation.argument)};
          const TaskState state = execution.tasks()[task].state;
          return state == TaskState::kFinished || state == TaskState::kDead;
        },
    .owners =
        [](const Execution& /*execution*/, const Operation& operation, TaskSet* owners) {
          owners->Add(TaskId{static_cast<uint16_t>(operation.argument)});
        },
    .access = AccessMode::kRead,
};

static constexpr OperationType kJoinAll{
    .verb = "join all",
    .ready =
        [](const Execution& execution, const Operation& operation) {
          return execution.tasks().IsQuiescent(TaskId{static_cast<uint16_t>(operation.argument)});
        },
    .owners =
        [](const Execution& execution, const Operation& operation, TaskSet* owners) {
          for (uint16_t i = 0; i < execution.tasks().size(); ++i) {
            const Task& task = execution.tasks()[TaskId{i}];
            if (i == operation.argument || task.state != TaskState::kActive) continue;
            const bool idle =
                task.pending != nullptr && task.pending->type->rule == WaitRule::kIdle;
            if (!idle) owners->Add(task.id);
          }
        },
    .access = AccessMode::kRead,
};

static constexpr OperationType kYield{.verb = "yield", .access = AccessMode::kNone, .yields = true};

static constexpr OperationType kSleep{
    .verb = "sleep",
    .ready = [](const Execution&, const Operation&) { return false; },
    .rule = WaitRule::kAnyone,
    .access = AccessMode::kNone,
};

void Execution::Join(TaskId task, SourceLocation where) {
  HEDDLE_CHECK(task.value < tasks_.size()) << "task " << task.value << " does not exist";
  SchedulingPoint(
      {.type = &kJoin, .object = kExecutionObject, .argument = task.value, .where = where});
  happens_before_.Join(running_->id, task);
}

void Execution::JoinAll(SourceLocation where) {
  SchedulingPoint({.type = &kJoinAll,
                   .object = kExecutionObject,
                   .argument = running_->id.value,
                   .where = where});
  for (uint16_t i = 0; i < tasks_.size(); ++i) {
    if (TaskId{i} != running_->id) happens_before_.Join(running_->id, TaskId{i});
  }
}

void Execution::Yield(SourceLocation where) {
  SchedulingPoint({.type = &kYield, .object = kExecutionObject, .where = where});
}

void Execution::Sleep(uint64_t nanoseconds, SourceLocation where) {
  SchedulingPoint({.type = &kSleep,
                   .object = kExecutionObject,
                   .deadline = After(now_, nanoseconds),
                   .where = where});
}

uint32_t Execution::Choose(uint32_t bound, const char* site, SourceLocation where) {
  const internal::RuntimeScope scope;
  const uint32_t value = decider_.NextValue(bound, /*is_fault=*/false, site);
  if (decider_.diverged()) Conclude();
  if (recorder_.digesting()) recorder_.Mix(value);
  if (tracing()) Note("choose", site, "= " + std::to_string(value), where);
  return value;
}

bool Execution::MayFail(const char* site, SourceLocation where) {
  const internal::RuntimeScope scope;
  const bool fails = decider_.NextValue(2, /*is_fault=*/true, site) != 0;
  if (decider_.diverged()) Conclude();
  if (recorder_.digesting()) recorder_.Mix(fails ? 1 : 0);
  if (fails && tracing()) Note("fault", site, "fails", where);
  return fails;
}

bool Execution::MayFailSpuriously(const char* site, SourceLocation where) {
  Task& self = *running_;
  if (step_log_ != nullptr) {
    step_log_->Refuse(
        "a step may fail spuriously, though not twice before others went; dpor needs "
        "compare_exchange_strong");
  }
  if (step_ - self.steps == self.others_at_interruption) return false;
  const bool fails = MayFail(site, where);
  if (fails) self.others_at_interruption = step_ - self.steps;
  return fails;
}

// ---- What strategies see of steps

StepAccess Execution::AccessOf(const Operation& operation) const {
  const Object& object = objects_[operation.object];
  const bool is_simple_lock = object.type->is_lock && !object.type->is_shared;
  StepAccess access{.object = object.key, .mode = operation.type->access, .is_operation = true};
  access.was_held = is_simple_lock && object.owner != kNoTask;
  if (operation.type->ready != nullptr) {
    access.blocking = is_simple_lock ? Blocking::kWhileHeld : Blocking::kMaybe;
  }
  return access;
}

void Execution::LogStep(const Task& task) {
  const Operation& operation = *task.pending;
  step_log_->BeginStep(task.id, decider_.decisions_before_choice(), operation.type == &kJoinAll);
  if (operation.type == &kJoin) {
    const TaskId joined{static_cast<uint16_t>(operation.argument)};
    step_log_->Order(ExitKey(joined), AccessMode::kRead);
  } else if (operation.object != kExecutionObject) {
    step_log_->TouchByOperation(AccessOf(operation));
  }
  if (operation.deadline != kNever) step_log_->Touch(kClockKey, AccessMode::kWrite);
  if (task.steps == 1) step_log_->Order(StartKey(task.id), AccessMode::kRead);
}

// A deadline that comes into being may pass before others do.
void Execution::LogArrival(const Operation& operation) {
  if (operation.deadline != kNever) step_log_->Touch(kClockKey, AccessMode::kWrite);
  if (objects_[operation.object].type->is_shared) {
    step_log_->Refuse(
        "a lock that several may hold is used; dpor is not known to see all that "
        "waiting for one can lead to, exhaustive does");
  }
  if (operation.type->yields) {
    step_log_->Refuse("a task yields, and then others go first; dpor cannot tell who may wait");
  }
  if (operation.interruptible && decider_.allows_faults()) {
    step_log_->Refuse(
        "a wait may be interrupted, as long as others can go on; dpor cannot tell how "
        "long that is, and needs --faults=0");
  }
}

// Who comes to a shared lock looks at it before he waits.
void Execution::LogRelease(ObjectId object, AccessMode mode) {
  const Object& released = objects_[object];
  if (released.type->is_lock && !released.type->is_shared) {
    step_log_->OrderByRelease(released.key, mode);
  } else {
    step_log_->Touch(released.key, AccessMode::kWrite);
  }
}

void Execution::LogWaitingTasks() {
  for (TaskId id = tasks_.standing().First(); id != kNoTask; id = tasks_.standing().After(id)) {
    step_log_->AddWaiting(
        {.task = id,
         .accesses = AccessesAtPoint(id),
         .could_go_on = tasks_.enabled().Has(id) || tasks_[id].pending->deadline != kNever});
  }
}

std::vector<StepAccess> Execution::AccessesAtPoint(TaskId task) const {
  const Operation& operation = *tasks_[task].pending;
  std::vector<StepAccess> accesses;
  if (operation.object != kExecutionObject && operation.type->access != AccessMode::kNone) {
    accesses.push_back(AccessOf(operation));
    accesses.back().was_held = false;  // When the step is taken.
  }
  if (operation.deadline != kNever) accesses.push_back({.object = kClockKey});
  return accesses;
}

}  // namespace heddle
