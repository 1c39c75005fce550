// SPDX-License-Identifier: MIT
//
// Atomic<T>: an atomic variable, sequentially consistent whatever order is asked for; the order
// only says which accesses create happens-before.
//
// Mirrors std::atomic's interface for trivially copyable T, so a class that is a template over its
// atomics compiles unchanged.
//
// INVARIANT: every access is one step.

#pragma once

#include <atomic>
#include <type_traits>

#include "heddle/base/source_location.h"
#include "heddle/core/object.h"

namespace heddle {

namespace internal {

// How an atomic access is ordered.
enum class AtomicAccess { kLoad, kStore, kExchange };

// Stands at the access, then does its happens-before; the caller does the access itself upon
// return.
void AtomicPoint(ObjectRef* ref, const char* name, AtomicAccess access, std::memory_order order,
                 SourceLocation where);

}  // namespace internal

template <class T>
class Atomic {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // `name` is what reports call the variable; it must outlive the execution.
  explicit Atomic(T value = T(), const char* name = "atomic") : value_(value), name_(name) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  // Scheduling point: before the access. Blocks: never. Fails: never. REQUIRES: called from a task.
  T load(std::memory_order order = std::memory_order_seq_cst,
         SourceLocation where = SourceLocation::Here()) const {
    internal::AtomicPoint(&ref_, name_, internal::AtomicAccess::kLoad, order, where);
    return value_;
  }

  // Scheduling point: before the access. Blocks: never. Fails: never. REQUIRES: called from a task.
  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             SourceLocation where = SourceLocation::Here()) {
    internal::AtomicPoint(&ref_, name_, internal::AtomicAccess::kStore, order, where);
    value_ = value;
  }

  // Stores `value` and returns what was there.
  // Scheduling point: before the access. Blocks: never. Fails: never. REQUIRES: called from a task.
  T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
             SourceLocation where = SourceLocation::Here()) {
    internal::AtomicPoint(&ref_, name_, internal::AtomicAccess::kExchange, order, where);
    const T old = value_;
    value_ = value;
    return old;
  }

  // Stores `desired` if the value equals `expected`, else copies the value there. Returns whether
  // it stored. Scheduling point: before the access. Blocks: never. Fails: never. REQUIRES: called
  // from a task.
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst,
                               SourceLocation where = SourceLocation::Here()) {
    internal::AtomicPoint(&ref_, name_, internal::AtomicAccess::kExchange, order, where);
    if (value_ != expected) {
      expected = value_;
      return false;
    }
    value_ = desired;
    return true;
  }

  // Scheduling point: before the access. Blocks: never. Fails: never. REQUIRES: called from a task.
  T fetch_add(T delta, std::memory_order order = std::memory_order_seq_cst,
              SourceLocation where = SourceLocation::Here()) {
    internal::AtomicPoint(&ref_, name_, internal::AtomicAccess::kExchange, order, where);
    const T old = value_;
    value_ = static_cast<T>(value_ + delta);
    return old;
  }

 private:
  T value_;
  const char* name_;
  mutable ObjectRef ref_;
};

}  // namespace heddle
