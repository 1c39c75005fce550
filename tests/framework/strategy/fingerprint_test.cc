// SPDX-License-Identifier: MIT
//
// Fingerprint: as many different ones as there are Mazurkiewicz traces, over all schedules of small
// programs.

#include "heddle/strategy/fingerprint.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/strategy/exhaustive.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

using Program = std::function<void(Execution&)>;

// An exhaustive search that has the steps logged.
class Logging final : public Strategy {
 public:
  bool BeginExecution() override {
    log_.Clear();
    return search_.BeginExecution();
  }
  std::span<const Decision> Prefix() const override { return search_.Prefix(); }
  TaskId ChooseTask(const ChoicePoint& point) override { return search_.ChooseTask(point); }
  uint32_t ChooseValue(const ValueChoice& choice) override { return search_.ChooseValue(choice); }
  void EndExecution(const ExecutionSummary& summary) override {
    seen_.insert(fingerprint_.Of(log_, summary.decisions));
    ++executions_;
    search_.EndExecution(summary);
  }
  StepLog* Steps() override { return &log_; }

  const std::set<uint64_t>& seen() const { return seen_; }
  uint64_t executions() const { return executions_; }

 private:
  Exhaustive search_{{}};
  StepLog log_;
  Fingerprint fingerprint_;
  std::set<uint64_t> seen_;
  uint64_t executions_ = 0;
};

struct Sizes {
  uint64_t schedules = 0;
  uint64_t classes = 0;
  friend bool operator==(const Sizes&, const Sizes&) = default;
};

Sizes Measure(const Program& body) {
  Execution execution;
  Logging search;
  while (search.BeginExecution()) search.EndExecution(execution.Run(search, body, {}));
  return {.schedules = search.executions(), .classes = search.seen().size()};
}

Program Racy(int tasks, int rounds) {
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

Program Philosophers(size_t count, bool last_is_left_handed) {
  return [=](Execution& execution) {
    std::vector<std::unique_ptr<Mutex>> forks;
    for (size_t i = 0; i < count; ++i) forks.push_back(std::make_unique<Mutex>("fork"));
    for (size_t i = 0; i < count; ++i) {
      const bool swaps = last_is_left_handed && i + 1 == count;
      Mutex* first = forks[swaps ? 0 : i].get();
      Mutex* second = forks[swaps ? i : (i + 1) % count].get();
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

TEST_CASE("the classes of racy programs are as many as optimal DPOR explores") {
  CHECK(Measure(Racy(2, 3)) == Sizes{.schedules = 924, .classes = 328});
  CHECK(Measure(Racy(2, 4)) == Sizes{.schedules = 12870, .classes = 3334});
  CHECK(Measure(Racy(3, 1)) == Sizes{.schedules = 90, .classes = 36});
}

TEST_CASE("philosophers have 2^n - 1 classes of schedules, one less if the last one is different") {
  CHECK(Measure(Philosophers(3, false)).classes == 7);
  CHECK(Measure(Philosophers(4, false)).classes == 15);
  CHECK(Measure(Philosophers(4, true)).classes == 14);
}

TEST_CASE("what the environment chooses tells classes apart, the order of readers does not") {
  CHECK(Measure([](Execution& execution) {
          Atomic<int> x{0, "x"};
          for (int t = 0; t < 3; ++t) execution.Spawn("reader", [&x] { x.load(); });
          execution.JoinAll();
        }) == Sizes{.schedules = 6, .classes = 1});
  CHECK(Measure([](Execution& execution) {
          Atomic<int> x{0, "x"};
          for (int t = 0; t < 2; ++t) {
            execution.Spawn("reader", [&] {
              x.load();
              execution.Choose(3);
            });
          }
          execution.JoinAll();
        }) == Sizes{.schedules = 18, .classes = 9});
}

}  // namespace
}  // namespace heddle
