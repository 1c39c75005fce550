// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/rwlock.h"

#include "models/kernel/context.h"
#include "models/kernel/reader_writer.h"

namespace models::kernel {

using heddle::SourceLocation;

namespace {

constexpr heddle::ObjectType kRwlock{.noun = "rwlock", .is_lock = true, .is_shared = true};

constexpr internal::reader_writer_operations operations{
    .read = {.verb = "read lock"},
    .read_wait = {.verb = "read lock",
                  .ready = internal::can_read,
                  .owners = internal::add_writers},
    .write = {.verb = "write lock"},
    .write_wait = {.verb = "write lock", .ready = internal::can_write},
    .try_read = {.verb = "read trylock"},
    .try_write = {.verb = "write trylock"},
    .release = {.verb = "unlock"},
    .look = {.verb = "is locked", .access = heddle::AccessMode::kRead},
};

internal::reader_writer at(rwlock_t* lock, const char* function, SourceLocation where) {
  return {operations, &lock->dep_map, {kRwlock, function, where}, lock_kind::kSpinning};
}

}  // namespace

void __rwlock_init(rwlock_t* lock, const char* name, lock_class_key* key, SourceLocation where) {
  internal::init_object(&lock->dep_map.handle, sizeof(*lock), name,
                        {kRwlock, "rwlock_init", where});
  __lockdep_set_class(&lock->dep_map, key, 0);
}

void read_lock(rwlock_t* lock, SourceLocation where) {
  at(lock, "read_lock", where).enter({.mode = lock_mode::kShared}, false);
}

void write_lock(rwlock_t* lock, SourceLocation where) {
  at(lock, "write_lock", where).enter({}, false);
}

void read_lock_bh(rwlock_t* lock, SourceLocation where) {
  local_bh_disable(where);
  read_lock(lock, where);
}

void write_lock_bh(rwlock_t* lock, SourceLocation where) {
  local_bh_disable(where);
  write_lock(lock, where);
}

void read_lock_irq(rwlock_t* lock, SourceLocation where) {
  local_irq_disable(where);
  read_lock(lock, where);
}

void write_lock_irq(rwlock_t* lock, SourceLocation where) {
  local_irq_disable(where);
  write_lock(lock, where);
}

int read_trylock(rwlock_t* lock, SourceLocation where) {
  return at(lock, "read_trylock", where).try_enter({.mode = lock_mode::kShared}) ? 1 : 0;
}

int write_trylock(rwlock_t* lock, SourceLocation where) {
  return at(lock, "write_trylock", where).try_enter({}) ? 1 : 0;
}

void read_unlock(rwlock_t* lock, SourceLocation where) {
  at(lock, "read_unlock", where).leave(lock_mode::kShared);
}

void write_unlock(rwlock_t* lock, SourceLocation where) {
  at(lock, "write_unlock", where).leave(lock_mode::kExclusive);
}

void read_unlock_bh(rwlock_t* lock, SourceLocation where) {
  read_unlock(lock, where);
  local_bh_enable(where);
}

void write_unlock_bh(rwlock_t* lock, SourceLocation where) {
  write_unlock(lock, where);
  local_bh_enable(where);
}

void read_unlock_irq(rwlock_t* lock, SourceLocation where) {
  read_unlock(lock, where);
  local_irq_enable(where);
}

void write_unlock_irq(rwlock_t* lock, SourceLocation where) {
  write_unlock(lock, where);
  local_irq_enable(where);
}

}  // namespace models::kernel
