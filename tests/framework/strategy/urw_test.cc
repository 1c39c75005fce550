// SPDX-License-Identifier: MIT
//
// The uniform random walk: what it learns, the weights that follow, and that its schedules are
// about equally likely.

#include "heddle/strategy/urw.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/strategy/random_walk.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

using Program = std::function<void(Execution&)>;

ExecutionSummary RunOnce(Strategy* strategy, const Program& body, Execution* execution) {
  strategy->BeginExecution();
  const ExecutionSummary summary = execution->Run(*strategy, body, {});
  strategy->EndExecution(summary);
  return summary;
}

// Notes the weights at the first choice point of an execution.
class Watched final : public Strategy {
 public:
  explicit Watched(uint64_t seed) : urw_(seed, {}) {}

  bool BeginExecution() override {
    weights_.clear();
    return urw_.BeginExecution();
  }
  TaskId ChooseTask(const ChoicePoint& point) override {
    const TaskId chosen = urw_.ChooseTask(point);
    if (!weights_.empty()) return chosen;
    for (uint16_t i = 0; i < point.execution.tasks().size(); ++i) {
      weights_.push_back(urw_.Weight(point.execution, TaskId{i}) / Urw::kStep);
    }
    return chosen;
  }
  uint32_t ChooseValue(const ValueChoice& choice) override { return urw_.ChooseValue(choice); }
  void EndExecution(const ExecutionSummary& summary) override { urw_.EndExecution(summary); }
  StepLog* Steps() override { return urw_.Steps(); }

  const std::vector<uint64_t>& weights() const { return weights_; }

 private:
  Urw urw_;
  std::vector<uint64_t> weights_;
};

Program Accesses(std::vector<int> counts) {
  return [counts](Execution& execution) {
    Atomic<int> x{0, "x"};
    for (const int count : counts) {
      execution.Spawn("task", [&x, count] {
        for (int i = 0; i < count; ++i) x.load();
      });
    }
    execution.JoinAll();
  };
}

TEST_CASE("a task weighs as much as it has steps left, by what the first execution showed") {
  Watched watched(1);
  Execution execution;
  RunOnce(&watched, Accesses({1, 5, 9}), &execution);
  CHECK(watched.weights() == std::vector<uint64_t>{1, 1, 1, 1});
  RunOnce(&watched, Accesses({1, 5, 9}), &execution);
  CHECK(watched.weights() == std::vector<uint64_t>{1, 1, 5, 9});
}

TEST_CASE("steps of a task that has yet to be spawned weigh with the one that will spawn it") {
  const auto body = [](Execution& execution) {
    Atomic<int> x{0, "x"};
    execution.Spawn("parent", [&] {
      x.load();
      execution.Spawn("child", [&] {
        for (int i = 0; i < 7; ++i) x.load();
      });
      x.load();
    });
    execution.Spawn("other", [&] {
      for (int i = 0; i < 4; ++i) x.load();
    });
    execution.JoinAll();
  };
  Watched watched(1);
  Execution execution;
  RunOnce(&watched, body, &execution);
  RunOnce(&watched, body, &execution);
  CHECK(watched.weights() == std::vector<uint64_t>{1, 9, 4});
}

TEST_CASE("an execution that failed teaches nothing") {
  bool fails = true;
  const auto body = [&fails](Execution& execution) {
    Atomic<int> x{0, "x"};
    execution.Spawn("task", [&] {
      for (int i = 0; i < 5; ++i) x.load();
      if (fails) execution.Fail({.kind = FailureKind::kAssertion, .title = "as asked"});
    });
    execution.Spawn("other", [&] { x.load(); });
    execution.JoinAll();
  };
  Watched watched(1);
  Execution execution;
  RunOnce(&watched, body, &execution);
  REQUIRE(execution.failure());
  RunOnce(&watched, body, &execution);
  CHECK(watched.weights() == std::vector<uint64_t>{1, 1, 1});
  fails = false;
  RunOnce(&watched, body, &execution);
  RunOnce(&watched, body, &execution);
  CHECK(watched.weights() == std::vector<uint64_t>{1, 5, 1});
}

std::map<std::string, int> Sample(Strategy* strategy, int count, const Program& body) {
  Execution execution;
  std::map<std::string, int> seen;
  for (int i = 0; i < count; ++i) {
    const ExecutionSummary summary = RunOnce(strategy, body, &execution);
    std::string text;
    for (const Decision decision : summary.decisions) text += std::to_string(decision.value);
    ++seen[text];
  }
  return seen;
}

TEST_CASE("of two tasks with four steps each, every schedule comes about equally often") {
  const Program body = Accesses({4, 4});
  constexpr int kEach = 200;
  constexpr int kSchedules = 70;
  const auto rarest = [](const std::map<std::string, int>& seen) {
    int least = seen.begin()->second;
    for (const auto& [schedule, count] : seen) least = count < least ? count : least;
    return seen.size() == kSchedules ? least : 0;
  };
  const auto commonest = [](const std::map<std::string, int>& seen) {
    int most = 0;
    for (const auto& [schedule, count] : seen) most = count > most ? count : most;
    return most;
  };
  Urw urw(1, {});
  const std::map<std::string, int> uniform = Sample(&urw, kSchedules * kEach, body);
  CHECK(rarest(uniform) > kEach * 3 / 4);
  CHECK(commonest(uniform) < kEach * 5 / 4);
  // What it is not: a walk that takes each task as often as the other.
  RandomWalk walk(1, {});
  const std::map<std::string, int> biased = Sample(&walk, kSchedules * kEach, body);
  CHECK(rarest(biased) < kEach * 2 / 3);
  CHECK(commonest(biased) > kEach * 3);
}

TEST_CASE("a task longer than expected goes on being chosen, and starves nobody") {
  int length = 3;
  const auto body = [&length](Execution& execution) {
    Atomic<int> x{0, "x"};
    execution.Spawn("growing", [&] {
      for (int i = 0; i < length; ++i) x.load();
    });
    execution.Spawn("other", [&] { x.load(); });
    execution.JoinAll();
  };
  Urw urw(1, {});
  Execution execution;
  RunOnce(&urw, body, &execution);
  length = 400;
  CHECK_FALSE(RunOnce(&urw, body, &execution).failed);
  const auto spinning = [](Execution& e) {
    Atomic<int> flag{0, "flag"};
    e.Spawn("spinner", [&] {
      while (flag.load() == 0) {
      }
    });
    e.Spawn("setter", [&] { flag.store(1); });
    e.JoinAll();
  };
  Urw other(1, {});
  for (int i = 0; i < 1000; ++i) CHECK(RunOnce(&other, spinning, &execution).steps < 5000);
}

TEST_CASE("tasks are known by name, in whatever order they come") {
  // Which of the two is spawned first differs between executions.
  const auto body = [](Execution& execution) {
    Atomic<int> x{0, "x"};
    const bool short_first = execution.Choose(2) == 0;
    const auto spawn = [&](bool is_short) {
      execution.Spawn(is_short ? "short" : "long", [&x, is_short] {
        for (int i = 0; i < (is_short ? 2 : 8); ++i) x.load();
      });
    };
    spawn(short_first);
    spawn(!short_first);
    execution.JoinAll();
  };
  Watched watched(3);
  Execution execution;
  RunOnce(&watched, body, &execution);
  int swapped = 0;
  for (int i = 0; i < 20; ++i) {
    RunOnce(&watched, body, &execution);
    const bool is_short_first = watched.weights()[1] == 2;
    CHECK(watched.weights() ==
          (is_short_first ? std::vector<uint64_t>{1, 2, 8} : std::vector<uint64_t>{1, 8, 2}));
    swapped += is_short_first ? 0 : 1;
  }
  CHECK(swapped > 2);
  CHECK(swapped < 18);
}

}  // namespace
}  // namespace heddle
