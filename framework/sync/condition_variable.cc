// SPDX-License-Identifier: MIT
//
// A notification sends the waiter on to the mutex without a step of its own: between the two
// nothing of the program happens, so a step there would only multiply schedules. A wait that ends
// in another way has left the queue in a step, and takes the mutex in the next.
//
// State: Object::value is the list of waiters, count the mutex of those that wait.

#include "heddle/sync/condition_variable.h"

#include <string>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/sync/waiter_list.h"

namespace heddle {

static constexpr ObjectType kConditionVariable{.noun = "condition variable"};

static constexpr OperationType kBeginWait{.verb = "wait"};
static constexpr OperationType kAwaitNotification{.verb = "await",
                                                  .ready = internal::WaiterList::IsNotified,
                                                  .rule = WaitRule::kAnyone,
                                                  .needs_object = false,
                                                  .interruption = "wakes spuriously"};
static constexpr OperationType kNotifyOne{.verb = "notify one"};
static constexpr OperationType kNotifyAll{.verb = "notify all"};

ConditionVariable::~ConditionVariable() {
  Execution::OnDestruction(&ref_, kConditionVariable, name_);
}

ObjectId ConditionVariable::Resolve() {
  return Execution::Current().Resolve(&ref_, kConditionVariable, name_);
}

void ConditionVariable::CheckOwns(const std::unique_lock<Mutex>& lock, SourceLocation where) {
  if (lock.owns_lock()) return;
  Execution::Current().Misuse(Resolve(), "wait with a lock that does not hold its mutex", where);
}

void ConditionVariable::CheckMutex(ObjectId id, ObjectId mutex, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (execution.object(mutex).owner != execution.running().id) {
    const internal::RuntimeScope scope;
    execution.Misuse(
        id, "wait with " + execution.ObjectName(mutex) + ", which the task does not hold", where);
  }
  Object& object = execution.object(id);
  const bool others_wait = !internal::WaiterList(execution, id).empty();
  if (others_wait && object.count != int64_t{mutex.value}) {
    const internal::RuntimeScope scope;
    const ObjectId other{static_cast<uint32_t>(object.count)};
    execution.Misuse(id,
                     "wait with " + execution.ObjectName(mutex) +
                         " while another task waits with " + execution.ObjectName(other),
                     where);
  }
  object.count = mutex.value;
}

Outcome ConditionVariable::WaitUntil(Mutex& mutex, VirtualTime deadline, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  const ObjectId mutex_id = mutex.Resolve();
  execution.SchedulingPoint({.type = &kBeginWait, .object = id, .where = where});
  CheckMutex(id, mutex_id, where);

  const Operation resume = Mutex::WakeUp(mutex_id, where);
  internal::Waiter waiter{.resume = &resume};
  internal::WaiterList waiters(execution, id);
  waiters.Add(&waiter);
  mutex.Release(mutex_id, where);
  if (deadline <= execution.now()) {
    waiters.Remove(&waiter);
    mutex.Lock(where);
    return Outcome::kTimedOut;
  }
  const Outcome outcome =
      execution.SchedulingPoint({.type = &kAwaitNotification,
                                 .object = id,
                                 .argument = internal::WaiterList::ArgumentOf(waiter),
                                 .deadline = deadline,
                                 .interruptible = true,
                                 .where = where});
  if (waiter.is_notified) {
    mutex.Take(mutex_id, where);
  } else {
    waiters.Remove(&waiter);
    mutex.Lock(where);
  }
  return outcome;
}

void ConditionVariable::NotifyOne(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kNotifyOne, .object = id, .where = where});
  internal::WaiterList(execution, id).NotifyOne(where);
}

void ConditionVariable::NotifyAll(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kNotifyAll, .object = id, .where = where});
  internal::WaiterList(execution, id).NotifyAll();
}

}  // namespace heddle
