// SPDX-License-Identifier: MIT
//
// State: Object::owner is the exclusive holder, count the shared holdings, value the queued
// writers.
//
// A writer comes in two operations, for its arrival has an effect of its own: it shuts out later
// readers. A writer that finds the mutex free needs only the first.
//
// What a shared holder did is released to the object's shared clock, which only writers acquire:
// two readers are not ordered by the mutex, even where one left before the other came.

#include "heddle/sync/shared_mutex.h"

#include "heddle/core/execution.h"
#include "heddle/detect/lock_order.h"

namespace heddle {

static constexpr ObjectType kSharedMutex{
    .noun = "shared mutex", .is_lock = true, .is_shared = true};
static constexpr uint32_t kExclusive = 0;
static constexpr uint32_t kShared = 1;

static bool IsFree(const Object& object) {
  return object.owner == kNoTask && object.count == 0;
}

static bool IsOpenToReaders(const Object& object) {
  return object.owner == kNoTask && object.value == 0;
}

static bool CanLock(const Execution& execution, const Operation& operation) {
  return IsFree(execution.object(operation.object));
}

static bool CanLockShared(const Execution& execution, const Operation& operation) {
  return IsOpenToReaders(execution.object(operation.object));
}

static void AddWriters(const Execution& execution, const Operation& operation, TaskSet* owners);

static constexpr OperationType kArrive{.verb = "write lock"};
static constexpr OperationType kLock{.verb = "write lock", .ready = CanLock};
static constexpr OperationType kLockShared{
    .verb = "read lock", .ready = CanLockShared, .owners = AddWriters};
static constexpr OperationType kTryLock{.verb = "write trylock"};
static constexpr OperationType kTryLockShared{.verb = "read trylock"};
static constexpr OperationType kUnlock{.verb = "unlock"};
static constexpr OperationType kIsLocked{.verb = "is locked", .access = AccessMode::kRead};

// A reader waits for the writer that holds the mutex and for those queued.
static void AddWriters(const Execution& execution, const Operation& operation, TaskSet* owners) {
  const TaskId owner = execution.object(operation.object).owner;
  if (owner != kNoTask) owners->Add(owner);
  const TaskSet& standing = execution.tasks().standing();
  for (TaskId id = standing.First(); id != kNoTask; id = standing.After(id)) {
    const Operation& pending = *execution.tasks()[id].pending;
    if (pending.type == &kLock && pending.object == operation.object) owners->Add(id);
  }
}

// A wait that ends by itself is part of no deadlock.
static bool EndsByItself(const Operation& wait) {
  return wait.deadline != kNever;
}

static void Take(Execution& execution, ObjectId id, SourceLocation where, bool is_trylock = false) {
  Object& object = execution.object(id);
  object.owner = execution.running().id;
  execution.Acquired(id, kExclusive, where);
  execution.happens_before().AcquireShared(execution.running().id, object);
  execution.Changed(id);
  LockOrder::Instance().OnAcquire(execution,
                                  {.object = id, .is_trylock = is_trylock, .where = where});
}

static void TakeShared(Execution& execution, ObjectId id, SourceLocation where,
                       bool is_trylock = false) {
  ++execution.object(id).count;
  execution.Acquired(id, kShared, where);
  execution.Changed(id);
  LockOrder::Instance().OnAcquire(
      execution,
      {.object = id, .mode = LockMode::kShared, .is_trylock = is_trylock, .where = where});
}

static bool HoldsShared(const Execution& execution, ObjectId id) {
  const Holding* holding = execution.FindHolding(execution.running().id, id);
  return holding != nullptr && holding->mode == kShared;
}

SharedMutex::~SharedMutex() {
  Execution::OnDestruction(&ref_, kSharedMutex, name_);
}

ObjectId SharedMutex::Resolve() {
  return Execution::Current().Resolve(&ref_, kSharedMutex, name_);
}

// Acquires exclusively, waiting as `wait` says; returns whether the mutex is held.
bool SharedMutex::Acquire(Operation wait) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kArrive, .object = id, .where = wait.where});
  if (!IsFree(execution.object(id))) {
    ++execution.object(id).value;
    execution.Changed(id);
    wait.type = &kLock;
    wait.object = id;
    const Outcome outcome = execution.SchedulingPoint(wait);
    --execution.object(id).value;
    if (outcome != Outcome::kReady) {
      execution.Changed(id);
      return false;
    }
  }
  Take(execution, id, wait.where, EndsByItself(wait));
  return true;
}

void SharedMutex::Lock(SourceLocation where) {
  Acquire({.where = where});
}

bool SharedMutex::LockInterruptible(SourceLocation where) {
  Execution::Current().ObservedWithoutBlocking(Resolve());
  return Acquire({.interruptible = true, .where = where});
}

bool SharedMutex::LockUntil(VirtualTime deadline, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (deadline <= execution.now()) return TryLock(where);
  execution.ObservedWithoutBlocking(Resolve());
  return Acquire({.deadline = deadline, .where = where});
}

bool SharedMutex::TryLock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kTryLock, .object = id, .where = where});
  if (!IsFree(execution.object(id))) {
    execution.NoteObject("write trylock fails", id, where);
    return false;
  }
  Take(execution, id, where, /*is_trylock=*/true);
  return true;
}

// Acquires shared, waiting as `wait` says; returns whether the mutex is held.
bool SharedMutex::AcquireShared(Operation wait) {
  Execution& execution = Execution::Current();
  wait.type = &kLockShared;
  wait.object = Resolve();
  if (execution.SchedulingPoint(wait) != Outcome::kReady) return false;
  TakeShared(execution, wait.object, wait.where, EndsByItself(wait));
  return true;
}

void SharedMutex::LockShared(SourceLocation where) {
  AcquireShared({.where = where});
}

bool SharedMutex::LockSharedInterruptible(SourceLocation where) {
  Execution::Current().ObservedWithoutBlocking(Resolve());
  return AcquireShared({.interruptible = true, .where = where});
}

bool SharedMutex::LockSharedUntil(VirtualTime deadline, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (deadline <= execution.now()) return TryLockShared(where);
  execution.ObservedWithoutBlocking(Resolve());
  return AcquireShared({.deadline = deadline, .where = where});
}

bool SharedMutex::TryLockShared(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kTryLockShared, .object = id, .where = where});
  if (!IsOpenToReaders(execution.object(id))) {
    execution.NoteObject("read trylock fails", id, where);
    return false;
  }
  TakeShared(execution, id, where, /*is_trylock=*/true);
  return true;
}

void SharedMutex::PointBeforeRelease(ObjectId id, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (!execution.object(id).release_is_point) return;
  execution.SchedulingPoint({.type = &kUnlock, .object = id, .where = where});
}

void SharedMutex::Unlock(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  PointBeforeRelease(id, where);
  if (execution.object(id).owner != execution.running().id) {
    execution.Misuse(id, "unlock by a task that does not hold the mutex exclusively", where);
  }
  execution.object(id).owner = kNoTask;
  execution.Released(id);
  LockOrder::Instance().OnRelease(execution, id);
  execution.NoteObject("write unlock", id, where);
  execution.Changed(id);
}

void SharedMutex::UnlockShared(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  PointBeforeRelease(id, where);
  if (!HoldsShared(execution, id)) {
    execution.Misuse(id, "shared unlock by a task that does not hold the mutex shared", where);
  }
  --execution.object(id).count;
  execution.Dropped(id);
  LockOrder::Instance().OnRelease(execution, id);
  execution.happens_before().ReleaseShared(execution.running().id, &execution.object(id));
  execution.NoteObject("read unlock", id, where);
  execution.Changed(id);
}

void SharedMutex::Downgrade(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  PointBeforeRelease(id, where);
  if (execution.object(id).owner != execution.running().id) {
    execution.Misuse(id, "downgrade by a task that does not hold the mutex exclusively", where);
  }
  execution.object(id).owner = kNoTask;
  execution.Released(id);
  LockOrder::Instance().OnRelease(execution, id);
  execution.NoteObject("downgrade", id, where);
  TakeShared(execution, id, where, /*is_trylock=*/true);
}

bool SharedMutex::IsLocked(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &kIsLocked, .object = id, .where = where});
  return !IsFree(execution.object(id));
}

bool SharedMutex::IsHeldExclusively() {
  const Execution& execution = Execution::Current();
  return execution.object(Resolve()).owner == execution.running().id;
}

bool SharedMutex::IsHeld() {
  Execution& execution = Execution::Current();
  return execution.FindHolding(execution.running().id, Resolve()) != nullptr;
}

}  // namespace heddle
