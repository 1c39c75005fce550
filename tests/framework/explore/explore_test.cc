// SPDX-License-Identifier: MIT
//
// What a search finds in small programs with known bugs, how it counts, and that equal seeds give
// equal results.

#include "heddle/explore/explore.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"

namespace shop {

static int visits = 0;  // Not in heddle's namespace, whose state is the framework's own.

}  // namespace shop

namespace heddle {
namespace {

void Abba(Execution& execution) {
  Mutex a{"a"};
  Mutex b{"b"};
  execution.Spawn("left", [&] {
    a.Lock();
    b.Lock();
    b.Unlock();
    a.Unlock();
  });
  execution.Spawn("right", [&] {
    b.Lock();
    a.Lock();
    a.Unlock();
    b.Unlock();
  });
  execution.JoinAll();
}

void CheckIsAbbaDeadlock(const ExplorationResult& result) {
  REQUIRE(result.findings.size() == 1);
  const Finding& finding = result.findings[0];
  CHECK(finding.failure.kind == FailureKind::kDeadlock);
  CHECK(finding.failure.objects == std::vector<std::string>{"a", "b"});
  CHECK(finding.failure.tasks == std::vector<std::string>{"left", "right"});
  CHECK(finding.preemptions == 1);
  CHECK(finding.faults == 0);
}

TEST_CASE("the first failure of a bounded search has the fewest preemptions") {
  const ExplorationResult result = Explore({.bounds = {.preemptions = 2}}, Abba);
  CheckIsAbbaDeadlock(result);
  CHECK(result.stopped_by == StoppedBy::kFailure);
  CHECK_FALSE(result.exhausted);
}

TEST_CASE("a search that keeps going reports each distinct failure once and is exhausted") {
  const ExplorationResult result =
      Explore({.bounds = {.preemptions = 2}, .keep_going = true}, Abba);
  CheckIsAbbaDeadlock(result);
  CHECK(result.exhausted);
  CHECK(result.stopped_by == StoppedBy::kNothing);
  // C(4, 2) orders of four acquires, of which those that lock a and b first are cut short: two pass
  // without a preemption, two deadlock with one, none needs two.
  CHECK(result.executions == 4);
}

TEST_CASE("sampled schedules are shortened to the one preemption that matters") {
  for (const StrategyKind strategy : {StrategyKind::kRandom, StrategyKind::kPct, StrategyKind::kPos,
                                      StrategyKind::kUrw, StrategyKind::kPortfolio}) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const ExplorationResult result = Explore({.strategy = strategy, .seed = seed}, Abba);
      CheckIsAbbaDeadlock(result);
      // Where the right task happens to go first, that choice is needed for the preemption to
      // matter.
      const std::vector<std::string>& necessity = result.findings[0].necessity;
      REQUIRE_FALSE(necessity.empty());
      CHECK(necessity.size() <= 2);
      CHECK(necessity.back() ==
            "The preemption before step 2 is necessary: without it the schedule passes.");
    }
  }
}

TEST_CASE("a schedule replays to the same failure") {
  for (const StrategyKind strategy :
       {StrategyKind::kExhaustive, StrategyKind::kRandom, StrategyKind::kPct, StrategyKind::kPos,
        StrategyKind::kUrw, StrategyKind::kDelay, StrategyKind::kPortfolio}) {
    const ExplorationResult found = Explore({.strategy = strategy, .seed = 7}, Abba);
    REQUIRE(found.failure() != nullptr);
    const Result<Schedule> schedule = ParseSchedule(ScheduleText(found.findings[0].schedule));
    REQUIRE(schedule.ok());
    const ExplorationResult replayed =
        Explore({.strategy = StrategyKind::kReplay, .schedule = schedule.value()}, Abba);
    REQUIRE(replayed.failure() != nullptr);
    CHECK(replayed.failure()->Identity() == found.failure()->Identity());
    CHECK(replayed.findings[0].schedule == found.findings[0].schedule);
  }
}

ExplorationResult ReplayAbba(const std::string& decisions) {
  const Result<Schedule> schedule = ParseSchedule("w1:test:" + decisions);
  REQUIRE(schedule.ok());
  return Explore({.strategy = StrategyKind::kReplay, .schedule = schedule.value()}, Abba);
}

TEST_CASE("a replay that passes keeps its trace") {
  const ExplorationResult result = ReplayAbba("1x2");
  CHECK(result.findings.empty());
  CHECK(result.divergence == "");
  CHECK(result.executions == 1);
  const std::vector<std::string> names = {"main", "left", "right"};
  CHECK((result.trace.task_names == names));
  CHECK_FALSE(result.trace.events.empty());
}

TEST_CASE("a schedule that does not fit the program is a divergence and no finding") {
  const ExplorationResult no_such_task = ReplayAbba("1.7");
  CHECK(no_such_task.findings.empty());
  CHECK(no_such_task.divergence == "decision 2: the schedule runs T7, but there are only 3 tasks");
  const ExplorationResult too_long = ReplayAbba("1x9");
  CHECK(too_long.findings.empty());
  CHECK(too_long.divergence == "decision 3: the schedule goes on, but the execution has ended");
}

TEST_CASE("a schedule of too many steps says how many are too many, and replays with that") {
  const ExplorationResult found = Explore({.limits = {.steps_max = 3}}, Abba);
  REQUIRE(found.failure() != nullptr);
  CHECK(found.failure()->kind == FailureKind::kStepLimit);
  const Schedule& schedule = found.findings[0].schedule;
  CHECK(schedule.steps_max == 3);
  const std::string text = ScheduleText(schedule);
  CHECK(text.find(":steps=3:") != std::string::npos);
  CHECK(ParseSchedule(text).value() == schedule);
  CHECK_FALSE(ParseSchedule("w1:test:steps=0:1").ok());
}

TEST_CASE("equal seeds give equal schedules, and some different seed a different one") {
  const auto text = [](uint64_t seed) {
    const ExplorationResult result =
        Explore({.name = "abba", .strategy = StrategyKind::kRandom, .seed = seed}, Abba);
    return ScheduleText(result.findings.at(0).schedule) + "#" +
           std::to_string(result.findings[0].execution);
  };
  bool differs = false;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    CHECK(text(seed) == text(seed));
    differs |= text(seed) != text(0);
  }
  CHECK(differs);
}

TEST_CASE("state that an earlier execution left behind is nondeterminism and not a pass") {
  int runs = 0;
  const ExplorationResult result = Explore({}, [&](Execution& execution) {
    Atomic<int> x{0, "x"};
    if (++runs % 2 == 0) x.store(1);
    execution.Spawn("other", [&] { x.load(); });
    x.load();
    execution.JoinAll();
  });
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].failure.kind == FailureKind::kNondeterminism);
}

TEST_CASE("a global that an earlier execution changed is named by its symbol") {
  const ExplorationResult result = Explore({}, [&](Execution& execution) {
    Atomic<int> x{0, "x"};
    if (++shop::visits % 2 == 0) x.store(1);
    execution.JoinAll();
  });
  REQUIRE(result.findings.size() == 1);
  const Failure& failure = result.findings[0].failure;
  CHECK(failure.kind == FailureKind::kNondeterminism);
  REQUIRE(failure.objects.size() == 1);
  CHECK(failure.objects[0] == "shop::visits");
  CHECK(failure.details.back() == "Outlives an execution, and has changed: " + failure.objects[0]);
}

TEST_CASE("a lock observed by trylock makes its releases scheduling points in a second round") {
  // The trylock fails only between the acquire and the release of the other task, which without a
  // point at the release is no place to switch.
  bool seen_held = false;
  const ExplorationResult result = Explore({}, [&](Execution& execution) {
    Mutex m{"m"};
    execution.Spawn("holder", [&] {
      m.Lock();
      m.Unlock();
    });
    execution.Spawn("trier", [&] {
      if (m.TryLock()) {
        m.Unlock();
      } else {
        seen_held = true;
      }
    });
    execution.JoinAll();
  });
  CHECK(result.exhausted);
  CHECK(seen_held);
  CHECK(result.racy_locations == std::vector<std::string>{"release m#1"});
}

TEST_CASE("a body without concurrency passes with a warning") {
  const ExplorationResult result = Explore({}, [](Execution&) {});
  CHECK(result.exhausted);
  CHECK(result.executions == 1);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0] == "the body spawned no task, so there was only one execution");
}

TEST_CASE("a search that reaches its limit of executions is not exhausted") {
  const ExplorationResult result = Explore({.executions_max = 2, .keep_going = true}, Abba);
  CHECK(result.executions == 2);
  CHECK(result.stopped_by == StoppedBy::kExecutions);
  CHECK_FALSE(result.exhausted);
}

}  // namespace
}  // namespace heddle
