// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/spinlock.h"

#include "models/kernel/context.h"
#include "models/kernel/exclusive_lock.h"

namespace models::kernel {

using heddle::SourceLocation;

namespace {

constexpr heddle::ObjectType kSpinlock{.noun = "spinlock", .is_lock = true};

constexpr internal::exclusive_lock_operations operations{
    .lock = {.verb = "spin lock", .ready = internal::can_lock},
    .try_lock = {.verb = "spin trylock"},
    .unlock = {.verb = "spin unlock"},
    .look = {.verb = "is locked", .access = heddle::AccessMode::kRead},
    .try_lock_fails = "spin trylock fails",
};

internal::exclusive_lock at(spinlock_t* lock, const char* function, SourceLocation where) {
  return {operations, &lock->dep_map, {kSpinlock, function, where}, lock_kind::kSpinning};
}

}  // namespace

void __spin_lock_init(spinlock_t* lock, const char* name, lock_class_key* key,
                      SourceLocation where) {
  internal::init_object(&lock->dep_map.handle, sizeof(*lock), name,
                        {kSpinlock, "spin_lock_init", where});
  __lockdep_set_class(&lock->dep_map, key, 0);
}

void spin_lock_nested(spinlock_t* lock, unsigned int subclass, SourceLocation where) {
  at(lock, "spin_lock", where).lock(subclass, false);
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
  return at(lock, "spin_trylock", where).try_lock() ? 1 : 0;
}

void spin_unlock(spinlock_t* lock, SourceLocation where) {
  at(lock, "spin_unlock", where).unlock();
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
  return at(lock, "spin_is_locked", where).is_locked() ? 1 : 0;
}

}  // namespace models::kernel
