// SPDX-License-Identifier: GPL-2.0-only
//
// mutex: sleeping mutual exclusion.
//
// Not recursive; only the owner unlocks; no order among waiters is promised, so each of them may be
// the next owner. A task that dies (oops) keeps what it holds.
//
// INVARIANT: at most one task holds it.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/object_name.h"

namespace models::kernel {

struct mutex {
  lockdep_map dep_map;
};

#define __MUTEX_INITIALIZER(lockname)                       \
  {                                                         \
    .dep_map = {.handle = STATIC_OBJECT_HANDLE(#lockname) } \
  }
#define DEFINE_MUTEX(mutexname) ::models::kernel::mutex mutexname = __MUTEX_INITIALIZER(mutexname)

// mutex_init(&conn->lock): the mutex is called "conn->lock", and is of the class of this call.
#define mutex_init(lock)                                                                \
  do {                                                                                  \
    static ::models::kernel::lock_class_key __key;                                      \
    ::models::kernel::__mutex_init(lock, ::models::kernel::object_name(#lock), &__key); \
  } while (0)

// Makes `lock` a new, free mutex.
//
// Scheduling point: none.
// Blocks:           never.
// Fails:            kMisuse if the mutex is held or waited for.
void __mutex_init(mutex* lock, const char* name, lock_class_key* key,
                  heddle::SourceLocation where = heddle::SourceLocation::Here());

// Acquires the mutex once no other task holds it. Sleeps. A nested acquire differs in its lock
// class only.
//
// Scheduling point: before the acquire.
// Blocks:           until the owner unlocks.
// Fails:            kRecursiveDeadlock if the running task holds it; kAtomicSleep where sleeping is
//                   forbidden; kMisuse if it was never initialised; kUseAfterFree if it is gone.
void mutex_lock(mutex* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void mutex_lock_nested(mutex* lock, unsigned int subclass,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// As mutex_lock; but a signal may end the wait, as a fault. Returns 0 with the mutex held, or
// -EINTR without it.
int mutex_lock_interruptible(mutex* lock,
                             heddle::SourceLocation where = heddle::SourceLocation::Here());
int mutex_lock_interruptible_nested(mutex* lock, unsigned int subclass,
                                    heddle::SourceLocation where = heddle::SourceLocation::Here());
int mutex_lock_killable(mutex* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Acquires the mutex if no task holds it. Returns 1 if it did, else 0.
//
// Scheduling point: before the attempt; and unlocks of this mutex become scheduling points.
// Blocks:           never; allowed where sleeping is forbidden.
// Fails:            kMisuse if it was never initialised; kUseAfterFree if it is gone.
int mutex_trylock(mutex* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Lets go of the mutex.
//
// Scheduling point: none (before the release, once some task looked at it without blocking).
// Blocks:           never.
// Fails:            kMisuse if the running task is not the owner; kUseAfterFree if it is gone.
void mutex_unlock(mutex* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether any task holds the mutex.
//
// Scheduling point: before the look; and unlocks of this mutex become scheduling points.
// Blocks:           never. Fails: as mutex_trylock.
bool mutex_is_locked(mutex* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Ends the life of the mutex; it must not be used before it is initialised again.
//
// Scheduling point: none. Blocks: never.
// Fails:            kMisuse if the mutex is held or waited for.
void mutex_destroy(mutex* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
