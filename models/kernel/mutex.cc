// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/mutex.h"

#include <cerrno>

#include "models/kernel/context.h"
#include "models/kernel/exclusive_lock.h"

namespace models::kernel {

using heddle::SourceLocation;

namespace {

constexpr heddle::ObjectType kMutex{.noun = "mutex", .is_lock = true};

constexpr internal::exclusive_lock_operations operations{
    .lock = {.verb = "lock", .ready = internal::can_lock},
    .try_lock = {.verb = "trylock"},
    .unlock = {.verb = "unlock"},
    .look = {.verb = "is locked", .access = heddle::AccessMode::kRead},
    .try_lock_fails = "trylock fails",
};

internal::exclusive_lock at(mutex* lock, const char* function, SourceLocation where) {
  return {operations, &lock->dep_map, {kMutex, function, where}, lock_kind::kSleeping};
}

int lock_mutex(mutex* lock, unsigned int subclass, bool is_interruptible, const char* function,
               SourceLocation where) {
  might_sleep(where);
  return at(lock, function, where).lock(subclass, is_interruptible) ? 0 : -EINTR;
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
  return at(lock, "mutex_trylock", where).try_lock() ? 1 : 0;
}

void mutex_unlock(mutex* lock, SourceLocation where) {
  at(lock, "mutex_unlock", where).unlock();
}

bool mutex_is_locked(mutex* lock, SourceLocation where) {
  return at(lock, "mutex_is_locked", where).is_locked();
}

void mutex_destroy(mutex* lock, SourceLocation where) {
  internal::destroy_object(&lock->dep_map.handle, {kMutex, "mutex_destroy", where});
}

}  // namespace models::kernel
