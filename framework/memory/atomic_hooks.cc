// SPDX-License-Identifier: MIT
//
// The compiler's hooks for atomic operations, which they perform themselves. See access_hooks.h.
//
// While a task's own code runs, nothing else does, and the operations are plain ones. At other
// times they are real atomic operations, except for those of 16 bytes, which would need a library:
// there is one OS thread.

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "heddle/memory/access_hooks.h"
#include "heddle/memory/atomic_access.h"
#include "heddle/memory/task_memory.h"

namespace heddle::internal {
namespace {

using Wide = unsigned __int128;

// The upper bits carry hints for lock elision.
std::memory_order OrderOf(int order) {
  return static_cast<std::memory_order>(order & 0x7fff);
}

bool IsWatched() {
  return IsTaskCode() && TaskMemory::Instance().is_active();
}

// Tells the framework of an operation on `*at`, from before it until after it.
template <class T, class Function>
[[gnu::always_inline]] inline T Perform(volatile T* at, AtomicEffect effect, int order, void* pc,
                                        Function operation) {
  if (!IsWatched()) return operation();
  MemoryScope scope;
  const AtomicAccess access(reinterpret_cast<uintptr_t>(at), sizeof(T), effect,
                            {.pc = reinterpret_cast<uintptr_t>(pc)});
  const T result = operation();
  access.Performed(effect, OrderOf(order));
  scope.BeginStep();
  return result;
}

template <class T>
T Read(volatile T* at) {
  if constexpr (sizeof(T) > 8)
    return *at;
  else
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);
}

template <class T>
void Write(volatile T* at, T value) {
  if constexpr (sizeof(T) > 8)
    *at = value;
  else
    __atomic_store_n(at, value, __ATOMIC_SEQ_CST);
}

// Replaces what is at `at` by `change` of it and returns what was there.
template <class T, class Function>
[[gnu::always_inline]] inline T Change(volatile T* at, Function change) {
  T old = Read(at);
  if constexpr (sizeof(T) > 8) {
    *at = change(old);
  } else {
    while (!__atomic_compare_exchange_n(at, &old, static_cast<T>(change(old)), false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
    }
  }
  return old;
}

template <class T, class Function>
[[gnu::always_inline]] inline T Exchange(volatile T* at, int order, void* pc, Function change) {
  return Perform(at, AtomicEffect::kExchange, order, pc, [&] { return Change(at, change); });
}

// Returns what was there; the exchange took place if that equals `expected`.
template <class T>
[[gnu::always_inline]] inline T CompareExchange(volatile T* at, T expected, T desired, int order,
                                                int failure_order, void* pc) {
  const auto operation = [&] {
    return Change(at, [&](T old) { return old == expected ? desired : old; });
  };
  if (!IsWatched()) return operation();
  MemoryScope scope;
  const AtomicAccess access(reinterpret_cast<uintptr_t>(at), sizeof(T), AtomicEffect::kExchange,
                            {.pc = reinterpret_cast<uintptr_t>(pc)});
  const T old = operation();
  if (old == expected) {
    access.Performed(AtomicEffect::kExchange, OrderOf(order));
  } else {
    access.Performed(AtomicEffect::kLoad, OrderOf(failure_order));
  }
  scope.BeginStep();
  return old;
}

}  // namespace
}  // namespace heddle::internal

// ---- Entry points

using heddle::AtomicEffect;
using heddle::internal::CompareExchange;
using heddle::internal::Exchange;
using heddle::internal::Perform;
using heddle::internal::Wide;

#define HEDDLE_PC __builtin_return_address(0)

#define HEDDLE_DEFINE_FETCH(bits, T, name, expression)                           \
  T __tsan_atomic##bits##_##name(volatile T* at, T value, int order) {           \
    return Exchange(at, order, HEDDLE_PC, [=](T old) { return T(expression); }); \
  }

#define HEDDLE_DEFINE_COMPARE_EXCHANGE(bits, T, name)                                  \
  int __tsan_atomic##bits##_##name(volatile T* at, T* expected, T desired, int order,  \
                                   int failure_order) {                                \
    const T wanted = *expected;                                                        \
    *expected = CompareExchange(at, wanted, desired, order, failure_order, HEDDLE_PC); \
    return *expected == wanted ? 1 : 0;                                                \
  }

#define HEDDLE_DEFINE_ATOMICS(bits, T)                                                           \
  T __tsan_atomic##bits##_load(const volatile T* source, int order) {                            \
    auto* const at = const_cast<volatile T*>(source);                                            \
    return Perform(at, AtomicEffect::kLoad, order, HEDDLE_PC,                                    \
                   [=] { return heddle::internal::Read(at); });                                  \
  }                                                                                              \
  void __tsan_atomic##bits##_store(volatile T* at, T value, int order) {                         \
    Perform(at, AtomicEffect::kStore, order, HEDDLE_PC, [=] {                                    \
      heddle::internal::Write(at, value);                                                        \
      return value;                                                                              \
    });                                                                                          \
  }                                                                                              \
  HEDDLE_DEFINE_FETCH(bits, T, exchange, (static_cast<void>(old), value))                        \
  HEDDLE_DEFINE_FETCH(bits, T, fetch_add, old + value)                                           \
  HEDDLE_DEFINE_FETCH(bits, T, fetch_sub, old - value)                                           \
  HEDDLE_DEFINE_FETCH(bits, T, fetch_and, old& value)                                            \
  HEDDLE_DEFINE_FETCH(bits, T, fetch_or, old | value)                                            \
  HEDDLE_DEFINE_FETCH(bits, T, fetch_xor, old ^ value)                                           \
  HEDDLE_DEFINE_FETCH(bits, T, fetch_nand, ~(old & value))                                       \
  HEDDLE_DEFINE_COMPARE_EXCHANGE(bits, T, compare_exchange_strong)                               \
  HEDDLE_DEFINE_COMPARE_EXCHANGE(bits, T, compare_exchange_weak)                                 \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T* at, T expected, T desired, int order, \
                                               int failure_order) {                              \
    return CompareExchange(at, expected, desired, order, failure_order, HEDDLE_PC);              \
  }

extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-declarations"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#endif

HEDDLE_DEFINE_ATOMICS(8, uint8_t)
HEDDLE_DEFINE_ATOMICS(16, uint16_t)
HEDDLE_DEFINE_ATOMICS(32, uint32_t)
HEDDLE_DEFINE_ATOMICS(64, uint64_t)
HEDDLE_DEFINE_ATOMICS(128, Wide)

void __tsan_atomic_thread_fence(int order) {
  if (!heddle::internal::IsWatched()) return;
  const heddle::internal::MemoryScope scope;
  heddle::PassFence(heddle::internal::OrderOf(order));
}

// Orders a task against itself only.
void __tsan_atomic_signal_fence(int /*order*/) {}

#pragma GCC diagnostic pop
}  // extern "C"
