// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/rwsem.h"

#include <cerrno>

#include "models/kernel/context.h"
#include "models/kernel/reader_writer.h"

namespace models::kernel {

using heddle::SourceLocation;

namespace {

constexpr heddle::ObjectType kRwsem{.noun = "rw_semaphore", .is_lock = true, .is_shared = true};

constexpr internal::reader_writer_operations operations{
    .read = {.verb = "down read"},
    .read_wait = {.verb = "down read",
                  .ready = internal::can_read,
                  .owners = internal::add_writers},
    .write = {.verb = "down write"},
    .write_wait = {.verb = "down write", .ready = internal::can_write},
    .try_read = {.verb = "down read trylock"},
    .try_write = {.verb = "down write trylock"},
    .release = {.verb = "up"},
    .look = {.verb = "is locked", .access = heddle::AccessMode::kRead},
};

internal::reader_writer at(rw_semaphore* sem, const char* function, SourceLocation where) {
  return {operations, &sem->dep_map, {kRwsem, function, where}, lock_kind::kSleeping};
}

bool down(const internal::reader_writer& sem, const internal::acquisition& how,
          bool is_interruptible) {
  might_sleep(sem.call.where);
  return sem.enter(how, is_interruptible);
}

}  // namespace

void __init_rwsem(rw_semaphore* sem, const char* name, lock_class_key* key, SourceLocation where) {
  internal::init_object(&sem->dep_map.handle, sizeof(*sem), name, {kRwsem, "init_rwsem", where});
  __lockdep_set_class(&sem->dep_map, key, 0);
}

void down_read(rw_semaphore* sem, SourceLocation where) {
  down(at(sem, "down_read", where), {.mode = lock_mode::kShared}, false);
}

void down_read_nested(rw_semaphore* sem, unsigned int subclass, SourceLocation where) {
  down(at(sem, "down_read_nested", where), {.mode = lock_mode::kShared, .subclass = subclass},
       false);
}

void down_write(rw_semaphore* sem, SourceLocation where) {
  down(at(sem, "down_write", where), {}, false);
}

void down_write_nested(rw_semaphore* sem, unsigned int subclass, SourceLocation where) {
  down(at(sem, "down_write_nested", where), {.subclass = subclass}, false);
}

int down_read_interruptible(rw_semaphore* sem, SourceLocation where) {
  const bool is_inside =
      down(at(sem, "down_read_interruptible", where), {.mode = lock_mode::kShared}, true);
  return is_inside ? 0 : -EINTR;
}

int down_read_killable(rw_semaphore* sem, SourceLocation where) {
  const bool is_inside =
      down(at(sem, "down_read_killable", where), {.mode = lock_mode::kShared}, true);
  return is_inside ? 0 : -EINTR;
}

int down_write_killable(rw_semaphore* sem, SourceLocation where) {
  return down(at(sem, "down_write_killable", where), {}, true) ? 0 : -EINTR;
}

int down_read_trylock(rw_semaphore* sem, SourceLocation where) {
  return at(sem, "down_read_trylock", where).try_enter({.mode = lock_mode::kShared}) ? 1 : 0;
}

int down_write_trylock(rw_semaphore* sem, SourceLocation where) {
  return at(sem, "down_write_trylock", where).try_enter({}) ? 1 : 0;
}

void up_read(rw_semaphore* sem, SourceLocation where) {
  at(sem, "up_read", where).leave(lock_mode::kShared);
}

void up_write(rw_semaphore* sem, SourceLocation where) {
  at(sem, "up_write", where).leave(lock_mode::kExclusive);
}

void downgrade_write(rw_semaphore* sem, SourceLocation where) {
  at(sem, "downgrade_write", where).downgrade();
}

int rwsem_is_locked(rw_semaphore* sem, SourceLocation where) {
  return at(sem, "rwsem_is_locked", where).is_locked() ? 1 : 0;
}

}  // namespace models::kernel
