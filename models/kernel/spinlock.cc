// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/spinlock.h"

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

namespace {

constexpr heddle::ObjectType kSpinlock{.noun = "spinlock"};

bool can_lock(const Execution& execution, const Operation& operation) {
  const heddle::Object& object = execution.object(operation.object);
  return object.owner == heddle::kNoTask || internal::is_gone(object);
}

constexpr OperationType kLock{.verb = "spin lock", .ready = can_lock};
constexpr OperationType kTryLock{.verb = "spin trylock"};
constexpr OperationType kUnlock{.verb = "spin unlock"};
constexpr OperationType kIsLocked{.verb = "is locked", .access = heddle::AccessMode::kRead};

void take(spinlock_t* lock, ObjectId id, internal::acquisition how, SourceLocation where) {
  Execution& execution = Execution::Current();
  execution.object(id).owner = execution.running().id;
  execution.Acquired(id, 0, where);
  how.kind = lock_kind::kSpinning;
  internal::lock_acquired(lock->dep_map, id, how, where);
  execution.Changed(id);
}

}  // namespace

void __spin_lock_init(spinlock_t* lock, const char* name, lock_class_key* key,
                      SourceLocation where) {
  internal::init_object(&lock->dep_map.handle, sizeof(*lock), name,
                        {kSpinlock, "spin_lock_init", where});
  __lockdep_set_class(&lock->dep_map, key, 0);
}

void spin_lock_nested(spinlock_t* lock, unsigned int subclass, SourceLocation where) {
  Operation operation{.type = &kLock};
  internal::stand_at(&lock->dep_map.handle, {kSpinlock, "spin_lock", where}, &operation);
  take(lock, operation.object, {.subclass = subclass}, where);
}

void spin_lock(spinlock_t* lock, SourceLocation where) {
  spin_lock_nested(lock, 0, where);
}

void spin_lock_bh(spinlock_t* lock, SourceLocation where) {
  local_bh_disable(where);
  spin_lock(lock, where);
}

void spin_lock_irq(spinlock_t* lock, SourceLocation where) {
  local_irq_disable(where);
  spin_lock(lock, where);
}

unsigned long __spin_lock_irqsave(spinlock_t* lock, SourceLocation where) {
  const unsigned long flags = __local_irq_save(where);
  spin_lock(lock, where);
  return flags;
}

int spin_trylock(spinlock_t* lock, SourceLocation where) {
  Execution& execution = Execution::Current();
  const internal::primitive_call call{kSpinlock, "spin_trylock", where};
  execution.ObservedWithoutBlocking(internal::use_object(&lock->dep_map.handle, call));
  Operation operation{.type = &kTryLock};
  internal::stand_at(&lock->dep_map.handle, call, &operation);
  if (execution.object(operation.object).owner != heddle::kNoTask) {
    execution.NoteObject("spin trylock fails", operation.object, where);
    return 0;
  }
  take(lock, operation.object, {.is_trylock = true}, where);
  return 1;
}

void spin_unlock(spinlock_t* lock, SourceLocation where) {
  Execution& execution = Execution::Current();
  const internal::primitive_call call{kSpinlock, "spin_unlock", where};
  ObjectId id = internal::use_object(&lock->dep_map.handle, call);
  if (execution.object(id).release_is_point) {
    Operation operation{.type = &kUnlock};
    internal::stand_at(&lock->dep_map.handle, call, &operation);
    id = operation.object;
  }
  if (execution.object(id).owner != execution.running().id) {
    internal::fail(heddle::FailureKind::kMisuse, id,
                   {"spin_unlock by a task that does not hold the lock"}, where);
  }
  execution.object(id).owner = heddle::kNoTask;
  internal::pop_held(id, lock_kind::kSpinning);
  execution.Released(id);
  execution.NoteObject("spin unlock", id, where);
  execution.Changed(id);
}

void spin_unlock_bh(spinlock_t* lock, SourceLocation where) {
  spin_unlock(lock, where);
  local_bh_enable(where);
}

void spin_unlock_irq(spinlock_t* lock, SourceLocation where) {
  spin_unlock(lock, where);
  local_irq_enable(where);
}

void spin_unlock_irqrestore(spinlock_t* lock, unsigned long flags, SourceLocation where) {
  spin_unlock(lock, where);
  local_irq_restore(flags, where);
}

int spin_is_locked(spinlock_t* lock, SourceLocation where) {
  Execution& execution = Execution::Current();
  const internal::primitive_call call{kSpinlock, "spin_is_locked", where};
  execution.ObservedWithoutBlocking(internal::use_object(&lock->dep_map.handle, call));
  Operation operation{.type = &kIsLocked};
  internal::stand_at(&lock->dep_map.handle, call, &operation);
  return execution.object(operation.object).owner != heddle::kNoTask ? 1 : 0;
}

}  // namespace models::kernel
