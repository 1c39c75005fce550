// SPDX-License-Identifier: MIT
//
// Atomic<T>: an atomic variable, sequentially consistent whatever order is asked for; the order
// only says which accesses create happens-before.
//
// Has the interface of std::atomic, so a class that is a template over its atomics compiles
// unchanged. For all operations but waits:
//
//   Scheduling point: before the access.
//   Blocks:           never.
//   Fails:            never; compare_exchange_weak does not store, as a fault, where it could.
//   REQUIRES:         called from a task.
//
// INVARIANT: every access is one step.

#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "heddle/base/source_location.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/atomic_access.h"
#include "heddle/sync/atomic_object.h"

namespace heddle {

namespace internal {

// The order of a compare-exchange that does not store, where only one order was given.
constexpr std::memory_order FailureOrder(std::memory_order order) {
  if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
  if (order == std::memory_order_release) return std::memory_order_relaxed;
  return order;
}

template <class T>
concept Number = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

template <class T>
concept BitSet = std::integral<T> && !std::same_as<T, bool>;

// What can be added to an atomic T.
template <class T>
struct Difference {
  using Type = T;
};
template <class T>
struct Difference<T*> {
  using Type = std::ptrdiff_t;
};

}  // namespace internal

template <class T>
class Atomic {
  static_assert(std::is_trivially_copyable_v<T>);
  static constexpr bool kCanAdd = internal::Number<T> || std::is_pointer_v<T>;
  static constexpr bool kCanStep = internal::BitSet<T> || std::is_pointer_v<T>;
  static constexpr auto kSeqCst = std::memory_order_seq_cst;
  using Order = std::memory_order;
  using Delta = typename internal::Difference<T>::Type;

 public:
  using value_type = T;
  using difference_type = Delta;
  static constexpr bool is_always_lock_free = true;
  static constexpr bool is_lock_free() { return true; }

  // `name` is what reports call the variable; it must outlive the execution.
  constexpr Atomic(T value = T(), const char* name = "atomic")  // NOLINT: implicit as std::atomic's
      : value_(value), object_(name) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T load(Order order = kSeqCst, SourceLocation where = SourceLocation::Here()) const {
    object_.Access(AtomicEffect::kLoad, order, where);
    return Get();
  }

  void store(T value, Order order = kSeqCst, SourceLocation where = SourceLocation::Here()) {
    object_.Access(AtomicEffect::kStore, order, where);
    Set(value);
  }

  // Stores `value` and returns what was there.
  T exchange(T value, Order order = kSeqCst, SourceLocation where = SourceLocation::Here()) {
    return Change(order, where, [&](T) { return value; });
  }

  // Stores `desired` if the value equals `expected`, else copies the value there. Returns whether
  // it stored. The weak form may fail without a reason, as a fault: not twice in a row, another
  // task takes a step first.
  bool compare_exchange_strong(T& expected, T desired, Order success, Order failure,
                               SourceLocation where = SourceLocation::Here()) {
    return CompareExchange(expected, desired, {false, success, failure}, where);
  }
  bool compare_exchange_strong(T& expected, T desired, Order order = kSeqCst,
                               SourceLocation where = SourceLocation::Here()) {
    return CompareExchange(expected, desired, {false, order, internal::FailureOrder(order)}, where);
  }
  bool compare_exchange_weak(T& expected, T desired, Order success, Order failure,
                             SourceLocation where = SourceLocation::Here()) {
    return CompareExchange(expected, desired, {true, success, failure}, where);
  }
  bool compare_exchange_weak(T& expected, T desired, Order order = kSeqCst,
                             SourceLocation where = SourceLocation::Here()) {
    return CompareExchange(expected, desired, {true, order, internal::FailureOrder(order)}, where);
  }

  // Each returns what was there.
  T fetch_add(Delta delta, Order order = kSeqCst,
              SourceLocation where = SourceLocation::Here()) requires kCanAdd {
    return Change(order, where, [&](T old) { return static_cast<T>(old + delta); });
  }
  T fetch_sub(Delta delta, Order order = kSeqCst,
              SourceLocation where = SourceLocation::Here()) requires kCanAdd {
    return Change(order, where, [&](T old) { return static_cast<T>(old - delta); });
  }
  T fetch_and(T bits, Order order = kSeqCst,
              SourceLocation where = SourceLocation::Here()) requires internal::BitSet<T> {
    return Change(order, where, [&](T old) { return static_cast<T>(old & bits); });
  }
  T fetch_or(T bits, Order order = kSeqCst,
             SourceLocation where = SourceLocation::Here()) requires internal::BitSet<T> {
    return Change(order, where, [&](T old) { return static_cast<T>(old | bits); });
  }
  T fetch_xor(T bits, Order order = kSeqCst,
              SourceLocation where = SourceLocation::Here()) requires internal::BitSet<T> {
    return Change(order, where, [&](T old) { return static_cast<T>(old ^ bits); });
  }

  // Waits until the value is another than `old`. Whoever changes it notifies afterwards.
  //
  // Scheduling point: before the first look, and before each further one.
  // Blocks:           until notified with the value changed.
  // Fails:            kHang if no task is left that could notify.
  // REQUIRES:         called from a task.
  void wait(T old, Order order = kSeqCst, SourceLocation where = SourceLocation::Here()) const {
    object_.Access(AtomicEffect::kLoad, order, where);
    while (AreEqual(Get(), old)) object_.AwaitAndLoad(order, where);
  }

  // Has one waiter, which of them is a free choice, or all look at the value again.
  void notify_one(SourceLocation where = SourceLocation::Here()) { object_.NotifyOne(where); }
  void notify_all(SourceLocation where = SourceLocation::Here()) { object_.NotifyAll(where); }

  // The same in operators. Their place is told by the return address, so none is inlined.
  [[gnu::noinline]] operator T() const {  // NOLINT: implicit as std::atomic's
    return load(kSeqCst, HEDDLE_CALLER_LOCATION);
  }
  [[gnu::noinline]] T operator=(T value) {  // NOLINT: returns the value as std::atomic's does
    store(value, kSeqCst, HEDDLE_CALLER_LOCATION);
    return value;
  }
  [[gnu::noinline]] T operator+=(Delta delta) {
    return static_cast<T>(fetch_add(delta, kSeqCst, HEDDLE_CALLER_LOCATION) + delta);
  }
  [[gnu::noinline]] T operator-=(Delta delta) {
    return static_cast<T>(fetch_sub(delta, kSeqCst, HEDDLE_CALLER_LOCATION) - delta);
  }
  [[gnu::noinline]] T operator&=(T bits) {
    return static_cast<T>(fetch_and(bits, kSeqCst, HEDDLE_CALLER_LOCATION) & bits);
  }
  [[gnu::noinline]] T operator|=(T bits) {
    return static_cast<T>(fetch_or(bits, kSeqCst, HEDDLE_CALLER_LOCATION) | bits);
  }
  [[gnu::noinline]] T operator^=(T bits) {
    return static_cast<T>(fetch_xor(bits, kSeqCst, HEDDLE_CALLER_LOCATION) ^ bits);
  }
  [[gnu::noinline]] T operator++() {
    return static_cast<T>(fetch_add(1, kSeqCst, HEDDLE_CALLER_LOCATION) + 1);
  }
  [[gnu::noinline]] T operator--() {
    return static_cast<T>(fetch_sub(1, kSeqCst, HEDDLE_CALLER_LOCATION) - 1);
  }
  [[gnu::noinline]] T operator++(int) { return fetch_add(1, kSeqCst, HEDDLE_CALLER_LOCATION); }
  [[gnu::noinline]] T operator--(int) { return fetch_sub(1, kSeqCst, HEDDLE_CALLER_LOCATION); }

 private:
  struct Exchange {
    bool is_weak = false;
    Order success = kSeqCst;
    Order failure = kSeqCst;
  };

  // The accesses themselves. The hooks of an instrumented file would take them for plain ones.
  HEDDLE_UNINSTRUMENTED T Get() const { return value_; }
  HEDDLE_UNINSTRUMENTED void Set(T value) { value_ = value; }

  // Bit by bit, as std::atomic does, but where padding would be compared.
  HEDDLE_UNINSTRUMENTED static bool AreEqual(const T& a, const T& b) {
    if constexpr (std::has_unique_object_representations_v<T> || std::same_as<T, float> ||
                  std::same_as<T, double>) {
      return std::memcmp(&a, &b, sizeof(T)) == 0;
    } else {
      return a == b;
    }
  }

  template <class Function>
  T Change(Order order, SourceLocation where, Function change) {
    object_.Access(AtomicEffect::kExchange, order, where);
    const T old = Get();
    Set(change(old));
    return old;
  }

  bool CompareExchange(T& expected, T desired, Exchange exchange, SourceLocation where) {
    object_.StandAtExchange(where);
    const T old = Get();
    const bool is_equal = AreEqual(old, expected);
    const bool stores = is_equal && !(exchange.is_weak && object_.FailsSpuriously(where));
    object_.Exchanged(stores ? AtomicEffect::kExchange : AtomicEffect::kLoad,
                      stores ? exchange.success : exchange.failure);
    if (stores) Set(desired);
    if (!is_equal) expected = old;
    return stores;
  }

  T value_;
  internal::AtomicObject object_;
};

// As std::atomic_thread_fence: orders what only relaxed operations connect.
//
// Scheduling point: none. Blocks: never. Fails: never. REQUIRES: called from a task.
inline void AtomicThreadFence(std::memory_order order) {
  PassFence(order);
}

}  // namespace heddle
