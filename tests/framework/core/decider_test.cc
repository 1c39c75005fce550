// SPDX-License-Identifier: MIT
//
// What a decider offers, what it records, and what each answer costs, with a strategy that gives
// prepared answers and tasks that never run.

#include "heddle/core/decider.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <vector>

#include "heddle/core/execution.h"

namespace heddle {
namespace {

constexpr OperationType kPass{.verb = "pass"};
constexpr OperationType kBlocked{.verb = "wait",
                                 .ready = [](const Execution&, const Operation&) { return false; }};

using Ids = std::vector<uint16_t>;

// Answers as it was told, and keeps what it was asked.
class Prepared final : public Strategy {
 public:
  bool BeginExecution() override { return true; }
  std::span<const Decision> Prefix() const override { return prefix; }
  Bounds ExecutionBounds() const override { return bounds; }
  TaskId ChooseTask(const ChoicePoint& point) override {
    offered.emplace_back();
    for (TaskId id = point.alternatives.First(); id != kNoTask; id = point.alternatives.After(id)) {
      offered.back().push_back(id.value);
    }
    preferred.push_back(point.preferred.value);
    if (tasks.empty()) return point.preferred;
    const TaskId next = tasks.front();
    tasks.pop_front();
    return next;
  }
  uint32_t ChooseValue(const ValueChoice& choice) override {
    value_bounds.push_back(choice.bound);
    return std::min(value, choice.bound - 1);
  }
  void EndExecution(const ExecutionSummary& /*summary*/) override {}

  std::vector<Decision> prefix;
  Bounds bounds;
  std::deque<TaskId> tasks;
  uint32_t value = 0;
  std::vector<Ids> offered;
  Ids preferred;
  std::vector<uint32_t> value_bounds;
};

struct Fixture {
  explicit Fixture(Prepared prepared = {}) : strategy(std::move(prepared)) {
    list.Reset();
    for (const char* name : {"a", "b", "c"}) {
      list.Publish(execution, &list.Add(name), pass);
    }
    decider.Begin(execution, &strategy);
  }
  void Block(uint16_t task, const Operation& operation) {
    list.Publish(execution, &list[TaskId{task}], operation);
  }
  TaskId Next(uint16_t running, bool may_continue) {
    return decider.NextTask(list, TaskId{running}, may_continue, &outcome);
  }

  Operation pass{.type = &kPass};
  Operation blocked{.type = &kBlocked};
  Operation until_9{.type = &kBlocked, .deadline = VirtualTime{9}};
  Operation until_4{.type = &kBlocked, .deadline = VirtualTime{4}};
  Operation signal{.type = &kBlocked, .interruptible = true};
  Execution execution;
  TaskList list;
  Prepared strategy;
  Decider decider;
  Outcome outcome = Outcome::kReady;
};

TEST_CASE("a blocked task is never offered to the strategy") {
  Fixture f;
  f.Block(1, f.blocked);
  f.Next(0, true);
  CHECK(f.strategy.offered == std::vector<Ids>{{0, 2}});
}

TEST_CASE("a choice among one is neither asked for nor recorded") {
  Fixture f;
  f.Block(1, f.blocked);
  f.Block(2, f.blocked);
  CHECK(f.Next(0, true) == TaskId{0});
  f.Block(0, f.blocked);
  CHECK(f.Next(0, false) == kNoTask);
  CHECK(f.strategy.offered.empty());
  CHECK(f.decider.decisions().empty());
}

TEST_CASE("going on with another task costs a preemption only where the running one could go on") {
  Fixture f;
  f.strategy.tasks = {TaskId{0}, TaskId{1}, TaskId{2}};
  CHECK(f.Next(0, true) == TaskId{0});
  CHECK_FALSE(f.decider.preempted());
  CHECK(f.Next(0, true) == TaskId{1});
  CHECK(f.decider.preempted());
  CHECK(f.decider.preemptions() == 1);
  f.Block(1, f.blocked);
  CHECK(f.Next(1, false) == TaskId{2});
  CHECK_FALSE(f.decider.preempted());
  CHECK(f.decider.preemptions() == 1);
  CHECK(f.decider.decisions().size() == 3);
}

TEST_CASE("without preemptions left only the running task is offered, and that is recorded") {
  Prepared prepared;
  prepared.bounds = {.preemptions = 0, .faults = 0};
  Fixture f(prepared);
  CHECK(f.Next(1, true) == TaskId{1});
  CHECK(f.strategy.offered == std::vector<Ids>{{1}});
  CHECK(f.decider.decisions().size() == 1);
}

TEST_CASE("a task that gave way is offered only if there is no other") {
  Fixture f;
  f.Next(0, false);
  CHECK(f.strategy.offered == std::vector<Ids>{{1, 2}});
  CHECK(f.strategy.preferred == Ids{1});
  f.Block(1, f.blocked);
  f.Block(2, f.blocked);
  CHECK(f.Next(0, false) == TaskId{0});
}

TEST_CASE("only the earliest deadline is offered, for a fault while somebody can go on") {
  Prepared prepared;
  prepared.bounds = {.preemptions = kUnbounded, .faults = 1};
  prepared.tasks = {TaskId{2}};
  Fixture f(prepared);
  f.Block(1, f.until_9);
  f.Block(2, f.until_4);
  CHECK(f.Next(0, false) == TaskId{2});
  CHECK(f.outcome == Outcome::kTimedOut);
  CHECK(f.decider.faults() == 1);
  CHECK(f.strategy.offered == std::vector<Ids>{{0, 2}});
  f.Next(0, true);  // The budget is used up, but it is a decision still.
  CHECK(f.strategy.offered == std::vector<Ids>{{0, 2}, {0}});
  CHECK(f.decider.decisions().size() == 2);
}

TEST_CASE("time passes free of charge when nobody can go on") {
  Fixture f;
  f.Block(0, f.blocked);
  f.Block(1, f.until_9);
  f.Block(2, f.until_4);
  CHECK(f.Next(0, false) == TaskId{2});
  CHECK(f.outcome == Outcome::kTimedOut);
  CHECK(f.decider.faults() == 0);
  CHECK(f.decider.decisions().empty());
}

TEST_CASE("a signal ends a wait for a fault, and never where nobody can go on") {
  Fixture f;
  f.strategy.tasks = {TaskId{2}};
  f.Block(2, f.signal);
  CHECK(f.Next(0, true) == TaskId{2});
  CHECK(f.outcome == Outcome::kInterrupted);
  CHECK(f.decider.faults() == 1);
  f.Block(0, f.blocked);
  f.Block(1, f.blocked);
  CHECK(f.Next(0, false) == kNoTask);
}

TEST_CASE("values are recorded, and those that are faults offered only while the budget lasts") {
  Prepared prepared;
  prepared.bounds = {.preemptions = kUnbounded, .faults = 1};
  prepared.value = 1;
  Fixture f(prepared);
  CHECK(f.decider.NextValue(1, true, "site") == 0);
  CHECK(f.decider.decisions().empty());
  CHECK(f.decider.NextValue(2, true, "site") == 1);
  CHECK(f.decider.faults() == 1);
  CHECK(f.decider.NextValue(2, true, "site") == 0);
  CHECK(f.decider.NextValue(3, false, "site") == 1);
  CHECK(f.decider.faults() == 1);
  CHECK(f.strategy.value_bounds == std::vector<uint32_t>{2, 1, 3});
  CHECK(f.decider.decisions().size() == 3);
}

TEST_CASE("a prefix is followed without asking, then the strategy is asked") {
  Prepared prepared;
  prepared.prefix = {Decision::Task(TaskId{2}), Decision::Value(4), Decision::Task(TaskId{1})};
  Fixture f(prepared);
  CHECK(f.Next(0, true) == TaskId{2});
  CHECK(f.decider.preemptions() == 1);
  CHECK(f.decider.NextValue(5, false, "site") == 4);
  CHECK(f.Next(2, true) == TaskId{1});
  CHECK(f.decider.preemptions() == 2);
  CHECK(f.decider.decisions_before_choice() == 2);
  CHECK(f.strategy.offered.empty());
  f.Next(1, true);
  CHECK(f.strategy.offered.size() == 1);
  CHECK_FALSE(f.decider.diverged());
}

TEST_CASE("a prefix that asks for what is not offered diverges at that decision") {
  const auto diverges = [](Decision decision, bool asks_for_value) {
    Prepared prepared;
    prepared.prefix = {decision};
    Fixture f(prepared);
    f.Block(1, f.blocked);
    if (asks_for_value) {
      f.decider.NextValue(2, false, "site");
    } else {
      const TaskId next = f.Next(0, true);
      CHECK((next == kNoTask) == f.decider.diverged());
    }
    CHECK(f.decider.decisions().size() == 1);
    return f.decider.diverged();
  };
  CHECK_FALSE(diverges(Decision::Task(TaskId{2}), false));
  CHECK(diverges(Decision::Task(TaskId{1}), false));
  CHECK(diverges(Decision::Task(TaskId{9}), false));
  CHECK(diverges(Decision::Value(0), false));
  CHECK_FALSE(diverges(Decision::Value(1), true));
  CHECK(diverges(Decision::Value(2), true));
  CHECK(diverges(Decision::Task(TaskId{0}), true));
}

TEST_CASE("a strategy that names no task gives the execution up") {
  Fixture f;
  f.strategy.tasks = {kNoTask};
  CHECK(f.Next(0, true) == kNoTask);
  CHECK(f.decider.given_up());
  CHECK_FALSE(f.decider.diverged());
}

}  // namespace
}  // namespace heddle
