// SPDX-License-Identifier: MIT
//
// The number of locks is Object::count. While a task holds the mutex nobody else can change or see
// that number, so locking again and all unlocks but the last need no scheduling point.

#include "heddle/sync/recursive_mutex.h"

#include "heddle/core/execution.h"
#include "heddle/detect/lock_order.h"

namespace heddle {

static constexpr ObjectType kRecursiveMutex{.noun = "recursive mutex", .is_lock = true};

static bool IsFree(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).owner == kNoTask;
}

static constexpr OperationType kLock{.verb = "lock", .ready = IsFree};
static constexpr OperationType kTryLock{.verb = "trylock"};
static constexpr OperationType kUnlock{.verb = "unlock"};

static void Take(Execution& execution, ObjectId id, SourceLocation where, bool is_trylock = false) {
  execution.object(id).owner = execution.running().id;
  execution.object(id).count = 1;
  execution.Acquired(id, 0, where);
  execution.Changed(id);
  LockOrder::Instance().OnAcquire(execution,
                                  {.object = id, .is_trylock = is_trylock, .where = where});
}

RecursiveMutex::~RecursiveMutex() {
  Execution::OnDestruction(&ref_, kRecursiveMutex, name_);
}

ObjectId RecursiveMutex::Resolve() {
  return Execution::Current().Resolve(&ref_, kRecursiveMutex, name_);
}

bool RecursiveMutex::LockAgain(ObjectId id) {
  Execution& execution = Execution::Current();
  if (execution.object(id).owner != execution.running().id) return false;
  ++execution.object(id).count;
  return true;
}

void RecursiveMutex::Lock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  if (LockAgain(id)) return;
  execution.SchedulingPoint({.type = &kLock, .object = id, .where = where});
  Take(execution, id, where);
}

bool RecursiveMutex::TryLock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  if (LockAgain(id)) return true;
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kTryLock, .object = id, .where = where});
  if (execution.object(id).owner != kNoTask) {
    execution.NoteObject("trylock fails", id, where);
    return false;
  }
  Take(execution, id, where, /*is_trylock=*/true);
  return true;
}

bool RecursiveMutex::LockUntil(VirtualTime deadline, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (deadline <= execution.now()) return TryLock(where);
  const ObjectId id = Resolve();
  if (LockAgain(id)) return true;
  execution.ObservedWithoutBlocking(id);
  const Outcome outcome = execution.SchedulingPoint(
      {.type = &kLock, .object = id, .deadline = deadline, .where = where});
  if (outcome != Outcome::kReady) return false;
  Take(execution, id, where, /*is_trylock=*/true);
  return true;
}

void RecursiveMutex::Unlock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  const bool holds = execution.object(id).owner == execution.running().id;
  if (!holds) execution.Misuse(id, "unlock by a task that does not hold the mutex", where);
  if (execution.object(id).count > 1) {
    --execution.object(id).count;
    return;
  }
  if (execution.object(id).release_is_point) {
    execution.SchedulingPoint({.type = &kUnlock, .object = id, .where = where});
  }
  execution.object(id).count = 0;
  execution.object(id).owner = kNoTask;
  execution.Released(id);
  LockOrder::Instance().OnRelease(execution, id);
  execution.NoteObject("unlock", id, where);
  execution.Changed(id);
}

}  // namespace heddle
