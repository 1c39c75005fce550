// SPDX-License-Identifier: MIT
//
// Each rule of the condition variable's contract, by searching small programs in full: what is
// lost, whom a notification reaches, what a wait does with its mutex, and misuse.

#include "heddle/sync/condition_variable.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

constexpr Bounds kNoFaults{.preemptions = kUnbounded, .faults = 0};

TEST_CASE("a waiter that tests its condition under the mutex never misses the change") {
  const auto body = [](Execution& execution) {
    Mutex mutex{"mutex"};
    ConditionVariable changed{"changed"};
    bool ready = false;
    execution.Spawn("waiter", [&] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return ready; });
      HEDDLE_ENSURE(ready && mutex.IsHeld());
    });
    execution.Spawn("changer", [&] {
      {
        const std::lock_guard guard(mutex);
        ready = true;
      }
      changed.notify_one();
    });
    execution.JoinAll();
  };
  // The changer first: its notification before the waiter's lock or after it. The waiter first: the
  // changer's lock before or after the wait begins; one order remains of the rest.
  const auto without_faults = ExploreAll(body, kNoFaults);
  CHECK(without_faults.failure() == nullptr);
  CHECK(without_faults.exhausted);
  const auto with_faults = ExploreAll(body);
  CHECK(with_faults.failure() == nullptr);
  CHECK(with_faults.exhausted);
  CHECK(with_faults.executions > without_faults.executions);
}

TEST_CASE("a notification that finds nobody waiting is lost") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        Mutex mutex{"mutex"};
        ConditionVariable changed{"changed"};
        execution.Spawn("waiter", [&] {
          std::unique_lock lock(mutex);
          changed.wait(lock);
        });
        execution.Spawn("notifier", [&] { changed.notify_all(); });
        execution.JoinAll();
      },
      kNoFaults);
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"changed"});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "waiter");
  CHECK(failure.waits[0].verb == "await");
}

// Two tasks wait; main goes on once both do.
template <class Notify>
std::set<std::string> OrdersOfWaiters(Notify notify) {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    Mutex mutex{"mutex"};
    ConditionVariable changed{"changed"};
    std::string order;
    int waiting = 0;
    for (const char* name : {"a", "b"}) {
      execution.Spawn(name, [&, name] {
        std::unique_lock lock(mutex);
        ++waiting;
        changed.wait(lock);
        order += name;
      });
    }
    while (waiting < 2) execution.Yield();
    mutex.Lock();  // Both have let go of it.
    notify(changed);
    mutex.Unlock();
    execution.JoinAll();
    orders.insert(order);
  };
  const auto result = ExploreAll(body, {.preemptions = 1, .faults = 0});
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
  return orders;
}

TEST_CASE("one notification reaches any one of the waiters, one for all reaches all") {
  const std::set<std::string> both{"ab", "ba"};
  CHECK(OrdersOfWaiters([](ConditionVariable& changed) {
          changed.notify_one();
          changed.notify_one();
        }) == both);
  CHECK(OrdersOfWaiters([](ConditionVariable& changed) { changed.notify_all(); }) == both);
}

TEST_CASE("a wait ends without a notification only as a fault, with the mutex held") {
  const auto body = [](Execution& execution) {
    Mutex mutex{"mutex"};
    ConditionVariable changed{"changed"};
    bool is_notified = false;
    execution.Spawn("waiter", [&] {
      mutex.Lock();
      changed.Wait(mutex);
      const bool was_notified = is_notified;
      mutex.Unlock();
      HEDDLE_ENSURE(was_notified);
    });
    execution.Yield();
    mutex.Lock();
    is_notified = true;
    mutex.Unlock();
    changed.NotifyOne();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 0, .faults = 0}).failure() == nullptr);
  const auto spurious = ExploreAll(body, {.preemptions = 0, .faults = 1});
  CHECK(RequireOne(spurious, FailureKind::kAssertion, {}).title == "was_notified");
}

TEST_CASE("a timed wait gives up at its deadline with the mutex held") {
  const auto body = [](Execution& execution) {
    Mutex mutex{"mutex"};
    ConditionVariable changed{"changed"};
    std::unique_lock lock(mutex);
    HEDDLE_ENSURE(changed.wait_for(lock, milliseconds(3)) == std::cv_status::timeout);
    HEDDLE_ENSURE(mutex.IsHeld());
    HEDDLE_ENSURE(execution.now().value == 3'000'000);
    HEDDLE_ENSURE(!changed.wait_for(lock, milliseconds(1), [] { return false; }));
    HEDDLE_ENSURE(changed.wait_until(lock, VirtualClock::now(), [] { return true; }));
    HEDDLE_ENSURE(changed.wait_until(lock, VirtualClock::now()) == std::cv_status::timeout);
    HEDDLE_ENSURE(execution.now().value == 4'000'000);
    HEDDLE_ENSURE(mutex.IsHeld());
  };
  CheckClean(ExploreAll(body, {.preemptions = 0, .faults = 0}), 1);
}

TEST_CASE("a wait with a mutex that the task does not hold is misuse") {
  const auto free_mutex = ExploreAll([](Execution&) {
    Mutex mutex{"mutex"};
    ConditionVariable changed{"changed"};
    changed.Wait(mutex);
  });
  CHECK(RequireOne(free_mutex, FailureKind::kMisuse, {"changed"}).title ==
        "wait with mutex, which the task does not hold");
  const auto empty_lock = ExploreAll([](Execution&) {
    Mutex mutex{"mutex"};
    ConditionVariable changed{"changed"};
    std::unique_lock lock(mutex, std::defer_lock);
    changed.wait(lock);
  });
  CHECK(RequireOne(empty_lock, FailureKind::kMisuse, {"changed"}).title ==
        "wait with a lock that does not hold its mutex");
}

TEST_CASE("two waits at one time with two mutexes are misuse, one after the other they are not") {
  const auto program = [](bool at_once) {
    return [at_once](Execution& execution) {
      Mutex left{"left"};
      Mutex right{"right"};
      ConditionVariable changed{"changed"};
      execution.Spawn("a", [&] {
        left.Lock();
        changed.WaitUntil(left, at_once ? kNever : VirtualTime{1});
        left.Unlock();
      });
      while (execution.now() < VirtualTime{1} && !at_once) execution.Sleep(2);
      execution.Yield();
      right.Lock();
      changed.WaitUntil(right, VirtualTime{10});
      right.Unlock();
      execution.JoinAll();
    };
  };
  const Bounds bounds{.preemptions = 0, .faults = 0};
  CHECK(RequireOne(ExploreAll(program(true), bounds), FailureKind::kMisuse, {"changed"}).title ==
        "wait with right while another task waits with left");
  CHECK(ExploreAll(program(false), bounds).failure() == nullptr);
}

TEST_CASE("a condition variable may be destroyed after the notification, not before") {
  const auto program = [](bool notifies) {
    return [notifies](Execution& execution) {
      Mutex mutex{"mutex"};
      auto changed = std::make_unique<ConditionVariable>("changed");
      execution.Spawn("waiter", [&] {
        std::unique_lock lock(mutex);
        changed->wait(lock);
      });
      execution.Yield();
      if (notifies) changed->notify_all();
      changed.reset();
      execution.JoinAll();
    };
  };
  const Bounds bounds{.preemptions = 0, .faults = 0};
  CHECK(RequireOne(ExploreAll(program(false), bounds), FailureKind::kMisuse, {"changed"}).title ==
        "condition variable destroyed while waiter waits on it");
  CheckClean(ExploreAll(program(true), bounds), 1);
}

}  // namespace
}  // namespace heddle
