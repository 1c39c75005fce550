// SPDX-License-Identifier: MIT

#include "heddle/sync/wait_queue.h"

#include "heddle/core/execution.h"

namespace heddle {

static constexpr ObjectType kWaitQueue{.noun = "wait queue"};
static constexpr OperationType kEnter{.verb = "enter"};
static constexpr OperationType kBlock{
    .verb = "wait in", .ready = internal::WaiterList::IsNotified, .rule = WaitRule::kAnyone};
static constexpr OperationType kWakeOne{.verb = "wake one of"};
static constexpr OperationType kWakeAll{.verb = "wake all of"};
static constexpr OperationType kHasWaiters{.verb = "has waiters", .access = AccessMode::kRead};

WaitQueue::~WaitQueue() {
  Execution::OnDestruction(&ref_, kWaitQueue, name_);
}

ObjectId WaitQueue::Resolve() {
  return Execution::Current().Resolve(&ref_, kWaitQueue, name_);
}

internal::WaiterList WaitQueue::Waiters() {
  return {Execution::Current(), Resolve()};
}

WaitQueue::Entry::Entry(WaitQueue& queue, SourceLocation where) : queue_(queue) {
  const ObjectId id = queue.Resolve();
  Execution::Current().SchedulingPoint({.type = &kEnter, .object = id, .where = where});
  queue_.Waiters().Add(&waiter_);
}

WaitQueue::Entry::~Entry() {
  if (!waiter_.is_notified) queue_.Waiters().Remove(&waiter_);
}

Outcome WaitQueue::Entry::Block(Limits limits, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = queue_.Resolve();
  if (limits.deadline <= execution.now() && !waiter_.is_notified) return Outcome::kTimedOut;
  const Outcome outcome =
      execution.SchedulingPoint({.type = &kBlock,
                                 .object = id,
                                 .argument = internal::WaiterList::ArgumentOf(waiter_),
                                 .deadline = limits.deadline,
                                 .interruptible = limits.interruptible,
                                 .where = where});
  if (outcome != Outcome::kReady) return outcome;
  execution.happens_before().Acquire(execution.running().id, execution.object(id));
  queue_.Waiters().Add(&waiter_);
  return outcome;
}

bool WaitQueue::WakeOne(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kWakeOne, .object = id, .where = where});
  execution.happens_before().Release(execution.running().id, &execution.object(id));
  return Waiters().NotifyOne(where);
}

size_t WaitQueue::WakeAll(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kWakeAll, .object = id, .where = where});
  execution.happens_before().Release(execution.running().id, &execution.object(id));
  return Waiters().NotifyAll();
}

bool WaitQueue::HasWaiters(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kHasWaiters, .object = id, .where = where});
  return !Waiters().empty();
}

}  // namespace heddle
