// SPDX-License-Identifier: GPL-2.0-only
//
// Jiffies: the kernel's unit of time, one millisecond here, read off the virtual clock.
//
// The clock moves only when a wait ends by its deadline, which is a decision of the schedule.
// Reading it is no scheduling point.

#pragma once

#include "heddle/base/ids.h"

namespace models::kernel {

inline constexpr unsigned long HZ = 1000;

// A timeout that never passes.
inline constexpr unsigned long MAX_SCHEDULE_TIMEOUT = ~0UL >> 1;

// Returns the number of jiffies since the execution began.
unsigned long get_jiffies();

// Returns the point of the virtual clock at which `jiffy` begins.
heddle::VirtualTime time_of_jiffy(unsigned long jiffy);

// Reads like the kernel's variable: `mod_timer(&timer, jiffies + HZ / 10)`.
struct jiffies_counter {
  operator unsigned long() const { return get_jiffies(); }  // NOLINT(google-explicit-constructor)
};
inline constexpr jiffies_counter jiffies;

constexpr unsigned long msecs_to_jiffies(unsigned int msecs) {
  return msecs * HZ / 1000;
}
constexpr unsigned int jiffies_to_msecs(unsigned long j) {
  return static_cast<unsigned int>(j * 1000 / HZ);
}

constexpr bool time_after(unsigned long a, unsigned long b) {
  return static_cast<long>(b - a) < 0;
}
constexpr bool time_before(unsigned long a, unsigned long b) {
  return time_after(b, a);
}
constexpr bool time_after_eq(unsigned long a, unsigned long b) {
  return !time_before(a, b);
}

}  // namespace models::kernel
