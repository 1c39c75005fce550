// SPDX-License-Identifier: MIT
//
// DPOR: exact numbers of Mazurkiewicz traces, published or counted by other tools, and the failures
// among them.

#include "heddle/strategy/dpor.h"

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <utility>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

struct Count {
  uint64_t executions = 0;
  uint64_t failed = 0;
  uint64_t blocked = 0;
};

Count Explore(const std::function<void(Execution&)>& body) {
  Execution execution;
  Dpor dpor({});
  Count count;
  while (dpor.BeginExecution()) {
    dpor.EndExecution(execution.Run(dpor, body, {}));
    if (dpor.IsRepetition()) continue;
    ++count.executions;
    if (execution.failure()) ++count.failed;
  }
  count.blocked = dpor.blocked();
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
    // On the stack of the body, where objects have the same address in every execution.
    std::array<Mutex, 8> forks;
    for (int i = 0; i < n; ++i) {
      Mutex* first = &forks[static_cast<size_t>(i)];
      Mutex* second = &forks[static_cast<size_t>((i + 1) % n)];
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

void CheckCount(const std::function<void(Execution&)>& body, uint64_t executions, uint64_t failed) {
  const Count count = Explore(body);
  CHECK(count.executions == executions);
  CHECK(count.failed == failed);
  CHECK(count.blocked == 0);
}

TEST_CASE("racy programs have as many executions as traces") {
  CheckCount(Racy(2, 3), 328, 0);
  CheckCount(Racy(2, 4), 3334, 0);
  CheckCount(Racy(3, 1), 36, 0);
  CheckCount(Racy(3, 2), 7134, 0);
}

TEST_CASE("acquires of one lock are traces of their own in every order") {
  CheckCount(Locking(2, 4), 70, 0);
}

TEST_CASE("philosophers have 2^n - 1 traces, one of them the deadlock") {
  CheckCount(Philosophers(2, false), 3, 1);
  CheckCount(Philosophers(3, false), 7, 1);
  CheckCount(Philosophers(4, false), 15, 1);
  CheckCount(Philosophers(5, false), 31, 1);
  CheckCount(Philosophers(4, true), 14, 0);
}

}  // namespace
}  // namespace heddle
