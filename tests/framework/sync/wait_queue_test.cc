// SPDX-License-Identifier: MIT
//
// Each rule of the wait queue's contract, by searching small programs in full.

#include "heddle/sync/wait_queue.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "heddle/sync/atomic.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

TEST_CASE("a task that enters before it tests its condition never misses a wake-up") {
  const auto body = [](Execution& execution) {
    WaitQueue queue{"queue"};
    Atomic<bool> ready{false, "ready"};
    execution.Spawn("waiter", [&] {
      queue.Wait([&] { return ready.load(); });
      HEDDLE_ENSURE(ready.load());
    });
    execution.Spawn("waker", [&] {
      ready.store(true);
      queue.WakeAll();
    });
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

TEST_CASE("a task that tests its condition before it enters may miss the wake-up and hang") {
  const auto result = ExploreAll([](Execution& execution) {
    WaitQueue queue{"queue"};
    Atomic<bool> ready{false, "ready"};
    execution.Spawn("waiter", [&] {
      if (ready.load()) return;
      WaitQueue::Entry entry(queue);
      entry.Block();
    });
    execution.Spawn("waker", [&] {
      ready.store(true);
      queue.WakeAll();
    });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"queue"});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "waiter");
  CHECK(failure.waits[0].verb == "wait in");
}

TEST_CASE("a wake-up between entry and block ends the block at once") {
  CheckClean(ExploreAll([](Execution&) {
               WaitQueue queue{"queue"};
               WaitQueue::Entry entry(queue);
               HEDDLE_ENSURE(queue.HasWaiters());
               HEDDLE_ENSURE(queue.WakeOne());
               HEDDLE_ENSURE(!queue.HasWaiters());
               entry.Block();
               HEDDLE_ENSURE(queue.HasWaiters());  // Block entered it again.
             }),
             1);
}

TEST_CASE(
    "one wake-up reaches one entry, which of them is a free choice, one for all reaches all") {
  std::set<std::string> first;
  const auto body = [&](Execution& execution) {
    WaitQueue queue{"queue"};
    std::string order;
    for (const char* name : {"a", "b", "c"}) {
      execution.Spawn(name, [&, name] {
        WaitQueue::Entry entry(queue);
        entry.Block();
        order += name;
      });
    }
    while (order.empty()) {
      if (!queue.WakeOne()) execution.Yield();
    }
    first.insert(order.substr(0, 1));
    while (order.size() < 3) {
      if (queue.WakeAll() == 0) execution.Yield();
    }
    execution.JoinAll();
    HEDDLE_ENSURE(!queue.WakeOne() && queue.WakeAll() == 0);
  };
  CHECK(ExploreAll(body, {.preemptions = 0}).failure() == nullptr);
  CHECK(first == std::set<std::string>{"a", "b", "c"});
}

TEST_CASE("a wait with a deadline ends there, but tells of a condition that holds by then") {
  CheckClean(ExploreAll(
                 [](Execution& execution) {
                   WaitQueue queue{"queue"};
                   HEDDLE_ENSURE(!queue.WaitFor(milliseconds(2), [] { return false; }));
                   HEDDLE_ENSURE(execution.now().value == 2'000'000);
                   const auto deadline_passed = [&] { return execution.now().value > 2'000'000; };
                   HEDDLE_ENSURE(queue.WaitFor(milliseconds(2), deadline_passed));
                   HEDDLE_ENSURE(!queue.HasWaiters());
                 },
                 {.preemptions = 0, .faults = 0}),
             1);
}

TEST_CASE("an interruptible wait ends early only as a fault, and its entry is gone") {
  bool was_interrupted = false;
  const auto body = [&](Execution& execution) {
    WaitQueue queue{"queue"};
    Atomic<bool> ready{false, "ready"};
    execution.Spawn("waiter", [&] {
      const Outcome outcome = queue.Wait([&] { return ready.load(); }, {.interruptible = true});
      was_interrupted |= outcome == Outcome::kInterrupted;
      HEDDLE_ENSURE((outcome == Outcome::kReady) == ready.load());
      HEDDLE_ENSURE(!queue.HasWaiters());
    });
    execution.Yield();
    ready.store(true);
    queue.WakeAll();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 0, .faults = 0}).failure() == nullptr);
  CHECK_FALSE(was_interrupted);
  const auto with_fault = ExploreAll(body, {.preemptions = 0, .faults = 1});
  CHECK(with_fault.failure() == nullptr);
  CHECK(was_interrupted);
}

TEST_CASE("a wait queue destroyed while a task is blocked in it is misuse") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        auto queue = std::make_unique<WaitQueue>("queue");
        execution.Spawn("waiter", [&] { queue->Wait([] { return false; }); });
        execution.Yield();
        queue.reset();
        execution.JoinAll();
      },
      {.preemptions = 0});
  CHECK(RequireOne(result, FailureKind::kMisuse, {"queue"}).title ==
        "wait queue destroyed while waiter waits on it");
}

}  // namespace
}  // namespace heddle
