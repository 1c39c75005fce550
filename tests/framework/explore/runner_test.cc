// SPDX-License-Identifier: MIT
//
// What surrounds one execution: how closely it is watched, that each begins anew, and when clocks
// are needed.

#include "heddle/explore/runner.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/shared.h"

namespace heddle::internal {
namespace {

using BodyFunction = std::function<void(Execution&)>;

void TwoRacers(Execution& execution) {
  Atomic<int> x{0, "x"};
  execution.Spawn("a", [&] { x.store(1); });
  execution.Spawn("b", [&] { x.store(2); });
  execution.JoinAll();
}

TEST_CASE("a trace is kept only of an execution that is watched for it, a digest of both") {
  const BodyFunction body = TwoRacers;
  const ExploreOptions options;
  Runner runner(options, body);
  runner.RunSchedule({}, Watch::kTrace);
  CHECK(runner.trace().events.size() == 3);
  const uint64_t digest = runner.digest();
  runner.RunSchedule({}, Watch::kDigest);
  CHECK(runner.trace().events.empty());
  CHECK(runner.digest() == digest);
  runner.RunSchedule({Decision::Task(TaskId{2})}, Watch::kDigest);
  CHECK(runner.digest() != digest);
  CHECK(runner.runs() == 3);
}

TEST_CASE("a failure is that of the last execution, and the next one begins anew") {
  const BodyFunction body = [](Execution& execution) {
    static Mutex mutex{"mutex"};
    mutex.Lock();
    if (execution.Choose(2) == 1) execution.Fail({.title = "with the mutex held"});
    mutex.Unlock();
  };
  const ExploreOptions options;
  Runner runner(options, body);
  CHECK(runner.RunSchedule({Decision::Value(1)}, Watch::kSearch).failed);
  REQUIRE(runner.failure().has_value());
  CHECK(runner.failure()->title == "with the mutex held");
  CHECK_FALSE(runner.RunSchedule({Decision::Value(0)}, Watch::kSearch).failed);
  CHECK_FALSE(runner.failure().has_value());
}

TEST_CASE("the options of the exploration reach the execution") {
  const BodyFunction body = [](Execution& execution) {
    for (int64_t i = 0; i < execution.Parameter("rounds"); ++i) execution.Yield();
  };
  const ExploreOptions options{.limits = {.steps_max = 5}, .parameters = {{"rounds", 6}}};
  Runner runner(options, body);
  runner.RunSchedule({}, Watch::kSearch);
  REQUIRE(runner.failure().has_value());
  CHECK(FailureKindName(runner.failure()->kind) == "step-limit");
}

TEST_CASE("locations of a schedule are known from the start, a race teaches its own") {
  const BodyFunction body = [](Execution& execution) {
    Shared<int> x{0, "x"};
    execution.Spawn("a", [&] { x.Set(1); });
    execution.Spawn("b", [&] { x.Set(2); });
    execution.JoinAll();
  };
  uint64_t steps = 0;
  {
    const ExploreOptions plain;
    Runner learning(plain, body);
    steps = learning.RunSchedule({}, Watch::kSearch).steps;
    CHECK(learning.locations().has_learnt());
  }
  ExploreOptions located;
  located.schedule.racy_locations = {"x#1+0.4"};
  Runner knowing(located, body);
  CHECK(knowing.RunSchedule({}, Watch::kSearch).steps == steps + 2);  // The two writes.
  CHECK(knowing.locations().Has("x#1+0.4"));
  CHECK_FALSE(knowing.locations().has_learnt());
}

TEST_CASE("a program that makes plain accesses after its clocks were switched off is noticed") {
  bool accesses = false;
  const BodyFunction body = [&](Execution& execution) {
    Shared<int> x{0, "x"};
    if (accesses) x.Set(1);
    execution.JoinAll();
  };
  const ExploreOptions options;
  Runner runner(options, body);
  for (int i = 0; i < 3; ++i) {
    runner.RunSchedule({}, Watch::kSearch);
    CHECK_FALSE(runner.was_unwatched());
  }
  accesses = true;
  runner.RunSchedule({}, Watch::kSearch);
  CHECK(runner.was_unwatched());
  runner.RunSchedule({}, Watch::kSearch);
  CHECK_FALSE(runner.was_unwatched());
}

}  // namespace
}  // namespace heddle::internal
