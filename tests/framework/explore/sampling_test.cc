// SPDX-License-Identifier: MIT
//
// Explore with the strategies that sample: how soon they find a deadlock that is rare, that what
// they find is made smaller and replays, and that a strategy's notes and the program's memory do
// not mix.

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

Body Philosophers(size_t count) {
  return [count](Execution& execution) {
    std::vector<std::unique_ptr<Mutex>> forks;
    for (size_t i = 0; i < count; ++i) {
      forks.push_back(std::make_unique<Mutex>(execution.Intern("fork" + std::to_string(i))));
    }
    for (size_t i = 0; i < count; ++i) {
      Mutex* left = forks[i].get();
      Mutex* right = forks[(i + 1) % count].get();
      execution.Spawn("philosopher" + std::to_string(i), [left, right] {
        left->Lock();
        right->Lock();
        right->Unlock();
        left->Unlock();
      });
    }
    execution.JoinAll();
  };
}

// Returns the median, over 100 seeds, of the executions up to the first deadlock of six
// philosophers.
uint64_t MedianToDeadlock(StrategyKind strategy) {
  std::vector<uint64_t> executions;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const ExplorationResult result =
        Explore({.strategy = strategy, .executions_max = 100'000, .seed = seed}, Philosophers(6));
    REQUIRE(result.failure() != nullptr);
    CHECK(result.failure()->kind == FailureKind::kDeadlock);
    executions.push_back(result.findings[0].execution);
  }
  std::sort(executions.begin(), executions.end());
  return (executions[49] + executions[50]) / 2;
}

TEST_CASE("the uniform walk needs a median of 3 executions to six philosophers' deadlock") {
  CHECK(MedianToDeadlock(StrategyKind::kUrw) == 3);
}

TEST_CASE("partial order sampling needs a median of 16 executions to it") {
  CHECK(MedianToDeadlock(StrategyKind::kPos) == 16);
}

TEST_CASE("the portfolio needs a median of 7 executions to it") {
  CHECK(MedianToDeadlock(StrategyKind::kPortfolio) == 7);
}

TEST_CASE("what the portfolio estimates stands in the result, unless a failure ended the search") {
  const ExploreOptions options{.strategy = StrategyKind::kPortfolio, .executions_max = 50};
  const auto body = [](Execution& execution) {
    Mutex lock{"lock"};
    for (int t = 0; t < 2; ++t) {
      execution.Spawn("task", [&] {
        lock.Lock();
        lock.Unlock();
      });
    }
    execution.JoinAll();
  };
  const ExplorationResult passed = Explore(options, body);
  CHECK(passed.stopped_by == StoppedBy::kExecutions);
  REQUIRE(passed.warnings.size() == 1);
  CHECK(passed.warnings[0].starts_with("50 executions (urw "));
  CHECK(passed.warnings[0].find(") showed 2 classes of schedules") != std::string::npos);
  const ExplorationResult failed = Explore(options, Philosophers(2));
  CHECK(failed.failure() != nullptr);
  CHECK(failed.warnings.empty());
}

TEST_CASE("the portfolio stops by itself and never counts as exhausted") {
  const ExplorationResult result =
      Explore({.strategy = StrategyKind::kPortfolio}, [](Execution& execution) {
        Mutex lock{"lock"};
        execution.Spawn("task", [&] { lock.Lock(), lock.Unlock(); });
        execution.Spawn("task", [&] { lock.Lock(), lock.Unlock(); });
        execution.JoinAll();
      });
  CHECK(result.stopped_by == StoppedBy::kNothing);
  CHECK_FALSE(result.exhausted);
  CHECK(result.executions == 3000);
}

TEST_CASE("what a strategy notes of steps lies outside the memory of the tasks") {
  // Long enough for the notes to grow while a task lets go of a lock.
  const auto body = [](Execution& execution) {
    auto lock = std::make_unique<Mutex>("lock");
    std::vector<int> kept;
    for (int t = 0; t < 3; ++t) {
      execution.Spawn("task", [&] {
        for (int i = 0; i < 100; ++i) {
          lock->Lock();
          kept.push_back(i);
          lock->Unlock();
        }
      });
    }
    execution.JoinAll();
  };
  const ExplorationResult result =
      Explore({.strategy = StrategyKind::kUrw, .executions_max = 20}, body);
  CHECK(result.findings.empty());
  CHECK(result.executions == 20);
}

}  // namespace
}  // namespace heddle
