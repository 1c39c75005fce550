// SPDX-License-Identifier: MIT
//
// The sizes of full search spaces that other tools have published, reproduced by counting
// executions.

#include <doctest/doctest.h>

#include <functional>
#include <utility>

#include "heddle/core/execution.h"
#include "heddle/strategy/exhaustive.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

struct Count {
  uint64_t passed = 0;
  uint64_t failed = 0;
};

Count Search(Bounds bounds, const std::function<void(Execution&)>& body) {
  Execution execution;
  Exhaustive strategy(bounds);
  Count count;
  while (strategy.BeginExecution()) {
    strategy.EndExecution(execution.Run(strategy, body, {}));
    if (strategy.IsRepetition()) continue;
    ++(execution.failure() ? count.failed : count.passed);
  }
  return count;
}

std::function<void(Execution&)> Racy(int tasks, int rounds) {
  return [=](Execution& execution) {
    Atomic<int> x{0, "x"};
    for (int t = 0; t < tasks; ++t) {
      execution.Spawn("racer", [&x, rounds] {
        for (int i = 0; i < rounds; ++i) x.store(x.load() + 1);
      });
    }
    execution.JoinAll();
  };
}

std::function<void(Execution&)> Locking(int tasks, int rounds) {
  return [=](Execution& execution) {
    Mutex m{"m"};
    for (int t = 0; t < tasks; ++t) {
      execution.Spawn("locker", [&m, rounds] {
        for (int i = 0; i < rounds; ++i) {
          m.Lock();
          m.Unlock();
        }
      });
    }
    execution.JoinAll();
  };
}

std::function<void(Execution&)> Philosophers(int n, bool ordered) {
  return [=](Execution& execution) {
    // Of the stack: what an abandoned execution allocates without checked memory is lost.
    Mutex forks[] = {Mutex{"fork"}, Mutex{"fork"}, Mutex{"fork"}, Mutex{"fork"}};
    for (int i = 0; i < n; ++i) {
      Mutex* first = &forks[i];
      Mutex* second = &forks[(i + 1) % n];
      if (ordered && i == n - 1) std::swap(first, second);
      execution.Spawn("philosopher", [first, second] {
        first->Lock();
        second->Lock();
        second->Unlock();
        first->Unlock();
      });
    }
    execution.JoinAll();
  };
}

TEST_CASE("racy tasks interleave in as many ways as their loads and stores can be merged") {
  CHECK(Search({}, Racy(2, 2)).passed == 70);
  CHECK(Search({}, Racy(2, 3)).passed == 924);
  CHECK(Search({}, Racy(2, 4)).passed == 12870);
}

TEST_CASE("tasks on one lock interleave in as many ways as their acquires can be merged") {
  CHECK(Search({}, Locking(2, 4)).passed == 70);
}

// Published counts (168 for three, 98184 for four) have a scheduling point before each release too;
// without those, which a left mover does not need, the same programs have these.
TEST_CASE("philosophers deadlock in as many executions as there are orders of their first forks") {
  const Count three = Search({}, Philosophers(3, false));
  CHECK(three.passed == 24);
  CHECK(three.failed == 6);
  const Count four = Search({}, Philosophers(4, false));
  CHECK(four.passed == 424);
  CHECK(four.failed == 24);
  CHECK(Search({}, Philosophers(3, true)).failed == 0);
}

TEST_CASE("bounded levels together hold as many executions as the plain search") {
  const Count bounded = Search({.preemptions = 20, .faults = 0}, Racy(2, 3));
  CHECK(bounded.passed == 924);
}

}  // namespace
}  // namespace heddle
