// SPDX-License-Identifier: MIT
//
// POS: which priorities it keeps and which it draws anew, and how its samples spread.

#include "heddle/strategy/pos.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

// Notes the priorities after each choice.
class Watched final : public Strategy {
 public:
  explicit Watched(uint64_t seed) : pos_(seed, {}) {}

  struct Moment {
    TaskId chosen;
    std::vector<uint64_t> priorities;  // By task id; 0 for tasks that have taken steps.
  };

  bool BeginExecution() override {
    moments_.clear();
    return pos_.BeginExecution();
  }
  TaskId ChooseTask(const ChoicePoint& point) override {
    Moment moment{.chosen = pos_.ChooseTask(point), .priorities = {}};
    for (uint16_t i = 0; i < point.execution.tasks().size(); ++i) {
      const bool is_first = point.execution.tasks()[TaskId{i}].steps == 0;
      moment.priorities.push_back(is_first ? pos_.Priority(TaskId{i}) : 0);
    }
    moments_.push_back(moment);
    return moment.chosen;
  }
  uint32_t ChooseValue(const ValueChoice& choice) override { return pos_.ChooseValue(choice); }
  void EndExecution(const ExecutionSummary& summary) override { pos_.EndExecution(summary); }

  const std::vector<Moment>& moments() const { return moments_; }

 private:
  Pos pos_;
  std::vector<Moment> moments_;
};

void Run(Strategy* strategy, Execution* execution, const std::function<void(Execution&)>& body) {
  strategy->BeginExecution();
  strategy->EndExecution(execution->Run(*strategy, body, {}));
}

TEST_CASE("what races with the operation performed loses its priority, and nothing else does") {
  // The writer of x races with its readers, the readers do not with each other, nobody with y.
  const auto body = [](Execution& execution) {
    Atomic<int> x{0, "x"};
    Atomic<int> y{0, "y"};
    execution.Spawn("writes x", [&] { x.store(1); });
    execution.Spawn("reads x", [&] { x.load(); });
    execution.Spawn("reads x, too", [&] { x.load(); });
    execution.Spawn("writes y", [&] { y.store(1); });
    execution.JoinAll();
  };
  const auto race = [](uint16_t a, uint16_t b) {
    return (a == 1 && (b == 2 || b == 3)) || (b == 1 && (a == 2 || a == 3));
  };
  Execution execution;
  int kept = 0;
  int lost = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Watched watched(seed);
    Run(&watched, &execution, body);
    std::vector<bool> has_run(5);
    std::vector<uint64_t> before(5);
    for (const Watched::Moment& moment : watched.moments()) {
      has_run[moment.chosen.value] = true;
      for (uint16_t task = 1; task <= 4; ++task) {
        if (has_run[task]) continue;
        const bool races = race(moment.chosen.value, task);
        CHECK((moment.priorities[task] == 0) == races);
        if (!races && before[task] != 0) CHECK(moment.priorities[task] == before[task]);
        ++(races ? lost : kept);
      }
      before = moment.priorities;
    }
  }
  CHECK(kept > 100);
  CHECK(lost > 50);
}

TEST_CASE("operations that do not race are performed in the order of their first priorities") {
  const auto body = [](Execution& execution) {
    Atomic<int> all[] = {{0, "a"}, {0, "b"}, {0, "c"}, {0, "d"}};
    for (Atomic<int>& own : all) execution.Spawn("task", [&own] { own.store(1); });
    execution.JoinAll();
  };
  Execution execution;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Watched watched(seed);
    Run(&watched, &execution, body);
    REQUIRE(watched.moments().size() == 3);
    const std::vector<uint64_t> first = watched.moments()[0].priorities;
    for (size_t i = 1; i < 3; ++i) {
      const TaskId earlier = watched.moments()[i - 1].chosen;
      const TaskId later = watched.moments()[i].chosen;
      CHECK(first[earlier.value] > first[later.value]);
    }
  }
}

TEST_CASE("all schedules of two racing tasks turn up, the rarest more than one in fifty times") {
  const auto body = [](Execution& execution) {
    Atomic<int> x{0, "x"};
    for (int t = 0; t < 2; ++t) {
      execution.Spawn("task", [&x] {
        x.store(1);
        x.store(2);
      });
    }
    execution.JoinAll();
  };
  Pos pos(1, {});
  Execution execution;
  std::map<std::string, int> seen;
  constexpr int kRuns = 3000;
  for (int i = 0; i < kRuns; ++i) {
    pos.BeginExecution();
    const ExecutionSummary summary = execution.Run(pos, body, {});
    pos.EndExecution(summary);
    std::string text;
    for (const Decision decision : summary.decisions) text += std::to_string(decision.value);
    ++seen[text];
  }
  CHECK(seen.size() == 6);
  for (const auto& [schedule, count] : seen) {
    CAPTURE(schedule);
    CHECK(count * 50 > kRuns);
  }
}

TEST_CASE("a task that spins without giving way does not starve the one it waits for") {
  const auto body = [](Execution& execution) {
    Atomic<int> flag{0, "flag"};
    execution.Spawn("spinner", [&] {
      while (flag.load() == 0) {
      }
    });
    execution.Spawn("setter", [&] { flag.store(1); });
    execution.JoinAll();
  };
  Pos pos(1, {});
  Execution execution;
  uint64_t longest = 0;
  for (int i = 0; i < 1000; ++i) {
    pos.BeginExecution();
    const ExecutionSummary summary = execution.Run(pos, body, {});
    pos.EndExecution(summary);
    CHECK_FALSE(summary.failed);
    longest = summary.steps > longest ? summary.steps : longest;
  }
  CHECK(longest < 5000);
}

}  // namespace
}  // namespace heddle
