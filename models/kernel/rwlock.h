// SPDX-License-Identifier: GPL-2.0-only
//
// rwlock_t: many readers or one writer, without sleeping.
//
// A writer that waits holds up readers that come after it, so a task that reads twice deadlocks
// with a writer between the two. Whoever holds the lock must not sleep.
//
// INVARIANT: while a writer is inside, nobody else is.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/object_name.h"

namespace models::kernel {

struct rwlock_t {
  lockdep_map dep_map;
};

#define __RW_LOCK_UNLOCKED(lockname)                        \
  {                                                         \
    .dep_map = {.handle = STATIC_OBJECT_HANDLE(#lockname) } \
  }
#define DEFINE_RWLOCK(x) ::models::kernel::rwlock_t x = __RW_LOCK_UNLOCKED(x)

// rwlock_init(&chan_list_lock): the lock is called "chan_list_lock".
#define rwlock_init(lock)                                                                \
  do {                                                                                   \
    static ::models::kernel::lock_class_key __key;                                       \
    ::models::kernel::__rwlock_init(lock, ::models::kernel::object_name(#lock), &__key); \
  } while (0)

// Makes `lock` a new, free lock.
//
// Scheduling point: none. Blocks: never. Fails: kMisuse if the lock is held or waited for.
void __rwlock_init(rwlock_t* lock, const char* name, lock_class_key* key,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());

// Enters as a reader, or as the writer.
//
// Scheduling point: before the entry; and once more, if it has to wait.
// Blocks:           a reader, while a writer is inside or was waiting when the reader came; a
//                   writer, while anybody is inside.
// Fails:            kRecursiveDeadlock if the running task is inside and one of the two is as a
//                   writer; kMisuse if the lock was never initialised; kUseAfterFree if it is gone.
void read_lock(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void write_lock(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void read_lock_bh(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void write_lock_bh(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void read_lock_irq(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void write_lock_irq(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Enters if that is possible at once and nobody waits. Returns 1 if it did, else 0.
//
// Scheduling point: before the attempt; and unlocks of this lock become scheduling points.
// Blocks:           never. Fails: kMisuse, kUseAfterFree as read_lock.
int read_trylock(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
int write_trylock(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Leaves.
//
// Scheduling point: none (before the release, once some task looked at it without blocking).
// Blocks:           never.
// Fails:            kMisuse if the running task is not inside in this way; kUseAfterFree.
void read_unlock(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void write_unlock(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void read_unlock_bh(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void write_unlock_bh(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void read_unlock_irq(rwlock_t* lock, heddle::SourceLocation where = heddle::SourceLocation::Here());
void write_unlock_irq(rwlock_t* lock,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
