// SPDX-License-Identifier: MIT

#include "tools/bench/heddle_programs.h"

#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "heddle/base/check.h"
#include "heddle/core/fiber.h"
#include "heddle/core/stack_pool.h"
#include "heddle/explore/explore.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/condition_variable.h"
#include "heddle/sync/mutex.h"

namespace heddle::bench {

static void Racy(Execution& execution, int tasks, int rounds) {
  Atomic<int> x{0, "x"};
  for (int t = 0; t < tasks; ++t) {
    execution.Spawn("racer", [&x, rounds] {
      for (int i = 0; i < rounds; ++i) x.store(x.load() + 1);
    });
  }
  execution.JoinAll();
}

static void Lock(Execution& execution, int tasks, int rounds) {
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
}

static constexpr int kForksMax = 8;

static void OrderedPhilosophers(Execution& execution, int n) {
  HEDDLE_CHECK(n <= kForksMax) << "the bench has " << kForksMax << " forks";
  Mutex forks[kForksMax];
  for (int i = 0; i < n; ++i) {
    Mutex* first = &forks[i];
    Mutex* second = &forks[(i + 1) % n];
    if (i == n - 1) std::swap(first, second);
    execution.Spawn("philosopher", [first, second] {
      first->Lock();
      second->Lock();
      second->Unlock();
      first->Unlock();
    });
  }
  execution.JoinAll();
}

static void ProducerConsumer(Execution& execution, int items) {
  Mutex m{"m"};
  ConditionVariable changed{"changed"};
  bool full = false;
  execution.Spawn("producer", [&] {
    for (int i = 0; i < items; ++i) {
      std::unique_lock lock(m);
      while (full) changed.wait(lock);
      full = true;
      changed.notify_one();
    }
  });
  execution.Spawn("consumer", [&] {
    for (int i = 0; i < items; ++i) {
      std::unique_lock lock(m);
      while (!full) changed.wait(lock);
      full = false;
      changed.notify_one();
    }
  });
  execution.JoinAll();
}

static Body BodyOf(const Program& program) {
  const int first = program.first;
  const int second = program.second;
  if (std::strcmp(program.name, "racy") == 0) {
    return [=](Execution& execution) { Racy(execution, first, second); };
  }
  if (std::strcmp(program.name, "lock") == 0) {
    return [=](Execution& execution) { Lock(execution, first, second); };
  }
  if (std::strcmp(program.name, "ophil") == 0) {
    return [=](Execution& execution) { OrderedPhilosophers(execution, first); };
  }
  HEDDLE_CHECK(std::strcmp(program.name, "prodcons") == 0) << "no program " << program.name;
  return [=](Execution& execution) { ProducerConsumer(execution, first); };
}

Measurement RunHeddle(const Program& program, Search search) {
  ExploreOptions options;
  if (search == Search::kRandom) {
    options.strategy = StrategyKind::kRandom;
    options.executions_max = kSampledExecutions;
  }
  const Body body = BodyOf(program);
  Measurement sum;
  const Meter meter;
  while (sum.seconds < kSecondsMin) {
    const ExplorationResult result = Explore(options, body);
    HEDDLE_CHECK(result.findings.empty()) << program.name << ": " << result.failure()->title;
    sum.executions += result.executions;
    sum.operations += result.steps;
    sum.seconds = meter.Seconds();
  }
  return sum;
}

double FiberRoundTripSeconds() {
  static constexpr int kRounds = 1'000'000;
  static Fiber root;
  static Fiber other;
  if (other.stack_bottom() == nullptr) {
    const StackSlot stack = StackPool::Instance().Slot(kTaskCapacity - 1);
    other.SetStack(stack.bottom, stack.size);
    other.Start(
        [](void*) {
          while (true) Fiber::Switch(other, root);
        },
        nullptr);
  }
  const Meter meter;
  for (int i = 0; i < kRounds; ++i) Fiber::Switch(root, other);
  return meter.Seconds() / kRounds;
}

}  // namespace heddle::bench
