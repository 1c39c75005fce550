// SPDX-License-Identifier: MIT
//
// Semaphore: a number of units that tasks take and give. Nobody owns a unit: any task may release.
//
// CountingSemaphore<max> and BinarySemaphore have the names and the interface of the standard's.
//
// INVARIANT: the number of free units is between 0 and the greatest allowed. Each execution begins
// with the initial number.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/sync/clock.h"

namespace heddle {

class Semaphore {
 public:
  static constexpr int64_t kUnitsMax = INT64_MAX;

  // `name` is what reports call the semaphore; it must outlive the execution.
  // Fails: kMisuse on the first use if `units` is not between 0 and `units_max`.
  constexpr explicit Semaphore(int64_t units, const char* name = "semaphore",
                               int64_t units_max = kUnitsMax)
      : units_(units), units_max_(units_max), name_(name) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  // Fails: kMisuse if a task waits for a unit.
  ~Semaphore();

  // Takes one unit once there is one.
  //
  // Scheduling point: before the unit is taken.
  // Blocks:           until a unit is free. Any task may release one.
  // Fails:            never.
  // REQUIRES:         called from a task.
  void Acquire(SourceLocation where = SourceLocation::Here());

  // As Acquire, but gives up if a signal comes, as a fault. Returns whether a unit was taken.
  bool AcquireInterruptible(SourceLocation where = SourceLocation::Here());

  // As Acquire, but gives up when the clock reaches `deadline`. Returns whether a unit was taken.
  bool AcquireUntil(VirtualTime deadline, SourceLocation where = SourceLocation::Here());

  // Takes one unit if one is free; returns whether it did. Never fails without a reason.
  //
  // Scheduling point: before the attempt.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryAcquire(SourceLocation where = SourceLocation::Here());

  // Adds `units`.
  //
  // Scheduling point: before the release.
  // Blocks:           never.
  // Fails:            kMisuse if `units` is negative or there would be too many.
  // REQUIRES:         called from a task.
  void Release(int64_t units = 1, SourceLocation where = SourceLocation::Here());

  // The standard's spelling.
  void acquire(SourceLocation where = SourceLocation::Here()) { Acquire(where); }
  bool try_acquire(SourceLocation where = SourceLocation::Here()) { return TryAcquire(where); }
  void release(std::ptrdiff_t units = 1, SourceLocation where = SourceLocation::Here()) {
    Release(units, where);
  }
  template <class Rep, class Period>
  bool try_acquire_for(const std::chrono::duration<Rep, Period>& duration,
                       SourceLocation where = SourceLocation::Here()) {
    return AcquireUntil(internal::DeadlineIn(duration), where);
  }
  template <class Clock, class Duration>
  bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& time,
                         SourceLocation where = SourceLocation::Here()) {
    return AcquireUntil(internal::DeadlineAt(time), where);
  }

 private:
  ObjectId Resolve(SourceLocation where);

  const int64_t units_;
  const int64_t units_max_;
  const char* name_;
  ObjectRef ref_;
};

// Like std::counting_semaphore.
template <std::ptrdiff_t kMost = PTRDIFF_MAX>
class CountingSemaphore : public Semaphore {
  static_assert(kMost >= 0);

 public:
  constexpr explicit CountingSemaphore(std::ptrdiff_t units, const char* name = "semaphore")
      : Semaphore(units, name, kMost) {}
  static constexpr std::ptrdiff_t max() noexcept { return kMost; }
};

using BinarySemaphore = CountingSemaphore<1>;

}  // namespace heddle
