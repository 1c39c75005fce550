// SPDX-License-Identifier: MIT

#include "heddle/sync/clock.h"

#include <algorithm>
#include <cstdint>

#include "heddle/core/execution.h"

namespace heddle {

VirtualClock::time_point VirtualClock::now() {
  const uint64_t now = Execution::Current().now().value;
  const auto latest = static_cast<uint64_t>(duration::max().count());
  return time_point(duration(static_cast<rep>(std::min(now, latest))));
}

namespace internal {

VirtualTime DeadlineAfter(std::chrono::nanoseconds duration) {
  const auto count = std::max<std::chrono::nanoseconds::rep>(duration.count(), 0);
  return After(Execution::Current().now(), static_cast<uint64_t>(count));
}

void SleepUntil(VirtualTime deadline, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (deadline <= execution.now()) {
    execution.Yield(where);
  } else {
    execution.Sleep(deadline.value - execution.now().value, where);
  }
}

}  // namespace internal
}  // namespace heddle
