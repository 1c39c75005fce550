// SPDX-License-Identifier: GPL-2.0-only
//
// Marked accesses: READ_ONCE, WRITE_ONCE, acquire and release, exchange.
//
// Each is one step on plain memory of the port. Two marked accesses never race; a marked and a
// plain one may. Memory is sequentially consistent; acquire and release say what happens before
// what, for race detection. Barriers do nothing beyond that order: what only a barrier orders
// counts as a race, and becomes a scheduling point.
//
// Scheduling point: before each access. Blocks: never.
// Fails:            kUseAfterFree, kOutOfBounds and the other findings of memory.

#pragma once

#include <type_traits>

#include "heddle/base/source_location.h"
#include "models/kernel/marked_access.h"
#include "models/kernel/object_name.h"
#include "models/kernel/types.h"

namespace models::kernel {

#define READ_ONCE(x) ::models::kernel::internal::read_once(&(x), ::models::kernel::object_name(#x))
#define WRITE_ONCE(x, value) \
  ::models::kernel::internal::write_once(&(x), value, ::models::kernel::object_name(#x))

#define smp_load_acquire(p) \
  ::models::kernel::internal::load_acquire(p, ::models::kernel::object_name(#p))
#define smp_store_release(p, value) \
  ::models::kernel::internal::store_release(p, value, ::models::kernel::object_name(#p))
#define smp_store_mb(x, value) \
  static_cast<void>(           \
      ::models::kernel::internal::exchange(&(x), value, ::models::kernel::object_name(#x)))

// Stores `value` and returns what was there. Fully ordered.
#define xchg(p, value) \
  ::models::kernel::internal::exchange(p, value, ::models::kernel::object_name(#p))

// Stores `desired` if `expected` is there; returns what was there. Fully ordered if it stored.
#define cmpxchg(p, expected, desired)                                \
  ::models::kernel::internal::compare_exchange(p, expected, desired, \
                                               ::models::kernel::object_name(#p))

static inline void barrier() {}
static inline void smp_mb() {}
static inline void smp_rmb() {}
static inline void smp_wmb() {}
static inline void smp_mb__before_atomic() {}
static inline void smp_mb__after_atomic() {}

// ---- Implementation

namespace internal {

// One marked access to `size` bytes of memory. They stand in a file of their own, without
// instrumentation: the access is reported as marked, not as plain.
void marked_load(void* to, const void* from, size_t size, memory_order order, const char* name,
                 heddle::SourceLocation where);
void marked_store(void* to, const void* from, size_t size, memory_order order, const char* name,
                  heddle::SourceLocation where);
// `old` receives what was there.
void marked_exchange(void* at, const void* desired, void* old, size_t size, const char* name,
                     heddle::SourceLocation where);
// Stores if the bytes equal `expected`. `old` receives what was there.
void marked_compare_exchange(void* at, const void* expected, const void* desired, void* old,
                             size_t size, const char* name, heddle::SourceLocation where);

template <class T>
static inline T load(const T* p, memory_order order, const char* name,
                     heddle::SourceLocation where) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 16);
  std::remove_const_t<T> value;
  marked_load(&value, p, sizeof(T), order, name, where);
  return value;
}

template <class T>
static inline T read_once(const T* p, const char* name,
                          heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return load(p, memory_order::relaxed, name, where);
}

template <class T>
static inline T load_acquire(const T* p, const char* name,
                             heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return load(p, memory_order::acquire, name, where);
}

template <class T>
static inline void write_once(T* p, std::type_identity_t<T> value, const char* name,
                              heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  marked_store(p, &value, sizeof(T), memory_order::relaxed, name, where);
}

template <class T>
static inline void store_release(T* p, std::type_identity_t<T> value, const char* name,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  marked_store(p, &value, sizeof(T), memory_order::release, name, where);
}

template <class T>
static inline T exchange(T* p, std::type_identity_t<T> value, const char* name,
                         heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  T old;
  marked_exchange(p, &value, &old, sizeof(T), name, where);
  return old;
}

template <class T>
static inline T compare_exchange(T* p, std::type_identity_t<T> expected,
                                 std::type_identity_t<T> desired, const char* name,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  T old;
  marked_compare_exchange(p, &expected, &desired, &old, sizeof(T), name, where);
  return old;
}

}  // namespace internal
}  // namespace models::kernel
