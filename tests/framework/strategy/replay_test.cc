// SPDX-License-Identifier: MIT
//
// Replay: each schedule of a search, run again, gives the same execution; one that ends early goes
// on by default, one that does not fit diverges.

#include "heddle/strategy/replay.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/strategy/exhaustive.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

std::string order;

void Program(Execution& execution) {
  Atomic<int> x{0, "x"};
  order.clear();
  for (const char name : {'a', 'b'}) {
    execution.Spawn("racer", [&, name] {
      for (int i = 0; i < 2; ++i) {
        x.fetch_add(1);
        order += name;
      }
      if (execution.Choose(2) == 1) order += '!';
    });
  }
  execution.JoinAll();
}

TEST_CASE("every schedule of a search leads to the execution that it was taken from") {
  Exhaustive search({});
  Execution execution;
  int schedules = 0;
  while (search.BeginExecution()) {
    const ExecutionSummary summary = execution.Run(search, Program, {.digesting = true});
    const std::vector<Decision> decisions(summary.decisions.begin(), summary.decisions.end());
    const std::string searched_order = order;
    const uint64_t searched_digest = execution.recorder().digest();
    search.EndExecution(summary);

    Replay replay(decisions);
    REQUIRE(replay.BeginExecution());
    const ExecutionSummary again = execution.Run(replay, Program, {.digesting = true});
    replay.EndExecution(again);
    CHECK(std::vector<Decision>(again.decisions.begin(), again.decisions.end()) == decisions);
    CHECK(order == searched_order);
    CHECK(execution.recorder().digest() == searched_digest);
    ++schedules;
  }
  CHECK(schedules == 6 * 4);
}

TEST_CASE("past its end a schedule goes on without preemptions and faults, with the value 0") {
  Execution execution;
  Replay replay({Decision::Task(TaskId{2})});
  REQUIRE(replay.BeginExecution());
  const ExecutionSummary summary = execution.Run(replay, Program, {});
  CHECK(order == "bbaa");
  CHECK(summary.preemptions == 0);
  CHECK(summary.faults == 0);
}

TEST_CASE("a schedule is followed once, and once more after a rewind") {
  Replay replay({});
  CHECK(replay.BeginExecution());
  CHECK_FALSE(replay.BeginExecution());
  replay.Rewind();
  CHECK(replay.BeginExecution());
  CHECK_FALSE(replay.BeginExecution());
  CHECK_FALSE(replay.IsComplete());
}

TEST_CASE("a schedule that the program does not offer is nondeterminism, at that decision") {
  Execution execution;
  Replay replay({Decision::Task(TaskId{1}), Decision::Task(TaskId{0})});
  REQUIRE(replay.BeginExecution());
  execution.Run(replay, Program, {});
  REQUIRE(execution.failure().has_value());
  CHECK(FailureKindName(execution.failure()->kind) == "nondeterminism");
  CHECK(execution.failure()->title.find("decision 2: ") == 0);
}

}  // namespace
}  // namespace heddle
