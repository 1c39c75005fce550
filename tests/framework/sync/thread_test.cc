// SPDX-License-Identifier: MIT
//
// The thread as std::thread's users know it: arguments, moves, joins, and what std::thread answers
// by ending the process.

#include "heddle/sync/thread.h"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "heddle/sync/clock.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/shared.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

struct Counter {
  void Add(int amount) { value += amount; }
  int value = 0;
};

TEST_CASE("arguments are copied, moved, or passed by reference as std::thread does") {
  CheckClean(ExploreAll([](Execution&) {
               int sum = 0;
               const int addend = 3;
               Thread by_copy([](int a, int& result) { result += a; }, addend, std::ref(sum));
               Thread by_move([&](std::unique_ptr<int> a) { sum += *a; }, std::make_unique<int>(4));
               Counter counter;
               Thread member(&Counter::Add, &counter, 5);
               by_copy.join();
               by_move.join();
               member.join();
               HEDDLE_ENSURE(sum == 7);
               HEDDLE_ENSURE(counter.value == 5);
             }),
             1);
}

TEST_CASE("a join waits for the task, and what that did happens before its return") {
  std::set<int> seen;
  const auto program = [&](bool joins) {
    return [&seen, joins](Execution& execution) {
      Shared<int> data{0, "data"};
      Thread writer = Thread::Named("writer", [&] {
        this_thread::yield();
        data.Set(1);
      });
      if (joins) {
        writer.join();
      } else {
        writer.detach();
      }
      seen.insert(data.Get());
      execution.JoinAll();
    };
  };
  CheckClean(ExploreAll(program(true)), 1);
  CHECK(seen == std::set<int>{1});
  const auto detached = ExploreAll(program(false));
  CHECK(RequireOne(detached, FailureKind::kDataRace, {"data"}).tasks == Names{"main", "writer"});
}

TEST_CASE("a thread that was moved from, joined or detached stands for no task") {
  CheckClean(ExploreAll([](Execution& execution) {
               Thread first([] { this_thread::yield(); });
               const Thread::id id = first.get_id();
               HEDDLE_ENSURE(first.joinable());
               HEDDLE_ENSURE(id != Thread::id());
               HEDDLE_ENSURE(id != this_thread::get_id());
               Thread second(std::move(first));
               HEDDLE_ENSURE(!first.joinable());  // NOLINT: what a move leaves behind is the point
               HEDDLE_ENSURE(first.get_id() == Thread::id());
               HEDDLE_ENSURE(second.get_id() == id);
               swap(first, second);
               HEDDLE_ENSURE(first.get_id() == id && !second.joinable());
               first.join();
               HEDDLE_ENSURE(!first.joinable());
               Thread third([] {});
               third.detach();
               HEDDLE_ENSURE(!third.joinable());
               execution.JoinAll();
             }),
             1);
}

TEST_CASE("a thread without join or detach is misuse when it is destroyed or replaced") {
  const auto destroyed =
      ExploreAll([](Execution&) { const Thread lost = Thread::Named("lost", [] {}); });
  const Failure& failure = RequireOne(destroyed, FailureKind::kMisuse, {});
  CHECK(failure.title == "thread destroyed without join or detach: lost");
  CHECK(failure.tasks == Names{"main"});
  const auto replaced = ExploreAll([](Execution&) {
    Thread thread = Thread::Named("lost", [] {});
    thread = Thread();
  });
  CHECK(RequireOne(replaced, FailureKind::kMisuse, {}).title ==
        "thread replaced without join or detach: lost");
}

TEST_CASE("a thread is joined or detached once") {
  const auto twice = ExploreAll([](Execution&) {
    Thread thread([] {});
    thread.join();
    thread.join();
  });
  CHECK(RequireOne(twice, FailureKind::kMisuse, {}).title ==
        "join of a thread that is not joinable");
  const auto never_started = ExploreAll([](Execution&) { Thread().detach(); });
  CHECK(RequireOne(never_started, FailureKind::kMisuse, {}).title ==
        "detach of a thread that is not joinable");
}

TEST_CASE("a task that joins itself waits for itself") {
  const auto result = ExploreAll([](Execution& execution) {
    Thread self;
    self = Thread::Named("self", [&] {
      this_thread::yield();
      self.join();
    });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kRecursiveDeadlock, {});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "self");
  CHECK(failure.waits[0].verb == "join");
}

TEST_CASE("two tasks that join each other are a deadlock") {
  const auto result = ExploreAll([](Execution& execution) {
    Thread left;
    Thread right;
    left = Thread::Named("left", [&] {
      this_thread::yield();
      right.join();
    });
    right = Thread::Named("right", [&] { left.join(); });
    execution.JoinAll();
  });
  CHECK(RequireOne(result, FailureKind::kDeadlock, {}).tasks == Names{"left", "right"});
}

TEST_CASE("a thread kept from an execution that failed is not joinable in the next one") {
  static Thread kept;
  const auto result = ExploreAll([](Execution& execution) {
    HEDDLE_ENSURE(!kept.joinable());
    kept = Thread([] {});
    if (execution.Choose(2) == 0) execution.Fail({.title = "left joinable"});
    kept.join();
  });
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].failure.title == "left joinable");
  CHECK(result.executions == 2);
}

TEST_CASE("threads kept in a container run in every order") {
  std::set<std::string> orders;
  const auto body = [&](Execution&) {
    Mutex mutex{"mutex"};
    std::string order;
    std::vector<Thread> threads;
    for (const char name : {'a', 'b', 'c'}) {
      threads.emplace_back([&, name] {
        mutex.Lock();
        order += name;
        mutex.Unlock();
      });
    }
    for (Thread& thread : threads) thread.join();
    orders.insert(order);
  };
  CHECK(ExploreAll(body).failure() == nullptr);
  CHECK(orders == std::set<std::string>{"abc", "acb", "bac", "bca", "cab", "cba"});
}

TEST_CASE("sleeps of this_thread move the virtual clock") {
  using std::chrono::milliseconds;
  CheckClean(ExploreAll([](Execution&) {
               const auto start = VirtualClock::now();
               this_thread::sleep_for(milliseconds(5));
               HEDDLE_ENSURE(VirtualClock::now() == start + milliseconds(5));
               this_thread::sleep_until(start + milliseconds(7));
               HEDDLE_ENSURE(VirtualClock::now() == start + milliseconds(7));
             }),
             1);
}

}  // namespace
}  // namespace heddle
