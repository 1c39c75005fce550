// SPDX-License-Identifier: MIT

#include "heddle/sync/spinlock.h"

#include "heddle/core/execution.h"
#include "heddle/detect/lock_order.h"

namespace heddle {

static constexpr ObjectType kSpinlock{.noun = "spinlock", .is_lock = true};

static bool IsFree(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).owner == kNoTask;
}

static constexpr OperationType kLock{.verb = "spin lock", .ready = IsFree};
static constexpr OperationType kTryLock{.verb = "spin trylock"};
static constexpr OperationType kUnlock{.verb = "spin unlock"};
static constexpr OperationType kIsLocked{.verb = "is locked", .access = AccessMode::kRead};

static void Take(Execution& execution, ObjectId id, SourceLocation where, bool is_trylock = false) {
  execution.object(id).owner = execution.running().id;
  execution.Acquired(id, 0, where);
  execution.Changed(id);
  LockOrder::Instance().OnAcquire(execution,
                                  {.object = id, .is_trylock = is_trylock, .where = where});
}

Spinlock::~Spinlock() {
  Execution::OnDestruction(&ref_, kSpinlock, name_);
}

ObjectId Spinlock::Resolve() {
  return Execution::Current().Resolve(&ref_, kSpinlock, name_);
}

void Spinlock::Lock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kLock, .object = id, .where = where});
  Take(execution, id, where);
}

bool Spinlock::TryLock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kTryLock, .object = id, .where = where});
  if (execution.object(id).owner != kNoTask) {
    execution.NoteObject("spin trylock fails", id, where);
    return false;
  }
  Take(execution, id, where, /*is_trylock=*/true);
  return true;
}

void Spinlock::Unlock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  if (execution.object(id).release_is_point) {
    execution.SchedulingPoint({.type = &kUnlock, .object = id, .where = where});
  }
  if (execution.object(id).owner != execution.running().id) {
    execution.Misuse(id, "unlock by a task that does not hold the spinlock", where);
  }
  execution.object(id).owner = kNoTask;
  execution.Released(id);
  LockOrder::Instance().OnRelease(execution, id);
  execution.NoteObject("spin unlock", id, where);
  execution.Changed(id);
}

bool Spinlock::IsLocked(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kIsLocked, .object = id, .where = where});
  return execution.object(id).owner != kNoTask;
}

bool Spinlock::IsHeld() {
  const Execution& execution = Execution::Current();
  return execution.object(Resolve()).owner == execution.running().id;
}

}  // namespace heddle
