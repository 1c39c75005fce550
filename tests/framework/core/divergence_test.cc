// SPDX-License-Identifier: MIT
//
// What is said of a schedule that does not fit its program: one program, and schedules bent in each
// way there is.

#include "heddle/core/divergence.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/strategy/replay.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

// T0 is the body; T1 and T2 take the same lock once, T3 takes no lock. The first decision is made
// when the body waits for all of them.
void TwoLockersAndAnother(Execution& execution) {
  Mutex m{"m"};
  for (int i = 0; i < 2; ++i) {
    execution.Spawn("locker", [&] {
      m.Lock();
      execution.Choose(2, "colour");
      execution.Yield();
      m.Unlock();
    });
  }
  execution.Spawn("other", [&] { execution.Yield(); });
  execution.JoinAll();
}

std::string DivergenceOf(std::vector<Decision> decisions) {
  Execution execution;
  Replay replay(std::move(decisions));
  REQUIRE(replay.BeginExecution());
  execution.Run(replay, TwoLockersAndAnother, {});
  if (!execution.decider().diverged()) return "";
  return DescribeDivergence(execution);
}

Decision Runs(uint16_t task) {
  return Decision::Task(TaskId{task});
}

TEST_CASE("a schedule that fits is not called divergent") {
  CHECK(DivergenceOf({Runs(1), Decision::Value(1)}) == "");
}

TEST_CASE("a blocked task is named with what it waits for") {
  CHECK(DivergenceOf({Runs(0)}) ==
        "decision 1: the schedule runs T0, but T0 is blocked in join all");
  CHECK(DivergenceOf({Runs(1), Decision::Value(0), Runs(2)}) ==
        "decision 3: the schedule runs T2, but T2 is blocked on m");
}

TEST_CASE("a task that does not exist is told from one that has finished") {
  CHECK(DivergenceOf({Runs(9)}) == "decision 1: the schedule runs T9, but there are only 4 tasks");
  CHECK(DivergenceOf({Runs(3), Runs(3)}) ==
        "decision 2: the schedule runs T3, but T3 has finished");
}

TEST_CASE("a value where a task is wanted, a task where a value is wanted, and one too large") {
  CHECK(DivergenceOf({Decision::Value(1)}) ==
        "decision 1: the schedule chooses the value 1, which the program does not offer here");
  CHECK(DivergenceOf({Runs(1), Runs(1)}) ==
        "decision 2: the schedule runs T1, but the program asks for a value here");
  CHECK(DivergenceOf({Runs(1), Decision::Value(2)}) ==
        "decision 2: the schedule chooses the value 2, which the program does not offer here");
}

}  // namespace
}  // namespace heddle
