// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/mutex.h"

#include <cerrno>

#include "heddle/core/execution.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/finding.h"
#include "models/kernel/task_context.h"

namespace models::kernel {

using heddle::Execution;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::SourceLocation;
using internal::acquisition;

namespace {

constexpr heddle::ObjectType kMutex{.noun = "mutex"};

bool can_lock(const Execution& execution, const Operation& operation) {
  const heddle::Object& object = execution.object(operation.object);
  return object.owner == heddle::kNoTask || internal::is_gone(object);
}

constexpr OperationType kLock{.verb = "lock", .ready = can_lock};
constexpr OperationType kTryLock{.verb = "trylock"};
constexpr OperationType kUnlock{.verb = "unlock"};
constexpr OperationType kIsLocked{.verb = "is locked", .access = heddle::AccessMode::kRead};

void take(mutex* lock, ObjectId id, const acquisition& how, SourceLocation where) {
  Execution& execution = Execution::Current();
  execution.object(id).owner = execution.running().id;
  execution.Acquired(id, 0, where);
  internal::lock_acquired(lock->dep_map, id, how, where);
  execution.Changed(id);
}

int lock_mutex(mutex* lock, unsigned int subclass, bool is_interruptible, const char* function,
               SourceLocation where) {
  might_sleep(where);
  Operation operation{.type = &kLock, .interruptible = is_interruptible};
  const heddle::Outcome outcome =
      internal::stand_at(&lock->dep_map.handle, {kMutex, function, where}, &operation);
  if (outcome == heddle::Outcome::kInterrupted) {
    // The task saw the mutex held, and goes on.
    Execution::Current().ObservedWithoutBlocking(operation.object);
    return -EINTR;
  }
  take(lock, operation.object, {.subclass = subclass}, where);
  return 0;
}

}  // namespace

void __mutex_init(mutex* lock, const char* name, lock_class_key* key, SourceLocation where) {
  internal::init_object(&lock->dep_map.handle, sizeof(*lock), name, {kMutex, "mutex_init", where});
  __lockdep_set_class(&lock->dep_map, key, 0);
}

void mutex_lock(mutex* lock, SourceLocation where) {
  lock_mutex(lock, 0, false, "mutex_lock", where);
}

void mutex_lock_nested(mutex* lock, unsigned int subclass, SourceLocation where) {
  lock_mutex(lock, subclass, false, "mutex_lock_nested", where);
}

int mutex_lock_interruptible(mutex* lock, SourceLocation where) {
  return lock_mutex(lock, 0, true, "mutex_lock_interruptible", where);
}

int mutex_lock_interruptible_nested(mutex* lock, unsigned int subclass, SourceLocation where) {
  return lock_mutex(lock, subclass, true, "mutex_lock_interruptible_nested", where);
}

int mutex_lock_killable(mutex* lock, SourceLocation where) {
  return lock_mutex(lock, 0, true, "mutex_lock_killable", where);
}

int mutex_trylock(mutex* lock, SourceLocation where) {
  Execution& execution = Execution::Current();
  const internal::primitive_call call{kMutex, "mutex_trylock", where};
  execution.ObservedWithoutBlocking(internal::use_object(&lock->dep_map.handle, call));
  Operation operation{.type = &kTryLock};
  internal::stand_at(&lock->dep_map.handle, call, &operation);
  if (execution.object(operation.object).owner != heddle::kNoTask) {
    execution.NoteObject("trylock fails", operation.object, where);
    return 0;
  }
  take(lock, operation.object, {.is_trylock = true}, where);
  return 1;
}

void mutex_unlock(mutex* lock, SourceLocation where) {
  Execution& execution = Execution::Current();
  const internal::primitive_call call{kMutex, "mutex_unlock", where};
  ObjectId id = internal::use_object(&lock->dep_map.handle, call);
  if (execution.object(id).release_is_point) {
    Operation operation{.type = &kUnlock};
    internal::stand_at(&lock->dep_map.handle, call, &operation);
    id = operation.object;
  }
  if (execution.object(id).owner != execution.running().id) {
    internal::fail(heddle::FailureKind::kMisuse, id,
                   {"mutex_unlock by a task that is not the owner"}, where);
  }
  execution.object(id).owner = heddle::kNoTask;
  internal::pop_held(id, lock_kind::kSleeping);
  execution.Released(id);
  execution.NoteObject("unlock", id, where);
  execution.Changed(id);
}

bool mutex_is_locked(mutex* lock, SourceLocation where) {
  Execution& execution = Execution::Current();
  const internal::primitive_call call{kMutex, "mutex_is_locked", where};
  execution.ObservedWithoutBlocking(internal::use_object(&lock->dep_map.handle, call));
  Operation operation{.type = &kIsLocked};
  internal::stand_at(&lock->dep_map.handle, call, &operation);
  return execution.object(operation.object).owner != heddle::kNoTask;
}

void mutex_destroy(mutex* lock, SourceLocation where) {
  internal::destroy_object(&lock->dep_map.handle, {kMutex, "mutex_destroy", where});
}

}  // namespace models::kernel
