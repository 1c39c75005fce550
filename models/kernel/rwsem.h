// SPDX-License-Identifier: GPL-2.0-only
//
// rw_semaphore: many readers or one writer, sleeping.
//
// A writer that waits holds up readers that come after it, but not those that were waiting before
// it. So reading twice is a deadlock as soon as a writer comes between the two. Among those that
// may enter, no order is promised.
//
// INVARIANT: while a writer is inside, nobody else is.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/object_name.h"

namespace models::kernel {

struct rw_semaphore {
  lockdep_map dep_map;
};

#define __RWSEM_INITIALIZER(lockname)                       \
  {                                                         \
    .dep_map = {.handle = STATIC_OBJECT_HANDLE(#lockname) } \
  }
#define DECLARE_RWSEM(name) ::models::kernel::rw_semaphore name = __RWSEM_INITIALIZER(name)

// init_rwsem(&inode->i_rwsem): the semaphore is called "inode->i_rwsem".
#define init_rwsem(sem)                                                               \
  do {                                                                                \
    static ::models::kernel::lock_class_key __key;                                    \
    ::models::kernel::__init_rwsem(sem, ::models::kernel::object_name(#sem), &__key); \
  } while (0)

// Makes `sem` a new, free semaphore.
//
// Scheduling point: none. Blocks: never. Fails: kMisuse if it is held or waited for.
void __init_rwsem(rw_semaphore* sem, const char* name, lock_class_key* key,
                  heddle::SourceLocation where = heddle::SourceLocation::Here());

// Enters as a reader, or as the writer. Sleeps. A nested entry differs in its lock class only.
//
// Scheduling point: before the entry; and once more, if it has to wait.
// Blocks:           a reader, while a writer is inside or was waiting when the reader came; a
//                   writer, while anybody is inside.
// Fails:            kRecursiveDeadlock if the running task is inside and one of the two is as a
//                   writer; kAtomicSleep where sleeping is forbidden; kMisuse if it was never
//                   initialised; kUseAfterFree if it is gone.
void down_read(rw_semaphore* sem, heddle::SourceLocation where = heddle::SourceLocation::Here());
void down_read_nested(rw_semaphore* sem, unsigned int subclass,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());
void down_write(rw_semaphore* sem, heddle::SourceLocation where = heddle::SourceLocation::Here());
void down_write_nested(rw_semaphore* sem, unsigned int subclass,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// The same; but a signal may end the wait, as a fault. Return 0, or -EINTR without the semaphore.
int down_read_interruptible(rw_semaphore* sem,
                            heddle::SourceLocation where = heddle::SourceLocation::Here());
int down_read_killable(rw_semaphore* sem,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());
int down_write_killable(rw_semaphore* sem,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());

// Enters if that is possible at once and nobody waits. Returns 1 if it did, else 0.
//
// Scheduling point: before the attempt; and releases of it become scheduling points.
// Blocks:           never. Fails: kMisuse, kUseAfterFree as down_read.
int down_read_trylock(rw_semaphore* sem,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());
int down_write_trylock(rw_semaphore* sem,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Leaves.
//
// Scheduling point: none (before the release, once some task looked at it without blocking).
// Blocks:           never.
// Fails:            kMisuse if the running task is not inside in this way; kUseAfterFree.
void up_read(rw_semaphore* sem, heddle::SourceLocation where = heddle::SourceLocation::Here());
void up_write(rw_semaphore* sem, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Turns the writer inside into a reader, without letting another writer in between.
//
// Scheduling point, Blocks, Fails: as up_write.
void downgrade_write(rw_semaphore* sem,
                     heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether anybody is inside.
//
// Scheduling point: before the look; and releases of it become scheduling points.
// Blocks:           never. Fails: as down_read_trylock.
int rwsem_is_locked(rw_semaphore* sem,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
