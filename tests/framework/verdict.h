// SPDX-License-Identifier: MIT
//
// What tests of primitives and of the engine ask of a search: that it finds a failure of one kind
// with its objects, or that it covers a space of a known size without finding any.

#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/explore/explore.h"

namespace heddle {

using Names = std::vector<std::string>;

// Explores `body` up to `bounds`, going on after failures.
inline ExplorationResult ExploreAll(const Body& body, Bounds bounds = {}) {
  return Explore({.bounds = bounds, .keep_going = true}, body);
}

// Asserts that exactly one distinct failure was found, of this kind and with these objects.
inline const Failure& RequireOne(const ExplorationResult& result, FailureKind kind,
                                 const Names& objects) {
  REQUIRE(result.findings.size() == 1);
  const Failure& failure = result.findings.front().failure;
  CHECK(FailureKindName(failure.kind) == FailureKindName(kind));
  CHECK(failure.objects == objects);
  return failure;
}

// Asserts that the whole space was covered, that it has so many executions, and that none failed.
inline void CheckClean(const ExplorationResult& result, uint64_t executions) {
  if (result.failure() != nullptr) {
    FAIL_CHECK(FailureKindName(result.failure()->kind), ": ", result.failure()->title);
  }
  CHECK(result.exhausted);
  CHECK(result.executions == executions);
}

}  // namespace heddle
