// SPDX-License-Identifier: MIT
//
// What an execution shows of itself while it runs, looked at from its tasks.

#include "heddle/core/execution_state.h"

#include <cstdint>
#include <vector>

#include "doctest/doctest.h"
#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/explore/explore.h"

namespace heddle {

TEST_CASE("the step counts scheduling points, and time stands still without a sleep") {
  std::vector<uint64_t> steps;
  std::vector<uint64_t> times;
  const ExplorationResult result = Explore({.name = "steps"}, [&](Execution& execution) {
    steps = {execution.step()};
    times = {execution.now().value};
    execution.Yield();
    steps.push_back(execution.step());
    execution.Sleep(5);
    steps.push_back(execution.step());
    times.push_back(execution.now().value);
  });
  REQUIRE(result.findings.empty());
  CHECK(steps == std::vector<uint64_t>{0, 1, 2});
  CHECK(times == std::vector<uint64_t>{0, 5});
}

TEST_CASE("running() is the task that asks, and each execution has a serial of its own") {
  std::vector<uint16_t> ids;
  std::vector<uint32_t> serials;
  const ExplorationResult result = Explore({.name = "serials"}, [&](Execution& execution) {
    serials.push_back(execution.serial());
    ids = {execution.running().id.value};
    execution.Spawn("child", [&] { ids.push_back(execution.running().id.value); });
    execution.JoinAll();
  });
  REQUIRE(result.findings.empty());
  CHECK(ids == std::vector<uint16_t>{0, 1});
  REQUIRE(serials.size() >= 2);
  for (size_t i = 1; i < serials.size(); ++i) CHECK(serials[i] == serials[i - 1] + 1);
}

TEST_CASE("a reference is known only in the execution that entered it") {
  const ObjectType type{};
  ObjectRef ref;
  unsigned known_at_begin = 0;
  const ExplorationResult result = Explore({.name = "references"}, [&](Execution& execution) {
    if (execution.IsKnown(ref)) ++known_at_begin;
    execution.Resolve(&ref, type, "it");
    HEDDLE_CHECK(execution.IsKnown(ref));
  });
  REQUIRE(result.findings.empty());
  REQUIRE(result.executions + result.extra_executions >= 2);
  CHECK(known_at_begin == 0);
}

}  // namespace heddle
