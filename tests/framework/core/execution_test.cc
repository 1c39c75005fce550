// SPDX-License-Identifier: MIT
//
// The engine's own rules: what belongs to a step, when tasks start and end, what choices and faults
// cost, when invariants are checked, how objects are named, and each way in which an execution
// ends.

#include "heddle/core/execution.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "heddle/strategy/replay.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/broken_check.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

// ---- Tasks and steps

TEST_CASE("a task runs up to its first scheduling point before Spawn returns, without a step") {
  const auto result = ExploreAll([](Execution& execution) {
    std::string order;
    execution.Spawn("child", [&] {
      order += 'c';
      execution.Yield();
      order += 'd';
    });
    order += 'm';
    HEDDLE_ENSURE(order == "cm");
    HEDDLE_ENSURE(execution.step() == 0);
    execution.JoinAll();
    HEDDLE_ENSURE(order == "cmd");
  });
  CheckClean(result, 1);
  CHECK(result.steps == 2);
}

TEST_CASE("tasks spawned by tasks are numbered in order of their birth") {
  CheckClean(ExploreAll([](Execution& execution) {
               TaskId inner;
               const TaskId outer = execution.Spawn("outer", [&] {
                 inner = execution.Spawn("inner", [] {});
                 execution.Join(inner);
               });
               const TaskId last = execution.Spawn("last", [] {});
               HEDDLE_ENSURE(outer == TaskId{1} && inner == TaskId{2} && last == TaskId{3});
               execution.Join(outer);
             }),
             1);
}

TEST_CASE("what a task captured lives until it ends, and dies then") {
  struct Witness {
    explicit Witness(int* counter) : count(counter) { ++*count; }
    Witness(const Witness& other) : count(other.count) { ++*count; }
    ~Witness() { --*count; }
    int* count;
  };
  CheckClean(ExploreAll([](Execution& execution) {
               int alive = 0;
               const TaskId task = [&] {
                 const Witness witness(&alive);
                 return execution.Spawn("holder", [&execution, witness] { execution.Yield(); });
               }();
               HEDDLE_ENSURE(alive == 1);
               execution.Join(task);
               HEDDLE_ENSURE(alive == 0);
             }),
             1);
}

TEST_CASE("a yield goes on with another task if there is one, and that is no preemption") {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    std::string order;
    execution.Spawn("a", [&] {
      execution.Yield();
      order += 'a';
    });
    execution.Yield();
    order += 'm';
    execution.JoinAll();
    orders.insert(order);
  };
  CheckClean(ExploreAll(body, {.preemptions = 0}), 1);
  CHECK(orders == std::set<std::string>{"am"});
}

TEST_CASE("a join waits for its task, JoinAll for all but idle daemons") {
  CheckClean(ExploreAll(
                 [](Execution& execution) {
                   int ended = 0;
                   const auto run = [&] {
                     execution.Yield();
                     ++ended;
                   };
                   const TaskId first = execution.Spawn("first", run);
                   execution.Join(first);
                   HEDDLE_ENSURE(ended == 1);
                   execution.Spawn("second", run);
                   execution.Spawn("third", run);
                   execution.JoinAll();
                   HEDDLE_ENSURE(ended == 3);
                   execution.Join(first);  // Once more: it is over at once.
                 },
                 {.preemptions = 0}),
             2);
}

// ---- Choices and faults

TEST_CASE("all values of a choice are explored within any bounds, those of a fault within theirs") {
  std::set<uint32_t> values;
  const auto choose = [&](Execution& execution) { values.insert(execution.Choose(5)); };
  CheckClean(ExploreAll(choose, {.preemptions = 0, .faults = 0}), 5);
  CHECK(values == std::set<uint32_t>{0, 1, 2, 3, 4});

  std::map<int, int> runs_by_faults;
  const auto fail = [&](Execution& execution) {
    int faults = 0;
    for (int i = 0; i < 3; ++i) faults += execution.MayFail("site") ? 1 : 0;
    HEDDLE_ENSURE(static_cast<uint32_t>(faults) == execution.decider().faults());
    runs_by_faults[faults] = 1;
  };
  CheckClean(ExploreAll(fail, {.preemptions = 0, .faults = 0}), 1);
  CHECK(runs_by_faults == std::map<int, int>{{0, 1}});
  CheckClean(ExploreAll(fail, {.preemptions = 0, .faults = 2}), 1 + 3 + 3);
  CHECK(runs_by_faults == std::map<int, int>{{0, 1}, {1, 1}, {2, 1}});
}

TEST_CASE("a choice among no values breaks a check that names its site") {
  const EndOfProcess end =
      InProcess([] { ExploreAll([](Execution& execution) { execution.Choose(0, "dice"); }); });
  CHECK(end.status == kBrokenCheckExitStatus);
  CHECK(end.errors.find("a choice among no values at dice") != std::string::npos);
}

// ---- Invariants

TEST_CASE("an invariant is checked after each step, one of the end only there") {
  const auto program = [](CheckedAt when, bool is_repaired) {
    return [=](Execution& execution) {
      const auto balance = std::make_shared<int>(0);
      execution.AddInvariant({.property = "INV-1", .when = when, .check = [balance] {
                                std::optional<Violation> violation;
                                if (*balance != 0) {
                                  violation = {.sentence = "the balance is off",
                                               .objects = {"account"},
                                               .functions = {"Move"}};
                                }
                                return violation;
                              }});
      execution.Spawn("mover", [=] {
        Execution::Current().Yield();
        *balance = 1;
        Execution::Current().Yield();
        if (is_repaired) *balance = 0;
      });
      execution.JoinAll();
    };
  };
  const auto between = ExploreAll(program(CheckedAt::kEveryStep, true));
  const Failure& failure = RequireOne(between, FailureKind::kInvariant, {"account"});
  CHECK(failure.property == "INV-1");
  CHECK(failure.title == "the balance is off");
  CHECK(failure.functions == Names{"Move"});
  CHECK(failure.tasks == Names{"mover"});
  CHECK(ExploreAll(program(CheckedAt::kEnd, true)).failure() == nullptr);
  const auto at_end = ExploreAll(program(CheckedAt::kEnd, false));
  RequireOne(at_end, FailureKind::kInvariant, {"account"});
}

// ---- Names

TEST_CASE("only a second live object of one name gets a number") {
  const auto name_of_second = [](bool first_is_gone) {
    const auto result = ExploreAll([first_is_gone](Execution&) {
      std::optional<Mutex> first(std::in_place, "lock");
      first->Lock();
      first->Unlock();
      if (first_is_gone) first.reset();
      Mutex second{"lock"};
      second.Unlock();
    });
    REQUIRE(result.findings.size() == 1);
    return result.failure()->objects;
  };
  CHECK(name_of_second(false) == Names{"lock#2"});
  CHECK(name_of_second(true) == Names{"lock"});
}

TEST_CASE("interned text is the same for equal texts and outlives its source") {
  CheckClean(ExploreAll([](Execution& execution) {
               std::string text = "name";
               const char* const first = execution.Intern(text);
               text = "other";
               HEDDLE_ENSURE(std::string(first) == "name");
               HEDDLE_ENSURE(execution.Intern("name") == first);
               HEDDLE_ENSURE(execution.Intern(text) != first);
             }),
             1);
}

TEST_CASE("a parameter is read by name, one that does not exist breaks a check") {
  int64_t seen = 0;
  Explore({.parameters = {{"tasks", 12}}},
          [&](Execution& execution) { seen = execution.Parameter("tasks"); });
  CHECK(seen == 12);
  const EndOfProcess end =
      InProcess([] { ExploreAll([](Execution& execution) { execution.Parameter("rounds"); }); });
  CHECK(end.status == kBrokenCheckExitStatus);
  CHECK(end.errors.find("the scenario has no parameter rounds") != std::string::npos);
}

// ---- Ends

TEST_CASE("a primitive outside a task breaks a check that says where it belongs") {
  const EndOfProcess mutex = InProcess([] {
    Mutex m{"m"};
    m.Lock();
  });
  CHECK(mutex.status == kBrokenCheckExitStatus);
  CHECK(mutex.errors.find("a primitive of heddle was used outside a task; use it in the body given "
                          "to heddle::Explore or in a task spawned by it") != std::string::npos);
  const EndOfProcess atomic = InProcess([] { Atomic<int>(0, "x").load(); });
  CHECK(atomic.status == kBrokenCheckExitStatus);
}

TEST_CASE("a join of a task that does not exist breaks a check that shows the schedule so far") {
  const EndOfProcess end = InProcess([] {
    ExploreAll([](Execution& execution) {
      execution.Choose(2);
      execution.Join(TaskId{9});
    });
  });
  CHECK(end.status == kBrokenCheckExitStatus);
  CHECK(end.errors.find("task 9 does not exist") != std::string::npos);
}

TEST_CASE(
    "an Execution that runs again after another one breaks a check: they share their stacks") {
  const std::function<void(Execution&)> body = [](Execution& execution) { execution.Yield(); };
  const auto run = [&](Execution* execution) {
    Replay once({});
    once.BeginExecution();
    execution->Run(once, body, {});
  };
  const EndOfProcess end = InProcess([&] {
    Execution first;
    Execution second;
    run(&first);
    run(&first);
    run(&second);
    run(&first);
  });
  CHECK(end.status == kBrokenCheckExitStatus);
  CHECK(end.errors.find("an Execution ran after another one had taken its stacks") !=
        std::string::npos);
}

TEST_CASE("an exception that leaves a task is a failure, and the search goes on") {
  const auto result = ExploreAll([](Execution& execution) {
    const uint32_t choice = execution.Choose(3);
    execution.Spawn("thrower", [choice] {
      if (choice == 1) throw std::runtime_error("out of paper");
    });
  });
  CHECK(result.executions == 3);
  const Failure& failure = RequireOne(result, FailureKind::kUncaughtException, {});
  CHECK(failure.title.find("an exception left the task: out of paper; thrower in operator(), "
                           "tests/framework/core/execution_test.cc:") == 0);
  CHECK(failure.tasks == Names{"thrower"});
}

TEST_CASE("more steps than allowed are a failure that names the task of the last one") {
  const auto result = Explore({.limits = {.steps_max = 10}}, [](Execution& execution) {
    execution.Spawn("spinner", [&] {
      while (true) execution.Yield();
    });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kStepLimit, {});
  CHECK(failure.title == "more than 10 scheduling points; spinner took the last one");
  CHECK(failure.step == 11);
}

TEST_CASE("more tasks than allowed are misuse") {
  const auto result = Explore({.limits = {.tasks_max = 3}}, [](Execution& execution) {
    for (int i = 0; i < 3; ++i) execution.Spawn("child", [] {});
  });
  CHECK(RequireOne(result, FailureKind::kMisuse, {})
            .title.find("more than 3 tasks; raise the limit tasks_max or spawn fewer; main in "
                        "operator(), tests/framework/core/execution_test.cc:") == 0);
}

TEST_CASE("the first failure is the one that counts, and nothing after it runs") {
  int ran_on = 0;
  const auto result = ExploreAll([&](Execution& execution) {
    execution.Spawn("other", [&] {
      execution.Yield();
      ++ran_on;
    });
    execution.Fail({.title = "stop"});
  });
  CHECK(RequireOne(result, FailureKind::kAssertion, {}).title == "stop");
  CHECK(ran_on == 0);
}

TEST_CASE("a task that dies of an oops stops for ever, with what it holds; the others go on") {
  const auto result = ExploreAll([](Execution& execution) {
    static Mutex mutex{"mutex"};
    execution.set_oops_handler([](Execution&, Failure*) { return true; });
    const TaskId victim = execution.Spawn("victim", [&] {
      mutex.Lock();
      execution.Fail({.kind = FailureKind::kOops, .title = "null pointer"});
    });
    execution.Join(victim);
    HEDDLE_ENSURE(execution.tasks()[victim].state == TaskState::kDead);
    HEDDLE_ENSURE(mutex.IsLocked());
    mutex.Lock();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"mutex"});
  REQUIRE(failure.waits.size() == 2);
  CHECK(failure.waits[1].task_name == "victim");
  CHECK(failure.waits[1].is_dead);
  CHECK_FALSE(failure.waits[1].has_finished);
}

TEST_CASE("without a handler an oops ends the execution") {
  const auto result = ExploreAll([](Execution& execution) {
    execution.Fail({.kind = FailureKind::kOops, .title = "null pointer"});
  });
  CHECK(RequireOne(result, FailureKind::kOops, {}).title == "null pointer");
}

}  // namespace
}  // namespace heddle
