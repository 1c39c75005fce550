// SPDX-License-Identifier: MIT
//
// The program that doctest_main_test.py runs: a scenario with three rows, and tests that call
// Explore themselves. One row and one test fail.

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/expect.h"
#include "heddle/testing/scenario.h"

namespace heddle {
namespace {

enum class LockOrder { kOpposite, kSame };

void TwoLocks(Execution& execution, const LockOrder& order) {
  Mutex a{"a"};
  Mutex b{"b"};
  const auto take = [](Mutex& first, Mutex& second) {
    first.Lock();
    second.Lock();
    second.Unlock();
    first.Unlock();
  };
  execution.Spawn("left", [&] { take(a, b); });
  execution.Spawn("right", [&] {
    if (order == LockOrder::kOpposite) {
      take(b, a);
    } else {
      take(a, b);
    }
  });
  execution.JoinAll();
}

[[maybe_unused]] const bool kBugs =
    RegisterBugs("sample", {{.id = "abba", .kind = FailureKind::kDeadlock, .objects = {"a", "b"}}});

[[maybe_unused]] const bool kScenario = Register<LockOrder>({
    .name = "sample/locks",
    .story = "Two tasks take two locks.",
    .body = TwoLocks,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants =
        {
            {.id = "red",
             .options = LockOrder::kOpposite,
             .executions = 4,
             .findings = {{.bug = "abba", .preemptions = 1}}},
            {.id = "green", .options = LockOrder::kSame, .executions = 2, .decides = {"abba"}},
            {.id = "wrong", .options = LockOrder::kOpposite, .executions = 4},
        },
});

TEST_CASE("one order of locks is clean") {
  HEDDLE_EXPECT_EXHAUSTED(Explore({}, TwoLocks, LockOrder::kSame));
}

TEST_CASE("tasks that share nothing are clean") {
  HEDDLE_EXPECT_EXHAUSTED(Explore({}, [](Execution& execution) {
    execution.Spawn("left", [] {});
    execution.Spawn("right", [] {});
    execution.JoinAll();
  }));
}

TEST_CASE("two orders of locks are clean") {
  HEDDLE_EXPECT_CLEAN(Explore({.bounds = {.preemptions = 1}}, TwoLocks, LockOrder::kOpposite));
}

TEST_CASE("two orders of locks deadlock") {
  HEDDLE_EXPECT_FAILURE(Explore({.name = "named"}, TwoLocks, LockOrder::kOpposite), kDeadlock, "a",
                        "b");
}

}  // namespace
}  // namespace heddle
