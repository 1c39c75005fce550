// SPDX-License-Identifier: MIT
//
// The random walk: what it may choose, how often, and that a seed fixes it. By running small
// programs under it.

#include "heddle/strategy/random_walk.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

// Runs `count` executions and returns how often each sequence of decisions was taken.
std::map<std::string, int> Sample(Strategy* strategy, int count,
                                  const std::function<void(Execution&)>& body) {
  Execution execution;
  std::map<std::string, int> seen;
  for (int i = 0; i < count; ++i) {
    strategy->BeginExecution();
    const ExecutionSummary summary = execution.Run(*strategy, body, {});
    strategy->EndExecution(summary);
    std::string text;
    for (const Decision decision : summary.decisions) text += std::to_string(decision.value);
    ++seen[text];
  }
  return seen;
}

void TwoAccessesEach(Execution& execution) {
  Atomic<int> x{0, "x"};
  for (int i = 0; i < 2; ++i) {
    execution.Spawn("task", [&x] {
      x.load();
      x.load();
    });
  }
  execution.JoinAll();
}

TEST_CASE("every schedule of a small program turns up") {
  RandomWalk walk(1, {});
  CHECK(Sample(&walk, 1000, TwoAccessesEach).size() == 6);
}

TEST_CASE("a bound on preemptions is kept") {
  RandomWalk walk(1, {.preemptions = 0});
  Execution execution;
  for (int i = 0; i < 200; ++i) {
    walk.BeginExecution();
    CHECK(execution.Run(walk, TwoAccessesEach, {}).preemptions == 0);
  }
}

TEST_CASE("a fault happens in about one of eight places where it may") {
  int failures = 0;
  RandomWalk walk(3, {});
  const auto body = [&](Execution& e) { failures += e.MayFail("site") ? 1 : 0; };
  Sample(&walk, 8000, body);
  CHECK(failures > 800);
  CHECK(failures < 1200);
}

TEST_CASE("free values are drawn evenly") {
  std::map<uint32_t, int> drawn;
  RandomWalk walk(4, {});
  Sample(&walk, 3000, [&](Execution& e) { ++drawn[e.Choose(3)]; });
  REQUIRE(drawn.size() == 3);
  for (const auto& [value, count] : drawn) {
    CHECK(count > 900);
    CHECK(count < 1100);
  }
}

TEST_CASE("equal seeds give equal walks and different seeds different ones") {
  RandomWalk one(7, {});
  RandomWalk same(7, {});
  RandomWalk other(8, {});
  const auto first = Sample(&one, 50, TwoAccessesEach);
  CHECK(first == Sample(&same, 50, TwoAccessesEach));
  CHECK(first != Sample(&other, 50, TwoAccessesEach));
}

}  // namespace
}  // namespace heddle
