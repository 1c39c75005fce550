// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/lockdep.h"

#include "heddle/core/execution.h"
#include "heddle/detect/lock_order.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/finding.h"
#include "models/kernel/lock_classes.h"
#include "models/kernel/object_name.h"
#include "models/kernel/task_context.h"

namespace models::kernel {

using heddle::Execution;
using heddle::FailureKind;
using heddle::ObjectId;
using heddle::SourceLocation;

lock_class_key __lockdep_no_validate__;

namespace {

constexpr heddle::ObjectType kLockMap{.noun = "lock map"};

const held_lock* held_through(const lockdep_map* map) {
  const ObjectId id = internal::peek_object(&map->handle);
  return id == heddle::kExecutionObject ? nullptr : internal::find_held(id);
}

void fail_assertion(const lockdep_map* map, const char* assertion, const char* spelled,
                    const char* state, SourceLocation where) {
  if (!debug_locks()) return;
  internal::fail(FailureKind::kAssertion, internal::peek_object(&map->handle),
                 {assertion, "(", spelled, "): ", object_name(spelled), state}, where);
}

}  // namespace

void __lockdep_set_class(lockdep_map* map, lock_class_key* key, unsigned int subclass) {
  map->key = key;
  map->subclass = subclass;
}

void lockdep_register_key(lock_class_key* key, SourceLocation where) {
  if (internal::register_class_key(key)) return;
  internal::fail(FailureKind::kMisuse, heddle::kExecutionObject,
                 {"lockdep_register_key of a key that is registered already"}, where);
}

void lockdep_unregister_key(lock_class_key* key, SourceLocation where) {
  if (internal::unregister_class_key(key, where)) return;
  internal::fail(FailureKind::kMisuse, heddle::kExecutionObject,
                 {"lockdep_unregister_key of a key that is not registered"}, where);
}

namespace internal {

static heddle::LockMode order_mode(lock_mode mode) {
  switch (mode) {
    case lock_mode::kExclusive:
      return heddle::LockMode::kExclusive;
    case lock_mode::kShared:
      return heddle::LockMode::kShared;
    case lock_mode::kRecursiveRead:
      break;
  }
  return heddle::LockMode::kRecursiveRead;
}

// What a task holds is recorded without lockdep, too: the kernel world asks for more than order. A
// lock that was given a subclass with its class has it unless the acquire names another one.
void lock_acquired(const lockdep_map& map, heddle::ObjectId object, const acquisition& how,
                   SourceLocation where) {
  const u32 subclass = how.subclass != 0 ? how.subclass : map.subclass;
  push_held({.object = object,
             .key = map.key,
             .subclass = subclass,
             .kind = how.kind,
             .mode = how.mode,
             .is_trylock = how.is_trylock,
             .where = where});
  if (!find_lock_class(map.key, subclass, where) || map.key == &__lockdep_no_validate__) return;
  heddle::LockOrder::Instance().OnAcquire(heddle::Execution::Current(),
                                          {.object = object,
                                           .key = map.key,
                                           .subclass = subclass,
                                           .mode = order_mode(how.mode),
                                           .is_trylock = how.is_trylock,
                                           .where = where});
}

}  // namespace internal

// ---- Assertions

void __lockdep_assert_held(lockdep_map* map, const char* spelled, SourceLocation where) {
  if (held_through(map) != nullptr) return;
  fail_assertion(map, "lockdep_assert_held", spelled, " is not held", where);
}

void __lockdep_assert_held_write(lockdep_map* map, const char* spelled, SourceLocation where) {
  const held_lock* held = held_through(map);
  if (held != nullptr && held->mode == lock_mode::kExclusive) return;
  fail_assertion(map, "lockdep_assert_held_write", spelled,
                 held == nullptr ? " is not held" : " is only shared", where);
}

void __lockdep_assert_held_read(lockdep_map* map, const char* spelled, SourceLocation where) {
  const held_lock* held = held_through(map);
  if (held != nullptr && held->mode != lock_mode::kExclusive) return;
  fail_assertion(map, "lockdep_assert_held_read", spelled,
                 held == nullptr ? " is not held" : " is not shared", where);
}

void __lockdep_assert_not_held(lockdep_map* map, const char* spelled, SourceLocation where) {
  if (held_through(map) == nullptr) return;
  fail_assertion(map, "lockdep_assert_not_held", spelled, " is held", where);
}

bool __lockdep_is_held(const lockdep_map* map) {
  return !debug_locks() || held_through(map) != nullptr;
}

// ---- Annotations

void lockdep_init_map(lockdep_map* map, const char* name, lock_class_key* key,
                      unsigned int subclass, SourceLocation where) {
  internal::init_object(&map->handle, sizeof(*map), name, {kLockMap, "lockdep_init_map", where});
  __lockdep_set_class(map, key, subclass);
}

static void annotate(lockdep_map* map, internal::acquisition how, const char* call,
                     SourceLocation where) {
  how.kind = lock_kind::kAnnotation;
  internal::lock_acquired(*map, internal::use_object(&map->handle, {kLockMap, call, where}), how,
                          where);
}

static void end_annotation(lockdep_map* map, const char* call, SourceLocation where) {
  const ObjectId id = internal::use_object(&map->handle, {kLockMap, call, where});
  if (internal::pop_held(id, lock_kind::kAnnotation)) return;
  internal::fail(FailureKind::kMisuse, id, {call, " by a task that did not acquire it"}, where);
}

void lock_map_acquire(lockdep_map* map, SourceLocation where) {
  annotate(map, {}, "lock_map_acquire", where);
}

void lock_map_acquire_read(lockdep_map* map, SourceLocation where) {
  annotate(map, {.mode = lock_mode::kRecursiveRead}, "lock_map_acquire_read", where);
}

void lock_map_acquire_try(lockdep_map* map, SourceLocation where) {
  annotate(map, {.is_trylock = true}, "lock_map_acquire_try", where);
}

void lock_map_release(lockdep_map* map, SourceLocation where) {
  end_annotation(map, "lock_map_release", where);
}

void mutex_acquire(lockdep_map* map, unsigned int subclass, int trylock, unsigned long /*ip*/,
                   SourceLocation where) {
  annotate(map, {.subclass = subclass, .is_trylock = trylock != 0}, "mutex_acquire", where);
}

void mutex_release(lockdep_map* map, unsigned long /*ip*/, SourceLocation where) {
  end_annotation(map, "mutex_release", where);
}

}  // namespace models::kernel
