// SPDX-License-Identifier: MIT
//
// The order and the size of a bounded search: against all sequences of answers to prepared
// questions, and against the schedules of small programs.

#include "heddle/strategy/exhaustive.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

using Body = std::function<void(Execution&)>;

struct Search {
  explicit Search(Bounds bounds) : strategy(bounds) {}

  // Runs to the end and keeps the decisions of each execution that counts, as text.
  void Run(const Body& body) {
    while (strategy.BeginExecution()) {
      const ExecutionSummary summary = execution.Run(strategy, body, {});
      std::string text;
      for (const Decision& decision : summary.decisions) {
        text += (decision.is_value ? "v" : "") + std::to_string(decision.value) + " ";
      }
      strategy.EndExecution(summary);
      ++runs;
      if (strategy.IsRepetition()) continue;
      counted.push_back(text);
      deviations.emplace_back(summary.preemptions, summary.faults);
    }
  }

  Exhaustive strategy;
  Execution execution;
  std::vector<std::string> counted;
  std::vector<std::pair<uint32_t, uint32_t>> deviations;
  int runs = 0;
};

void Racers(Execution& execution) {
  Atomic<int> x{0, "x"};
  for (int task = 0; task < 2; ++task) {
    execution.Spawn("racer", [&] {
      for (int i = 0; i < 2; ++i) x.fetch_add(1);
    });
  }
  execution.JoinAll();
}

TEST_CASE("choices of values are enumerated like the digits of a number") {
  Search search({.preemptions = 0, .faults = 0});
  search.Run([](Execution& execution) {
    const uint32_t first = execution.Choose(3);
    if (first != 1) execution.Choose(2);
  });
  CHECK(search.counted == std::vector<std::string>{"v0 v0 ", "v0 v1 ", "v1 ", "v2 v0 ", "v2 v1 "});
  CHECK(search.runs == 5);
}

TEST_CASE("no schedule comes twice, whatever the bounds") {
  for (const uint32_t preemptions : {0U, 1U, 2U, 3U, kUnbounded}) {
    Search search({.preemptions = preemptions, .faults = 0});
    search.Run(Racers);
    const std::set<std::string> distinct(search.counted.begin(), search.counted.end());
    CHECK(distinct.size() == search.counted.size());
  }
}

TEST_CASE("the levels split what the unbounded search finds by preemptions") {
  Search unbounded({});
  unbounded.Run(Racers);
  CHECK(unbounded.counted.size() == 6);
  CHECK(unbounded.runs == 6);
  Search bounded({.preemptions = 4, .faults = 0});
  bounded.Run(Racers);
  CHECK(std::set<std::string>(bounded.counted.begin(), bounded.counted.end()) ==
        std::set<std::string>(unbounded.counted.begin(), unbounded.counted.end()));
  // One task after the other; one of them interrupted once; the rest.
  REQUIRE(bounded.strategy.levels().size() >= 3);
  CHECK(bounded.strategy.levels()[0].executions == 2);
  CHECK(bounded.strategy.levels()[1].executions == 2);
  CHECK(bounded.strategy.levels()[2].executions == 2);
  for (const LevelResult& level : bounded.strategy.levels()) CHECK(level.finished);
}

TEST_CASE("a bounded search counts exactly the schedules within its bounds") {
  for (uint32_t preemptions = 0; preemptions <= 2; ++preemptions) {
    Search search({.preemptions = preemptions, .faults = 0});
    search.Run(Racers);
    CHECK(search.counted.size() == 2 * (preemptions + 1));
    for (const auto& [used, faults] : search.deviations) CHECK(used <= preemptions);
  }
}

TEST_CASE("levels come in order of preemptions and faults together, then of fewer faults") {
  Search search({.preemptions = 2, .faults = 2});
  search.Run([](Execution& execution) {
    const auto act = [&] {
      for (int i = 0; i < 3; ++i) {
        execution.Yield();
        Atomic<int>(0, "x").load();
        execution.MayFail("site");
      }
    };
    execution.Spawn("a", act);
    execution.Spawn("b", act);
    execution.JoinAll();
  });
  std::vector<std::pair<uint32_t, uint32_t>> levels;
  for (const LevelResult& level : search.strategy.levels()) {
    levels.emplace_back(level.bounds.preemptions, level.bounds.faults);
    CHECK(level.executions > 0);
  }
  const std::vector<std::pair<uint32_t, uint32_t>> expected{{0, 0}, {1, 0}, {0, 1}, {2, 0}, {1, 1},
                                                            {0, 2}, {2, 1}, {1, 2}, {2, 2}};
  CHECK(levels == expected);
  for (size_t i = 1; i < search.deviations.size(); ++i) {
    const auto& [p, f] = search.deviations[i];
    const auto& [last_p, last_f] = search.deviations[i - 1];
    CHECK(std::pair(last_p + last_f, last_f) <= std::pair(p + f, f));
  }
}

TEST_CASE("a level that no execution of the ones below leads to is left out") {
  Search search({.preemptions = 50, .faults = 50});
  search.Run([](Execution& execution) { execution.MayFail("only"); });
  CHECK(search.counted.size() == 2);
  // Up to one preemption and two faults: beyond the levels in which something was found by one.
  CHECK(search.strategy.levels().size() == 6);
  CHECK(search.runs == 10);
}

TEST_CASE("a restart begins with the first level and forgets what was counted") {
  Search search({.preemptions = 1, .faults = 0});
  search.Run(Racers);
  const std::vector<std::string> first = search.counted;
  search.counted.clear();
  search.strategy.Restart();
  CHECK(search.strategy.levels().empty());
  search.Run(Racers);
  CHECK(search.counted == first);
  CHECK(search.strategy.levels().size() == 2);
}

}  // namespace
}  // namespace heddle
