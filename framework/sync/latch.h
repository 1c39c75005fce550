// SPDX-License-Identifier: MIT
//
// Latch: tasks wait until a number of arrivals have been counted. It opens once and stays open.
//
// Has the interface of std::latch, too.
//
//   heddle::Latch ready{2, "ready"};
//   ... ready.CountDown();     // In each of two tasks.
//   ready.Wait();              // What they did before happens before this returns.
//
// INVARIANT: the number of arrivals still expected only falls, and not below 0. Each execution
// begins with the initial number.

#pragma once

#include <cstddef>
#include <cstdint>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"

namespace heddle {

class Latch {
 public:
  // `name` is what reports call the latch; it must outlive the execution.
  // Fails: kMisuse on the first use if `expected` is negative.
  constexpr explicit Latch(std::ptrdiff_t expected, const char* name = "latch")
      : expected_(expected), name_(name) {}
  Latch(const Latch&) = delete;
  Latch& operator=(const Latch&) = delete;

  // Tasks for which the latch has opened need not have returned from their waits.
  // Fails: kMisuse if a task waits for arrivals.
  ~Latch();

  // Counts `arrivals`.
  //
  // Scheduling point: before the arrival.
  // Blocks:           never.
  // Fails:            kMisuse if `arrivals` is negative or more than are expected.
  // REQUIRES:         called from a task.
  void CountDown(std::ptrdiff_t arrivals = 1, SourceLocation where = SourceLocation::Here());

  // Waits until no more arrivals are expected.
  //
  // Scheduling point: before the task goes on.
  // Blocks:           until the last arrival. Any task may arrive.
  // Fails:            kHang if no task is left that could.
  // REQUIRES:         called from a task.
  void Wait(SourceLocation where = SourceLocation::Here());

  // Returns whether the latch is open. Never says no without a reason.
  //
  // Scheduling point: before the look.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryWait(SourceLocation where = SourceLocation::Here());

  // CountDown and then Wait.
  //
  // Scheduling point: before the arrival, and before the task goes on unless it was the last.
  // Blocks:           until the last arrival. Any task may arrive.
  // Fails:            as CountDown and Wait.
  // REQUIRES:         called from a task.
  void ArriveAndWait(std::ptrdiff_t arrivals = 1, SourceLocation where = SourceLocation::Here());

  // The standard's spelling.
  static constexpr std::ptrdiff_t max() noexcept { return PTRDIFF_MAX; }
  void count_down(std::ptrdiff_t arrivals = 1, SourceLocation where = SourceLocation::Here()) {
    CountDown(arrivals, where);
  }
  void wait(SourceLocation where = SourceLocation::Here()) { Wait(where); }
  bool try_wait(SourceLocation where = SourceLocation::Here()) { return TryWait(where); }
  void arrive_and_wait(std::ptrdiff_t arrivals = 1, SourceLocation where = SourceLocation::Here()) {
    ArriveAndWait(arrivals, where);
  }

 private:
  ObjectId Resolve(SourceLocation where);

  const std::ptrdiff_t expected_;
  const char* name_;
  ObjectRef ref_;
};

}  // namespace heddle
