// SPDX-License-Identifier: MIT
//
// Shrink: makes a failing schedule smaller by running it again with deviations left out.
//
// After Zeller and Hildebrandt's delta debugging (2002): larger parts first, single deviations
// last. A smaller schedule counts only if it fails in the same way (Failure::Identity). The result
// is 1-minimal: without any one of its preemptions, early timeouts or faults the failure does not
// show.

#pragma once

#include <string>
#include <vector>

#include "heddle/explore/runner.h"

namespace heddle::internal {

struct Shrunk {
  std::vector<Decision> decisions;
  // For each deviation that is left: what happens without it.
  std::vector<std::string> necessity;
};

// Most executions that one shrink may take.
inline constexpr uint64_t kShrinkExecutionsMax = 20'000;

// REQUIRES: `decisions` fail with `identity`.
Shrunk Shrink(Runner* runner, const std::vector<Decision>& decisions, const std::string& identity);

}  // namespace heddle::internal
