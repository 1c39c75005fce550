// SPDX-License-Identifier: MIT
//
// Choices of the environment: each value is explored, without preemptions or faults.

#include "models/kernel/choice.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

TEST_CASE("every value below the bound is chosen once, at no cost") {
  Seen seen;
  const uint64_t executions =
      ExecutionsOf({.preemptions = 0, .faults = 0},
                   [&](heddle::Execution&) { seen.Add(environment_choice(3, "answer")); });
  CHECK(executions == 3);
  CHECK(seen == Seen::Of(0, 1, 2));
}

}  // namespace
}  // namespace models::kernel
