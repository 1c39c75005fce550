// SPDX-License-Identifier: MIT
//
// PCT: what it learns, where it may switch, and that it keeps its promise on a bug of known depth.

#include "heddle/strategy/pct.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

ExecutionSummary RunOnce(Pct* pct, const std::function<void(Execution&)>& body,
                         Execution* execution) {
  pct->BeginExecution();
  const ExecutionSummary summary = execution->Run(*pct, body, {});
  pct->EndExecution(summary);
  return summary;
}

void TenAccessesEach(Execution& execution) {
  Atomic<int> x{0, "x"};
  for (int t = 0; t < 2; ++t) {
    execution.Spawn("task", [&x] {
      for (int i = 0; i < 10; ++i) x.load();
    });
  }
  execution.JoinAll();
}

TEST_CASE("the numbers of tasks and steps are learnt from the first execution") {
  Pct pct(1, 3, {});
  Execution execution;
  CHECK(pct.steps() == 0);
  RunOnce(&pct, TenAccessesEach, &execution);
  CHECK(pct.tasks() == 3);
  CHECK(pct.steps() == 21);
  CHECK(pct.ScheduleNote() == "pct/3/0/0");
  RunOnce(&pct, TenAccessesEach, &execution);
  CHECK(pct.ScheduleNote() == "pct/3/3/21");
}

TEST_CASE("an execution has at most depth - 1 preemptions") {
  for (uint32_t depth = 1; depth <= 4; ++depth) {
    Pct pct(depth, depth, {});
    Execution execution;
    uint32_t most = 0;
    for (int i = 0; i < 300; ++i) {
      const uint32_t preemptions = RunOnce(&pct, TenAccessesEach, &execution).preemptions;
      CHECK(preemptions <= depth - 1);
      most = preemptions > most ? preemptions : most;
    }
    CHECK(most == (depth == 1 ? 0 : depth - 1));
  }
}

TEST_CASE("a bug of depth 2 shows at least as often as the paper promises") {
  const auto body = [](Execution& execution) {
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
  };
  Pct pct(5, 2, {});
  Execution execution;
  int failures = 0;
  constexpr int kRuns = 2000;
  for (int i = 0; i < kRuns; ++i) failures += RunOnce(&pct, body, &execution).failed ? 1 : 0;
  // n = 3 tasks and k = 5 steps: at least one of 15.
  CHECK(pct.tasks() == 3);
  CHECK(pct.steps() == 5);
  CHECK(failures * 15 >= kRuns);
}

TEST_CASE("a spinning task that yields does not starve the task it waits for") {
  const auto body = [](Execution& execution) {
    Atomic<int> flag{0, "flag"};
    execution.Spawn("spinner", [&] {
      while (flag.load() == 0) execution.Yield();
    });
    execution.Spawn("setter", [&] { flag.store(1); });
    execution.JoinAll();
  };
  Pct pct(9, 3, {});
  Execution execution;
  for (int i = 0; i < 500; ++i) CHECK_FALSE(RunOnce(&pct, body, &execution).failed);
  CHECK(pct.steps() < 50);
}

void SpinWithoutGivingWay(Execution& execution) {
  Atomic<int> flag{0, "flag"};
  execution.Spawn("spinner", [&] {
    while (flag.load() == 0) {
    }
  });
  execution.Spawn("setter", [&] { flag.store(1); });
  execution.JoinAll();
}

TEST_CASE("a spinning task that does not give way ends, for the tail of an execution is fair") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Pct pct(seed, 3, {});
    Execution execution;
    for (int i = 0; i < 500; ++i)
      CHECK_FALSE(RunOnce(&pct, SpinWithoutGivingWay, &execution).failed);
  }
}

TEST_CASE("tails do not make the expected length creep up") {
  Pct pct(1, 3, {});
  Execution execution;
  uint64_t longest = 0;
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t steps = RunOnce(&pct, SpinWithoutGivingWay, &execution).steps;
    if (i > 0) longest = steps > longest ? steps : longest;
  }
  // The shortest execution: the setter sets, the spinner looks, the main task joins.
  CHECK(pct.steps() == 3 * Pct::kLengthRatio);
  // A walk at random hardly takes one of two tasks thirty times in a row.
  CHECK(longest < pct.steps() + 30);
}

TEST_CASE("an execution of the expected length has no fair tail") {
  // Else the bound on preemptions, depth - 1, would not hold: with a tail from the start on, there
  // are many more.
  const auto longer = [](Execution& execution) {
    TenAccessesEach(execution);
    TenAccessesEach(execution);
  };
  Pct pct(1, 2, {});
  Execution execution;
  RunOnce(&pct, longer, &execution);
  CHECK(pct.steps() == 42);
  for (int i = 0; i < 100; ++i) CHECK(RunOnce(&pct, longer, &execution).preemptions <= 1);
}

}  // namespace
}  // namespace heddle
