// SPDX-License-Identifier: MIT
//
// What the expectations of a test complain about: results made by hand, with and without overrides.

#include "heddle/testing/expect.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

using internal::ComplaintUnlessClean;
using internal::ComplaintUnlessExhausted;
using internal::ComplaintUnlessFailure;

ExplorationResult Failed() {
  ExplorationResult result{.name = "mine", .exhausted = true};
  result.findings.push_back(
      {.failure = {.kind = FailureKind::kDeadlock, .title = "a, b", .objects = {"a", "b"}},
       .schedule = {.name = "mine"}});
  return result;
}

TEST_CASE("a clean result has no finding, whether it is exhausted or not") {
  CHECK(ComplaintUnlessClean({.exhausted = true}) == "");
  CHECK(ComplaintUnlessClean({.exhausted = false}) == "");
  CHECK(ComplaintUnlessClean(Failed()).starts_with(
      "expected no failure, found deadlock of a and b\n"));
  CHECK(ComplaintUnlessClean(Failed()).find("FAILURE   deadlock: a, b") != std::string::npos);
  CHECK(ComplaintUnlessClean({.divergence = "decision 1: no"}).starts_with("DIVERGED"));
}

TEST_CASE("an exhausted result is clean and has reached its bounds") {
  CHECK(ComplaintUnlessExhausted({.exhausted = true}) == "");
  CHECK(ComplaintUnlessExhausted({.name = "mine"}).find("not exhausted") != std::string::npos);
  CHECK(ComplaintUnlessExhausted(Failed()).find("deadlock") != std::string::npos);
}

TEST_CASE("an expected failure is of the kind, and of the objects where they are given") {
  CHECK(ComplaintUnlessFailure(Failed(), FailureKind::kDeadlock, {}) == "");
  CHECK(ComplaintUnlessFailure(Failed(), FailureKind::kDeadlock, {"b", "a"}) == "");
  CHECK(ComplaintUnlessFailure({}, FailureKind::kDeadlock, {"a"})
            .starts_with("expected deadlock of a, found no failure"));
  CHECK(ComplaintUnlessFailure(Failed(), FailureKind::kDeadlock, {"a"})
            .starts_with("expected deadlock of a, found deadlock of a and b\n"));
  CHECK(ComplaintUnlessFailure(Failed(), FailureKind::kHang, {})
            .starts_with("expected hang, found deadlock of a and b\n"));
}

TEST_CASE("while the environment overrides, only failures decide") {
  internal::ExpectOverrides(true);
  CHECK(ComplaintUnlessExhausted({.exhausted = false}) == "");
  CHECK(ComplaintUnlessFailure({}, FailureKind::kDeadlock, {"a"}) == "");
  CHECK(ComplaintUnlessFailure(Failed(), FailureKind::kDeadlock, {}) != "");
  internal::ExpectOverrides(false);
}

TEST_CASE("the macros hold for real explorations") {
  const ExplorationResult clean = Explore({}, [](Execution& execution) {
    Mutex m{"m"};
    execution.Spawn("one", [&] {
      m.Lock();
      m.Unlock();
    });
    execution.JoinAll();
  });
  HEDDLE_EXPECT_CLEAN(clean);
  HEDDLE_EXPECT_EXHAUSTED(clean);
  const ExplorationResult recursive = Explore({}, [](Execution&) {
    Mutex m{"m"};
    m.Lock();
    m.Lock();
  });
  HEDDLE_EXPECT_FAILURE(recursive, kRecursiveDeadlock, "m");
}

}  // namespace
}  // namespace heddle
