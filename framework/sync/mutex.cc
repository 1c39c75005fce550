// SPDX-License-Identifier: MIT

#include "heddle/sync/mutex.h"

#include "heddle/core/execution.h"
#include "heddle/detect/lock_order.h"

namespace heddle {

static constexpr ObjectType kMutex{.noun = "mutex", .is_lock = true};

static bool IsFree(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).owner == kNoTask;
}

static constexpr OperationType kLock{.verb = "lock", .ready = IsFree};
static constexpr OperationType kWakeUp{.verb = "wake, lock", .ready = IsFree};
static constexpr OperationType kTryLock{.verb = "trylock"};
static constexpr OperationType kUnlock{.verb = "unlock"};
static constexpr OperationType kIsLocked{.verb = "is locked", .access = AccessMode::kRead};

Mutex::~Mutex() {
  Execution::OnDestruction(&ref_, kMutex, name_);
}

ObjectId Mutex::Resolve() {
  return Execution::Current().Resolve(&ref_, kMutex, name_);
}

Operation Mutex::WakeUp(ObjectId id, SourceLocation where) {
  return {.type = &kWakeUp, .object = id, .where = where};
}

void Mutex::Take(ObjectId id, SourceLocation where, bool is_trylock) {
  Execution& execution = Execution::Current();
  execution.object(id).owner = execution.running().id;
  execution.Acquired(id, 0, where);
  execution.Changed(id);
  LockOrder::Instance().OnAcquire(execution,
                                  {.object = id, .is_trylock = is_trylock, .where = where});
}

void Mutex::Lock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kLock, .object = id, .where = where});
  Take(id, where);
}

bool Mutex::LockInterruptible(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  const Outcome outcome = execution.SchedulingPoint(
      {.type = &kLock, .object = id, .interruptible = true, .where = where});
  if (outcome != Outcome::kReady) return false;
  Take(id, where);
  return true;
}

bool Mutex::TryLock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kTryLock, .object = id, .where = where});
  if (execution.object(id).owner != kNoTask) {
    execution.NoteObject("trylock fails", id, where);
    return false;
  }
  Take(id, where, /*is_trylock=*/true);
  return true;
}

bool Mutex::LockUntil(VirtualTime deadline, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (deadline <= execution.now()) return TryLock(where);
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  const Outcome outcome = execution.SchedulingPoint(
      {.type = &kLock, .object = id, .deadline = deadline, .where = where});
  if (outcome != Outcome::kReady) return false;
  Take(id, where, /*is_trylock=*/true);
  return true;
}

void Mutex::Unlock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  if (execution.object(id).release_is_point) {
    execution.SchedulingPoint({.type = &kUnlock, .object = id, .where = where});
  }
  Release(id, where);
}

void Mutex::Release(ObjectId id, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (execution.object(id).owner != execution.running().id) {
    execution.Misuse(id, "unlock by a task that does not hold the mutex", where);
  }
  execution.object(id).owner = kNoTask;
  execution.Released(id);
  LockOrder::Instance().OnRelease(execution, id);
  execution.NoteObject("unlock", id, where);
  execution.Changed(id);
}

bool Mutex::IsLocked(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kIsLocked, .object = id, .where = where});
  return execution.object(id).owner != kNoTask;
}

bool Mutex::IsHeld() {
  const Execution& execution = Execution::Current();
  return execution.object(Resolve()).owner == execution.running().id;
}

}  // namespace heddle
