// SPDX-License-Identifier: GPL-2.0-only
//
// Lock classes, what each task holds, and assertions about it.
//
// Every lock has a lockdep_map: its name, its class, its identity in the running execution. All
// locks that one call of an init macro makes are of one class, unless the port says otherwise.
// What a task holds is a stack of held_lock; locks, read sections and annotations
// (lock_map_acquire) stand on it alike. Nothing here excludes anybody.
//
// Locks that a task holds are recorded at the moment it has them. Where a search reports the order
// of locks, each acquire is judged by lockdep's rule (framework/detect/lock_order.h).

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/held_lock.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/types.h"

namespace models::kernel {

inline constexpr unsigned int SINGLE_DEPTH_NESTING = 1;

// The class of locks that are held, but never judged.
extern lock_class_key __lockdep_no_validate__;

struct lockdep_map {
  object_handle handle;
  lock_class_key* key = nullptr;  // Null: the map is a class of its own.
  u32 subclass = 0;
};

// ---- Classes

// Gives the lock the class that `key` stands for; before it is used.
#define lockdep_set_class(lock, key_) \
  ::models::kernel::__lockdep_set_class(&(lock)->dep_map, key_, 0)
#define lockdep_set_class_and_subclass(lock, key_, sub) \
  ::models::kernel::__lockdep_set_class(&(lock)->dep_map, key_, sub)
#define lockdep_set_novalidate_class(lock) \
  lockdep_set_class(lock, &::models::kernel::__lockdep_no_validate__)

// Scheduling point: none. Blocks: never. Fails: never.
void __lockdep_set_class(lockdep_map* map, lock_class_key* key, unsigned int subclass);

// Makes a key in allocated memory known, and forgets it again.
//
// Scheduling point: none; lockdep_unregister_key as synchronize_rcu.
// Blocks:           lockdep_unregister_key, for a grace period.
// Fails:            kMisuse for a key that is registered already, or is not.
void lockdep_register_key(lock_class_key* key,
                          heddle::SourceLocation where = heddle::SourceLocation::Here());
void lockdep_unregister_key(lock_class_key* key,
                            heddle::SourceLocation where = heddle::SourceLocation::Here());

// ---- Assertions

// The running task holds the lock, in any mode.
#define lockdep_assert_held(lock) ::models::kernel::__lockdep_assert_held(&(lock)->dep_map, #lock)
#define lockdep_assert_held_once(lock) lockdep_assert_held(lock)
// Exclusively, or shared.
#define lockdep_assert_held_write(lock) \
  ::models::kernel::__lockdep_assert_held_write(&(lock)->dep_map, #lock)
#define lockdep_assert_held_read(lock) \
  ::models::kernel::__lockdep_assert_held_read(&(lock)->dep_map, #lock)
#define lockdep_assert_not_held(lock) \
  ::models::kernel::__lockdep_assert_not_held(&(lock)->dep_map, #lock)

#define lockdep_is_held(lock) ::models::kernel::__lockdep_is_held(&(lock)->dep_map)

// Scheduling point: none: only the running task can change the answer.
// Blocks:           never.
// Fails:            kAssertion, naming the lock.
void __lockdep_assert_held(lockdep_map* map, const char* spelled,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());
void __lockdep_assert_held_write(lockdep_map* map, const char* spelled,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here());
void __lockdep_assert_held_read(lockdep_map* map, const char* spelled,
                                heddle::SourceLocation where = heddle::SourceLocation::Here());
void __lockdep_assert_not_held(lockdep_map* map, const char* spelled,
                               heddle::SourceLocation where = heddle::SourceLocation::Here());
bool __lockdep_is_held(const lockdep_map* map);

// ---- Annotations: locks that exclude nobody

// lockdep_init_map(&fsd->lockdep_map, "debugfs:file", &fsd->key, 0)
void lockdep_init_map(lockdep_map* map, const char* name, lock_class_key* key,
                      unsigned int subclass,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// The running task holds `map` from now on, or no longer.
//
// Scheduling point: none.
// Blocks:           never.
// Fails:            kMisuse for a map that was never initialised, and for a release of one that
//                   the task does not hold.
void lock_map_acquire(lockdep_map* map,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());
void lock_map_acquire_read(lockdep_map* map,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());
void lock_map_acquire_try(lockdep_map* map,
                          heddle::SourceLocation where = heddle::SourceLocation::Here());
void lock_map_release(lockdep_map* map,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// The same for the map of a mutex: mutex_acquire(&dev->mutex.dep_map, 0, 0, _RET_IP_).
void mutex_acquire(lockdep_map* map, unsigned int subclass, int trylock, unsigned long ip,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());
void mutex_release(lockdep_map* map, unsigned long ip,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());
inline constexpr unsigned long _RET_IP_ = 0;

namespace internal {

// What an acquire of a lock adds to it.
struct acquisition {
  lock_kind kind = lock_kind::kSleeping;
  lock_mode mode = lock_mode::kExclusive;
  u32 subclass = 0;
  bool is_trylock = false;
};

// The running task acquired the lock behind `map`.
void lock_acquired(const lockdep_map& map, heddle::ObjectId object, const acquisition& how,
                   heddle::SourceLocation where);

}  // namespace internal
}  // namespace models::kernel
