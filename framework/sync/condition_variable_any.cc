// SPDX-License-Identifier: MIT
//
// State: Object::value is the list of waiters.

#include "heddle/sync/condition_variable_any.h"

#include "heddle/core/execution.h"

namespace heddle {

static constexpr ObjectType kConditionVariable{.noun = "condition variable"};
static constexpr OperationType kBeginWait{.verb = "wait"};
static constexpr OperationType kAwait{.verb = "await",
                                      .ready = internal::WaiterList::IsNotified,
                                      .rule = WaitRule::kAnyone,
                                      .needs_object = false,
                                      .interruption = "wakes spuriously"};
static constexpr OperationType kNotifyOne{.verb = "notify one"};
static constexpr OperationType kNotifyAll{.verb = "notify all"};

ConditionVariableAny::~ConditionVariableAny() {
  Execution::OnDestruction(&ref_, kConditionVariable, name_);
}

ObjectId ConditionVariableAny::Resolve() {
  return Execution::Current().Resolve(&ref_, kConditionVariable, name_);
}

void ConditionVariableAny::Enter(internal::Waiter* waiter, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kBeginWait, .object = id, .where = where});
  internal::WaiterList(execution, id).Add(waiter);
}

Outcome ConditionVariableAny::Await(internal::Waiter* waiter, VirtualTime deadline,
                                    SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  Outcome outcome = Outcome::kTimedOut;
  if (deadline > execution.now()) {
    outcome = execution.SchedulingPoint({.type = &kAwait,
                                         .object = id,
                                         .argument = internal::WaiterList::ArgumentOf(*waiter),
                                         .deadline = deadline,
                                         .interruptible = true,
                                         .where = where});
  }
  if (!waiter->is_notified) internal::WaiterList(execution, id).Remove(waiter);
  return outcome;
}

void ConditionVariableAny::notify_one(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kNotifyOne, .object = id, .where = where});
  internal::WaiterList(execution, id).NotifyOne(where);
}

void ConditionVariableAny::notify_all(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kNotifyAll, .object = id, .where = where});
  internal::WaiterList(execution, id).NotifyAll();
}

}  // namespace heddle
