// SPDX-License-Identifier: MIT
//
// Distinct integer types for the things an execution counts, so that none is taken for another.

#pragma once

#include <compare>
#include <cstdint>

namespace heddle {

namespace internal {

template <class Tag, class Rep>
struct Id {
  Rep value = 0;

  constexpr Id() = default;
  constexpr explicit Id(Rep v) : value(v) {}
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace internal

// A task of one execution; 0 is the task that runs the body.
using TaskId = internal::Id<struct TaskIdTag, uint16_t>;

// A synchronisation object of one execution, in order of first use; 0 is the execution itself.
using ObjectId = internal::Id<struct ObjectIdTag, uint32_t>;

// A point on the virtual clock, in nanoseconds since the execution began.
using VirtualTime = internal::Id<struct VirtualTimeTag, uint64_t>;

inline constexpr TaskId kNoTask{0xffff};
inline constexpr TaskId kBodyTask{0};
inline constexpr VirtualTime kNever{~uint64_t{0}};

// Returns the time `nanoseconds` after `time`; kNever past the end of the clock.
constexpr VirtualTime After(VirtualTime time, uint64_t nanoseconds) {
  return nanoseconds < kNever.value - time.value ? VirtualTime{time.value + nanoseconds} : kNever;
}

}  // namespace heddle
