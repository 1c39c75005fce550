// SPDX-License-Identifier: MIT
//
// VirtualClock: the time of an execution. It stands still while tasks run and moves on only as a
// decision: to the earliest deadline when no task can go on otherwise, or earlier, as a fault.
//
// Satisfies the standard's Clock, so code that is a template over its clock compiles unchanged:
//
//   mutex.try_lock_until(heddle::VirtualClock::now() + 5ms);
//
// INVARIANT: within one execution the clock never goes back; each execution begins at zero.

#pragma once

#include <chrono>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"

namespace heddle {

struct VirtualClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;

  // Returns the present.
  //
  // Scheduling point: none.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  static time_point now();
};

namespace internal {

// Returns when a wait of `duration` that begins now ends; kNever past the end of the clock.
VirtualTime DeadlineAfter(std::chrono::nanoseconds duration);

// Rounds up: a wait never ends too early.
template <class Rep, class Period>
VirtualTime DeadlineIn(const std::chrono::duration<Rep, Period>& duration) {
  using Longest = std::chrono::duration<double>;
  if (Longest(duration) >= Longest(std::chrono::nanoseconds::max())) return kNever;
  return DeadlineAfter(std::chrono::ceil<std::chrono::nanoseconds>(duration));
}

template <class Clock, class Duration>
VirtualTime DeadlineAt(const std::chrono::time_point<Clock, Duration>& time) {
  static_assert(std::is_same_v<Clock, VirtualClock>,
                "heddle waits until points of heddle::VirtualClock; any other clock would make "
                "the program depend on real time");
  return DeadlineIn(time - VirtualClock::now());
}

void SleepUntil(VirtualTime deadline, SourceLocation where);

}  // namespace internal

// Waits until `duration` has passed.
//
// Scheduling point: before the sleep.
// Blocks:           until the clock has reached the deadline; as a fault, time passes early.
// Fails:            never.
// REQUIRES:         called from a task.
template <class Rep, class Period>
void SleepFor(const std::chrono::duration<Rep, Period>& duration,
              SourceLocation where = SourceLocation::Here()) {
  internal::SleepUntil(internal::DeadlineIn(duration), where);
}

// As SleepFor, until a point of time. A point in the past is a scheduling point and nothing more.
template <class Duration>
void SleepUntil(const std::chrono::time_point<VirtualClock, Duration>& time,
                SourceLocation where = SourceLocation::Here()) {
  internal::SleepUntil(internal::DeadlineAt(time), where);
}

}  // namespace heddle
