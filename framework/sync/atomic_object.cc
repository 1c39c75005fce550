// SPDX-License-Identifier: MIT
//
// State: Object::value is the list of waiters.

#include "heddle/sync/atomic_object.h"

#include "heddle/core/execution.h"
#include "heddle/memory/memory_failure.h"
#include "heddle/sync/waiter_list.h"

namespace heddle::internal {

static constexpr ObjectType kAtomic{.noun = "atomic"};
static constexpr OperationType kLoad{.verb = "load", .access = AccessMode::kRead};
static constexpr OperationType kStore{.verb = "store"};
static constexpr OperationType kExchange{.verb = "exchange"};
static constexpr OperationType kAwait{
    .verb = "await change of", .ready = WaiterList::IsNotified, .rule = WaitRule::kAnyone};
static constexpr OperationType kNotifyOne{.verb = "notify one"};
static constexpr OperationType kNotifyAll{.verb = "notify all"};

ObjectId AtomicObject::Resolve() const {
  return Execution::Current().Resolve(&ref_, kAtomic, name_);
}

void AtomicObject::Access(AtomicEffect effect, std::memory_order order,
                          SourceLocation where) const {
  const OperationType* type = effect == AtomicEffect::kLoad    ? &kLoad
                              : effect == AtomicEffect::kStore ? &kStore
                                                               : &kExchange;
  const ObjectId id = Resolve();
  Execution::Current().SchedulingPoint({.type = type, .object = id, .where = where});
  OrderAtomic(id, effect, order);
}

void AtomicObject::StandAtExchange(SourceLocation where) const {
  Execution::Current().SchedulingPoint({.type = &kExchange, .object = Resolve(), .where = where});
}

void AtomicObject::Exchanged(AtomicEffect effect, std::memory_order order) const {
  OrderAtomic(Resolve(), effect, order);
}

bool AtomicObject::FailsSpuriously(SourceLocation where) const {
  return Execution::Current().MayFailSpuriously("compare_exchange_weak", where);
}

void AtomicObject::AwaitAndLoad(std::memory_order order, SourceLocation where) const {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  Waiter waiter;
  WaiterList(execution, id).Add(&waiter);
  execution.SchedulingPoint(
      {.type = &kAwait, .object = id, .argument = WaiterList::ArgumentOf(waiter), .where = where});
  OrderAtomic(id, AtomicEffect::kLoad, order);
}

void AtomicObject::NotifyOne(SourceLocation where) const {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kNotifyOne, .object = id, .where = where});
  WaiterList(execution, id).NotifyOne(where);
}

void AtomicObject::NotifyAll(SourceLocation where) const {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kNotifyAll, .object = id, .where = where});
  WaiterList(execution, id).NotifyAll();
}

SourceLocation CallerLocation(const void* address) {
  if (!Execution::HasCurrent() || !Execution::Current().tracing()) return {};
  const RuntimeScope scope;
  return SourceOf({.pc = reinterpret_cast<uintptr_t>(address)});
}

}  // namespace heddle::internal
