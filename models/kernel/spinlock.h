// SPDX-License-Identifier: GPL-2.0-only
//
// spinlock_t: mutual exclusion without sleeping.
//
// Whoever holds one must not sleep: a mutex, a completion, an allocation that may sleep inside is
// kAtomicSleep. Waiting is modelled as being blocked, not as spinning. The variants for interrupts
// and bottom halves also forbid sleeping until their counterpart; interrupts are no tasks here, so
// they exclude nobody else.
//
// INVARIANT: at most one task holds it.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/object_name.h"

namespace models::kernel {

struct spinlock_t {
  lockdep_map dep_map;
};

#define __SPIN_LOCK_UNLOCKED(lockname)                      \
  {                                                         \
    .dep_map = {.handle = STATIC_OBJECT_HANDLE(#lockname) } \
  }
#define DEFINE_SPINLOCK(x) ::models::kernel::spinlock_t x = __SPIN_LOCK_UNLOCKED(x)

// spin_lock_init(&dev->devres_lock): the lock is called "dev->devres_lock".
#define spin_lock_init(lock)                                                                \
  do {                                                                                      \
    static ::models::kernel::lock_class_key __key;                                          \
    ::models::kernel::__spin_lock_init(lock, ::models::kernel::object_name(#lock), &__key); \
  } while (0)

// Makes `lock` a new, free spinlock. A null `key` makes it a class of its own.
//
// Scheduling point: none. Blocks: never. Fails: kMisuse if the lock is held or waited for.
void __spin_lock_init(spinlock_t* lock, const char* name, lock_class_key* key,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// Acquires the lock once no other task holds it.
//
// Scheduling point: before the acquire.
// Blocks:           until the holder unlocks.
// Fails:            kRecursiveDeadlock if the running task holds it; kMisuse if it was never
//                   initialised; kUseAfterFree if it is gone.
void spin_lock(spinlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void spin_lock_nested(spinlock_t* lock, unsigned int subclass,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());
void spin_lock_bh(spinlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void spin_lock_irq(spinlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
// Stores whether interrupts were on in `flags`.
#define spin_lock_irqsave(lock, flags) ((flags) = ::models::kernel::__spin_lock_irqsave(lock))
unsigned long __spin_lock_irqsave(spinlock_t* lock,
                                  heddle::SourceLocation where = heddle::SourceLocation::Here());

// Acquires the lock if no task holds it. Returns 1 if it did, else 0.
//
// Scheduling point: before the attempt; and unlocks of this lock become scheduling points.
// Blocks:           never. Fails: kMisuse, kUseAfterFree as spin_lock.
int spin_trylock(spinlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Lets go of the lock.
//
// Scheduling point: none (before the release, once some task looked at it without blocking).
// Blocks:           never.
// Fails:            kMisuse if the running task does not hold it; kUseAfterFree if it is gone.
void spin_unlock(spinlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void spin_unlock_bh(spinlock_t* lock,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());
void spin_unlock_irq(spinlock_t* lock,
                     heddle::SourceLocation where = heddle::SourceLocation::Here());
void spin_unlock_irqrestore(spinlock_t* lock, unsigned long flags,
                            heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether any task holds the lock.
//
// Scheduling point: before the look; and unlocks of this lock become scheduling points.
// Blocks:           never. Fails: as spin_trylock.
int spin_is_locked(spinlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
