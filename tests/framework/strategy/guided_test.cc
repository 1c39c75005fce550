// SPDX-License-Identifier: MIT
//
// Guided schedules: deviations are recorded from decisions, reproduce them, and keep their meaning
// when another one is left out.

#include "heddle/strategy/guided.h"

#include <doctest/doctest.h>

#include <vector>

#include "heddle/core/execution.h"
#include "heddle/strategy/random_walk.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

void Body(Execution& execution) {
  Atomic<int> x{0, "x"};
  for (int t = 0; t < 3; ++t) {
    execution.Spawn("task", [&] {
      x.load();
      if (execution.MayFail("site")) x.store(1);
      x.load();
      execution.Choose(3);
      x.load();
    });
  }
  execution.JoinAll();
}

std::vector<Decision> DecisionsOf(const ExecutionSummary& summary) {
  return {summary.decisions.begin(), summary.decisions.end()};
}

TEST_CASE("following the deviations of a schedule gives the same schedule") {
  RandomWalk walk(11, {});
  Execution execution;
  for (int i = 0; i < 200; ++i) {
    const std::vector<Decision> decisions = DecisionsOf(execution.Run(walk, Body, {}));
    Guided recording = Guided::Recording(decisions);
    CHECK(DecisionsOf(execution.Run(recording, Body, {})) == decisions);
    Guided guided(recording.applied());
    CHECK(DecisionsOf(execution.Run(guided, Body, {})) == decisions);
  }
}

TEST_CASE("without deviations nothing is preempted and nothing fails") {
  Guided guided({});
  Execution execution;
  const ExecutionSummary summary = execution.Run(guided, Body, {});
  CHECK(summary.preemptions == 0);
  CHECK(summary.faults == 0);
  CHECK(guided.applied().empty());
}

TEST_CASE("leaving out one preemption keeps a later fault of another task") {
  // Task 1 is preempted after one step; task 2's first fault site fails.
  const Deviation preemption{
      .kind = DeviationKind::kPreemption, .at = TaskId{1}, .count = 1, .value = 3};
  const Deviation fault{.kind = DeviationKind::kFault, .at = TaskId{2}, .count = 0, .value = 1};
  Execution execution;
  Guided both({preemption, fault});
  const ExecutionSummary with_both = execution.Run(both, Body, {});
  CHECK(with_both.preemptions == 1);
  CHECK(with_both.faults == 1);
  Guided one({fault});
  const ExecutionSummary with_fault = execution.Run(one, Body, {});
  CHECK(with_fault.preemptions == 0);
  CHECK(with_fault.faults == 1);
}

TEST_CASE("a deviation to a task that cannot run is skipped") {
  Guided guided({{.kind = DeviationKind::kPreemption, .at = TaskId{1}, .count = 1, .value = 0}});
  Execution execution;
  CHECK_FALSE(execution.Run(guided, Body, {}).failed);
  CHECK(guided.applied().empty());
}

}  // namespace
}  // namespace heddle
