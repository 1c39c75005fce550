// SPDX-License-Identifier: GPL-2.0-only
//
// Scope guards: what is done when control leaves a block, in reverse order of declaration.
//
//   guard(mutex)(&conn->lock);                    Held to the end of the block.
//   scoped_guard(spinlock, &dev->devres_lock) {}  Held in that block; `break` leaves it.
//   void* p __free(kfree) = kmalloc(...);         Freed at the end of the block,
//   return no_free_ptr(p);                        unless it is given away.
//
// A task that is abandoned inside runs no cleanup: whatever it held is gone with its execution. So
// does one that dies, which keeps what it holds.

#pragma once

#include <utility>

#include "heddle/base/source_location.h"
#include "models/kernel/err.h"
#include "models/kernel/mutex.h"
#include "models/kernel/rcu.h"
#include "models/kernel/rwsem.h"
#include "models/kernel/spinlock.h"

// ---- Guards

// A guard called `name` over a `type`. `lock` and `unlock` are expressions over _T, the object, and
// may pass `where`, the place of the guard.
//
//   DEFINE_GUARD(device, device*, device_lock(_T, where), device_unlock(_T, where))
#define DEFINE_GUARD(name, type, lock, unlock)                                      \
  struct class_##name##_t {                                                         \
    type object;                                                                    \
    ::heddle::SourceLocation where;                                                 \
    bool is_done;                                                                   \
  };                                                                                \
  static inline class_##name##_t class_##name##_constructor(                        \
      type _T, ::heddle::SourceLocation where = ::heddle::SourceLocation::Here()) { \
    if (_T != nullptr) {                                                            \
      lock;                                                                         \
    }                                                                               \
    return {_T, where, false};                                                      \
  }                                                                                 \
  static inline void class_##name##_destructor(class_##name##_t* self) {            \
    type _T = self->object;                                                         \
    [[maybe_unused]] const ::heddle::SourceLocation where = self->where;            \
    if (_T != nullptr) {                                                            \
      unlock;                                                                       \
    }                                                                               \
  }                                                                                 \
  static_assert(true)

// A guard called `name` without an object.
#define DEFINE_LOCK_GUARD_0(name, lock, unlock)                            \
  struct class_##name##_t {                                                \
    ::heddle::SourceLocation where;                                        \
    bool is_done;                                                          \
  };                                                                       \
  static inline class_##name##_t class_##name##_constructor(               \
      ::heddle::SourceLocation where = ::heddle::SourceLocation::Here()) { \
    lock;                                                                  \
    return {where, false};                                                 \
  }                                                                        \
  static inline void class_##name##_destructor(class_##name##_t* self) {   \
    [[maybe_unused]] const ::heddle::SourceLocation where = self->where;   \
    unlock;                                                                \
  }                                                                        \
  static_assert(true)

#define HEDDLE_JOIN_EXPANDED(a, b) a##b
#define HEDDLE_JOIN(a, b) HEDDLE_JOIN_EXPANDED(a, b)
#define __UNIQUE_ID(prefix) HEDDLE_JOIN(prefix##_, __COUNTER__)

#define CLASS(name, variable)                                                              \
  class_##name##_t variable [[gnu::cleanup(class_##name##_destructor)]] [[maybe_unused]] = \
      class_##name##_constructor

#define guard(name) CLASS(name, __UNIQUE_ID(guard))

#define HEDDLE_SCOPED_GUARD(name, variable, ...) \
  for (CLASS(name, variable)(__VA_ARGS__); !variable.is_done; variable.is_done = true)
#define scoped_guard(name, ...) \
  HEDDLE_SCOPED_GUARD(name, __UNIQUE_ID(scoped_guard) __VA_OPT__(, ) __VA_ARGS__)

// ---- Variables that free what they point at

// `free_expression` is over _T, the value of the variable at the end of its block.
//
//   DEFINE_FREE(put_device, device*, if (_T != nullptr) put_device(_T))
#define DEFINE_FREE(name, type, free_expression)     \
  static inline void __free_##name(void* variable) { \
    type _T = *static_cast<type*>(variable);         \
    free_expression;                                 \
  }                                                  \
  static_assert(true)

#define __free(name) [[gnu::cleanup(__free_##name)]]

namespace models::kernel {

// Gives the value away: returns it, and the variable frees nothing.
template <class T>
[[nodiscard]] static inline T* no_free_ptr(T*& variable) {
  return std::exchange(variable, nullptr);
}
#define return_ptr(p) return ::models::kernel::no_free_ptr(p)

// The variable frees nothing: somebody else owns the object now.
template <class T>
static inline void retain_and_null_ptr(T*& variable) {
  variable = nullptr;
}

DEFINE_GUARD(mutex, mutex*, mutex_lock(_T, where), mutex_unlock(_T, where));
DEFINE_GUARD(spinlock, spinlock_t*, spin_lock(_T, where), spin_unlock(_T, where));
DEFINE_GUARD(spinlock_bh, spinlock_t*, spin_lock_bh(_T, where), spin_unlock_bh(_T, where));
DEFINE_GUARD(spinlock_irq, spinlock_t*, spin_lock_irq(_T, where), spin_unlock_irq(_T, where));
DEFINE_GUARD(spinlock_irqsave, spinlock_t*, spin_lock_irq(_T, where), spin_unlock_irq(_T, where));
DEFINE_GUARD(rwsem_read, rw_semaphore*, down_read(_T, where), up_read(_T, where));
DEFINE_GUARD(rwsem_write, rw_semaphore*, down_write(_T, where), up_write(_T, where));
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(where), rcu_read_unlock(where));

}  // namespace models::kernel
