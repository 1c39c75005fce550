// SPDX-License-Identifier: MIT
//
// Reduction as users meet it: what it finds is small and replays, and what it cannot do it refuses.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/core/schedule.h"
#include "heddle/explore/explore.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/completion.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/shared_mutex.h"

namespace heddle {
namespace {

// The third task makes the reduction worth its while.
void Abba(Execution& execution) {
  Mutex a{"a"};
  Mutex b{"b"};
  Atomic<int> unrelated{0, "unrelated"};
  execution.Spawn("ab", [&] {
    a.Lock();
    b.Lock();
    b.Unlock();
    a.Unlock();
  });
  execution.Spawn("ba", [&] {
    b.Lock();
    a.Lock();
    a.Unlock();
    b.Unlock();
  });
  execution.Spawn("other", [&] {
    for (int i = 0; i < 5; ++i) unrelated.fetch_add(1);
  });
  execution.JoinAll();
}

TEST_CASE("what a reduced search finds has as few preemptions as it needs, and replays alone") {
  const ExplorationResult result = Explore({.name = "abba", .strategy = StrategyKind::kDpor}, Abba);
  REQUIRE(result.findings.size() == 1);
  const Finding& finding = result.findings.front();
  CHECK(finding.failure.kind == FailureKind::kDeadlock);
  CHECK(finding.preemptions == 1);
  const auto schedule = ParseSchedule(ScheduleText(finding.schedule));
  REQUIRE(schedule.ok());
  const ExplorationResult replay = Explore(
      {.name = "abba", .strategy = StrategyKind::kReplay, .schedule = schedule.value()}, Abba);
  CHECK(replay.divergence.empty());
  REQUIRE(replay.failure() != nullptr);
  CHECK(replay.failure()->Identity() == finding.failure.Identity());
}

TEST_CASE("an unrelated task multiplies interleavings, not traces") {
  const ExplorationResult traces =
      Explore({.name = "abba", .strategy = StrategyKind::kDpor, .keep_going = true}, Abba);
  const ExplorationResult all = Explore({.name = "abba", .keep_going = true}, Abba);
  CHECK(traces.exhausted);
  CHECK(all.exhausted);
  CHECK(traces.findings.size() == all.findings.size());
  CHECK(traces.executions == 3);
  CHECK(all.executions == 294);
}

// Time is free for a reduction, for it may not depend on who else could go on.
TEST_CASE("a deadline that passes early is found without a fault to spare") {
  const auto body = [](Execution& execution) {
    Completion done{"done"};
    Atomic<int> late{0, "late"};
    execution.Spawn("waiter", [&] {
      if (done.WaitUntil(After(execution.now(), 10)) == Outcome::kTimedOut) late.store(1);
    });
    execution.Spawn("worker", [&] {
      done.Complete();
      if (late.load() == 1) execution.Fail({.title = "too late"});
    });
    execution.JoinAll();
  };
  const ExplorationResult result = Explore({.name = "late",
                                            .strategy = StrategyKind::kDpor,
                                            .bounds = {.faults = 0},
                                            .keep_going = true},
                                           body);
  CHECK(result.exhausted);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings.front().failure.title == "too late");
}

std::string RefusalOf(const Body& body) {
  const ExplorationResult result = Explore({.strategy = StrategyKind::kDpor}, body);
  CHECK_FALSE(result.exhausted);
  CHECK(result.findings.empty());
  CHECK(result.warnings == std::vector<std::string>{"not explored: " + result.refusal});
  return result.refusal;
}

TEST_CASE("what depends on more than the trace is refused, with a sentence") {
  CHECK(RefusalOf([](Execution& execution) { execution.Yield(); }).find("yields") !=
        std::string::npos);
  CHECK(RefusalOf([](Execution&) {
          Mutex mutex{"mutex"};
          mutex.LockInterruptible();
        }).find("interrupted") != std::string::npos);
  CHECK(RefusalOf([](Execution&) {
          Atomic<int> number{0, "number"};
          int expected = 0;
          number.compare_exchange_weak(expected, 1);
        }).find("spuriously") != std::string::npos);
  CHECK(RefusalOf([](Execution&) {
          SharedMutex mutex{"mutex"};
          mutex.LockShared();
          mutex.UnlockShared();
        }).find("several may hold") != std::string::npos);
  CHECK(RefusalOf([](Execution& execution) {
          execution.AddInvariant({.property = "P", .check = [] { return std::nullopt; }});
        }).find("invariants") != std::string::npos);
}

TEST_CASE("a bound on preemptions and a reduction exclude each other") {
  CHECK(ValidateOptions({.strategy = StrategyKind::kDpor, .bounds = {.preemptions = 2}})
            .find("preemptions") != std::string::npos);
  CHECK(ValidateOptions({.strategy = StrategyKind::kDpor, .bounds = {.faults = 2}}).empty());
}

}  // namespace
}  // namespace heddle
