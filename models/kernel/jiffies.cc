// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/jiffies.h"

#include "heddle/core/execution.h"

namespace models::kernel {

static constexpr unsigned long kNanosecondsPerJiffy = 1'000'000'000 / HZ;

unsigned long get_jiffies() {
  return heddle::Execution::Current().now().value / kNanosecondsPerJiffy;
}

heddle::VirtualTime time_of_jiffy(unsigned long jiffy) {
  return heddle::VirtualTime{jiffy * kNanosecondsPerJiffy};
}

}  // namespace models::kernel
