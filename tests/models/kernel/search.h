// SPDX-License-Identifier: MIT
//
// What the tests of the kernel world share: a bounded search, and looks at its result.

#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {

using Names = std::vector<std::string>;

inline heddle::ExplorationResult Search(const heddle::Body& body, uint32_t preemptions = 2,
                                        uint32_t faults = 0) {
  return heddle::Explore({.bounds = {.preemptions = preemptions, .faults = faults}}, body);
}

inline void CheckClean(const heddle::ExplorationResult& result) {
  CHECK(result.exhausted);
  if (result.failure() != nullptr) FAIL_CHECK(result.failure()->title);
}

// The search stopped at a failure of this kind that involves exactly these objects and tasks.
inline void CheckFailure(const heddle::ExplorationResult& result, heddle::FailureKind kind,
                         const Names& objects, const Names& tasks) {
  REQUIRE(result.failure() != nullptr);
  CHECK(heddle::FailureKindName(result.failure()->kind) == heddle::FailureKindName(kind));
  CHECK(result.failure()->objects == objects);
  CHECK(result.failure()->tasks == tasks);
}

inline void CheckMisuse(const heddle::ExplorationResult& result, const std::string& sentence) {
  REQUIRE(result.failure() != nullptr);
  CHECK(heddle::FailureKindName(result.failure()->kind) == "misuse");
  CHECK(result.failure()->title == sentence);
}

}  // namespace models::kernel
