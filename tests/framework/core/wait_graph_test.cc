// SPDX-License-Identifier: MIT
//
// Who is stuck, and when that is known, in small programs whose waits have each kind of owner:
// cycles of one, two and three, chains behind them, ends of chains, and waits that still may end.

#include "heddle/core/wait_graph.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "heddle/sync/completion.h"
#include "heddle/sync/mutex.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

constexpr Bounds kNoPreemptions{.preemptions = 0, .faults = 0};

// The search stops at its first failure: other orders of the same program are other findings.
ExplorationResult FirstOf(const Body& body) {
  return Explore({.bounds = kNoPreemptions}, body);
}

// Task i takes mutex i, lets all others do so, and then wants the next one.
void Ring(Execution& execution, int tasks) {
  Mutex mutexes[] = {Mutex("a"), Mutex("b"), Mutex("c")};
  for (int i = 0; i < tasks; ++i) {
    execution.Spawn("task", [&, i] {
      mutexes[i].Lock();
      execution.Yield();
      mutexes[(i + 1) % tasks].Lock();
    });
  }
  execution.JoinAll();
}

TEST_CASE("a cycle names its tasks in the order of waiting, from the lowest one on") {
  const auto result = FirstOf([](Execution& e) { Ring(e, 3); });
  const Failure& failure = RequireOne(result, FailureKind::kDeadlock, {"a", "b", "c"});
  CHECK(failure.title == "a, b, c");
  CHECK(failure.cycle_size == 3);
  REQUIRE(failure.waits.size() == 4);
  for (uint16_t i = 0; i < 3; ++i) {
    const WaitEdge& edge = failure.waits[i];
    CHECK(edge.task == TaskId{static_cast<uint16_t>(i + 1)});
    CHECK(edge.object == std::string(1, static_cast<char>('a' + (i + 1) % 3)));
    CHECK(edge.owners == std::vector<TaskId>{TaskId{static_cast<uint16_t>((i + 1) % 3 + 1)}});
    REQUIRE(edge.holdings.size() == 1);
    CHECK(edge.holdings[0].object == std::string(1, static_cast<char>('a' + i)));
  }
  CHECK(failure.waits[3].task_name == "main");
  CHECK(failure.waits[3].verb == "join all");
}

TEST_CASE("a cycle is found when it closes, although other tasks could go on for ever") {
  const auto result = FirstOf([](Execution& execution) {
    execution.Spawn("spinner", [&] {
      while (true) execution.Yield();
    });
    Ring(execution, 2);
  });
  const Failure& failure = RequireOne(result, FailureKind::kDeadlock, {"a", "b"});
  CHECK(failure.tasks == Names{"task", "task"});
  CHECK(failure.step < 20);
}

TEST_CASE("a task that waits for one of the cycle is behind it, not part of it") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        Mutex own{"own"};
        own.Lock();
        const TaskId waiter = execution.Spawn("behind", [&] { own.Lock(); });
        static_cast<void>(waiter);
        own.Lock();
      },
      kNoPreemptions);
  const Failure& failure = RequireOne(result, FailureKind::kRecursiveDeadlock, {"own"});
  CHECK(failure.cycle_size == 1);
  CHECK(failure.tasks == Names{"main"});
  REQUIRE(failure.waits.size() == 2);
  CHECK(failure.waits[1].task_name == "behind");
}

TEST_CASE("a chain that ends at a task nobody brings on is a hang of that task") {
  const auto result = FirstOf([](Execution& execution) {
    Mutex mutex{"mutex"};
    Completion never{"never"};
    execution.Spawn("end", [&] {
      mutex.Lock();
      never.Wait();
    });
    execution.Spawn("chained", [&] { mutex.Lock(); });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"never"});
  CHECK(failure.tasks == Names{"end"});
  CHECK(failure.cycle_size == 0);
  REQUIRE(failure.waits.size() == 3);
  CHECK(failure.waits[0].task_name == "end");
  CHECK(failure.waits[0].owners.empty());
}

TEST_CASE("a wait that anybody may end is stuck only when nobody is left") {
  const auto program = [](bool completes) {
    return [completes](Execution& execution) {
      Completion done{"done"};
      execution.Spawn("late", [&, completes] {
        for (int i = 0; i < 3; ++i) execution.Yield();
        if (completes) done.Complete();
      });
      done.Wait();
    };
  };
  CHECK(ExploreAll(program(true)).failure() == nullptr);
  const auto never = ExploreAll(program(false), kNoPreemptions);
  CHECK(RequireOne(never, FailureKind::kHang, {"done"}).tasks == Names{"main"});
}

TEST_CASE("a wait for any of several is stuck only when all of them are") {
  const auto program = [](int completers_that_end) {
    return [completers_that_end](Execution& execution) {
      Mutex mutex{"mutex"};
      Completion done{"done"};
      mutex.Lock();
      for (int i = 0; i < 2; ++i) {
        done.DeclareCompleter(execution.Spawn("completer", [&, i] {
          execution.Yield();
          if (i >= completers_that_end) mutex.Lock();
          done.Complete();
        }));
      }
      done.Wait();
      mutex.Unlock();
      execution.Fail({.title = "passed"});
    };
  };
  const auto one_ends = ExploreAll(program(1), kNoPreemptions);
  CHECK(RequireOne(one_ends, FailureKind::kAssertion, {}).title == "passed");
  RequireOne(ExploreAll(program(0), kNoPreemptions), FailureKind::kDeadlock, {"done", "mutex"});
}

TEST_CASE("a wait with a deadline is never stuck, nor is who waits behind it") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        Mutex mutex{"mutex"};
        Completion never{"never"};
        execution.Spawn("timed", [&] {
          mutex.Lock();
          never.WaitFor(std::chrono::seconds(1));
          mutex.Unlock();
        });
        mutex.Lock();
        mutex.Unlock();
        execution.JoinAll();
      },
      kNoPreemptions);
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

TEST_CASE("who waits for what a finished task holds is a hang that names the owner") {
  const auto result = ExploreAll([](Execution& execution) {
    static Mutex mutex{"mutex"};
    execution.Spawn("forgetful", [&] { mutex.Lock(); });
    execution.Yield();
    mutex.Lock();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"mutex"});
  CHECK(failure.tasks == Names{"main"});
  REQUIRE(failure.waits.size() == 2);
  CHECK(failure.waits[1].task_name == "forgetful");
  CHECK(failure.waits[1].is_dead);
  CHECK(failure.waits[1].has_finished);
}

TEST_CASE("an idle daemon is not stuck, and nobody waits for it") {
  constexpr static OperationType kIdle{
      .verb = "idle",
      .ready = [](const Execution&, const Operation&) { return false; },
      .rule = WaitRule::kIdle};
  const auto result = ExploreAll([](Execution& execution) {
    execution.SpawnDaemon("worker", [&] { execution.SchedulingPoint({.type = &kIdle}); });
    execution.JoinAll();
  });
  CheckClean(result, 1);
}

}  // namespace
}  // namespace heddle
