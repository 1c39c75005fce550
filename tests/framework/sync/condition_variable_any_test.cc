// SPDX-License-Identifier: MIT
//
// Each rule of the contract over locks that std::condition_variable cannot take: a spinlock itself,
// a shared lock.

#include "heddle/sync/condition_variable_any.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>

#include "heddle/sync/mutex.h"
#include "heddle/sync/shared_mutex.h"
#include "heddle/sync/spinlock.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

constexpr Bounds kNoFaults{.preemptions = kUnbounded, .faults = 0};

TEST_CASE("a notification after the lock was let go is never lost") {
  const auto body = [](Execution& execution) {
    Spinlock lock{"lock"};
    ConditionVariableAny changed{"changed"};
    bool ready = false;
    execution.Spawn("waiter", [&] {
      lock.Lock();
      changed.wait(lock, [&] { return ready; });
      HEDDLE_ENSURE(ready && lock.IsHeld());
      lock.Unlock();
    });
    execution.Spawn("changer", [&] {
      lock.Lock();
      ready = true;
      lock.Unlock();
      changed.notify_one();
    });
    execution.JoinAll();
  };
  const auto result = ExploreAll(body, kNoFaults);
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

TEST_CASE("a notification before the wait is lost, and the waiter hangs") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        Mutex mutex{"mutex"};
        ConditionVariableAny changed{"changed"};
        execution.Spawn("waiter", [&] {
          std::unique_lock lock(mutex);
          changed.wait(lock);
        });
        execution.Spawn("changer", [&] { changed.notify_all(); });
        execution.JoinAll();
      },
      kNoFaults);
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"changed"});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "waiter");
}

TEST_CASE("readers wait with their shared locks at the same time") {
  int most = 0;
  const auto body = [&](Execution& execution) {
    SharedMutex mutex{"mutex"};
    ConditionVariableAny changed{"changed"};
    int waiting = 0;
    const auto wait = [&] {
      std::shared_lock lock(mutex);
      if (++waiting > most) most = waiting;
      changed.wait(lock);
      --waiting;
    };
    execution.Spawn("a", wait);
    execution.Spawn("b", wait);
    while (waiting < 2) execution.Yield();
    mutex.Lock();  // Both have let go.
    mutex.Unlock();
    changed.notify_all();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 0, .faults = 0}).failure() == nullptr);
  CHECK(most == 2);
}

TEST_CASE("a wait ends without a notification only as a fault") {
  const auto body = [](Execution& execution) {
    Mutex mutex{"mutex"};
    ConditionVariableAny changed{"changed"};
    bool is_notified = false;
    execution.Spawn("waiter", [&] {
      std::unique_lock lock(mutex);
      changed.wait(lock);
      HEDDLE_ENSURE(is_notified);
    });
    execution.Yield();
    is_notified = true;
    changed.notify_one();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 0, .faults = 0}).failure() == nullptr);
  CHECK(RequireOne(ExploreAll(body, {.preemptions = 0, .faults = 1}), FailureKind::kAssertion, {})
            .title == "is_notified");
}

TEST_CASE("a timed wait gives up at its deadline with the lock held") {
  CheckClean(
      ExploreAll(
          [](Execution& execution) {
            Mutex mutex{"mutex"};
            ConditionVariableAny changed{"changed"};
            std::unique_lock lock(mutex);
            HEDDLE_ENSURE(changed.wait_for(lock, milliseconds(3)) == std::cv_status::timeout);
            HEDDLE_ENSURE(mutex.IsHeld());
            HEDDLE_ENSURE(execution.now().value == 3'000'000);
            HEDDLE_ENSURE(!changed.wait_until(lock, VirtualClock::now() + milliseconds(1),
                                              [] { return false; }));
            HEDDLE_ENSURE(execution.now().value == 4'000'000);
            HEDDLE_ENSURE(changed.wait_for(lock, milliseconds(-1)) == std::cv_status::timeout);
            HEDDLE_ENSURE(mutex.IsHeld());
          },
          {.preemptions = 0, .faults = 0}),
      1);
}

TEST_CASE("any one of the waiters may be the one that is notified") {
  std::set<std::string> first;
  const auto body = [&](Execution& execution) {
    Mutex mutex{"mutex"};
    ConditionVariableAny changed{"changed"};
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
    changed.notify_one();
    while (order.empty()) execution.Yield();
    changed.notify_one();
    execution.JoinAll();
    first.insert(order);
  };
  CHECK(ExploreAll(body, {.preemptions = 1, .faults = 0}).failure() == nullptr);
  CHECK(first == std::set<std::string>{"ab", "ba"});
}

TEST_CASE("a condition variable may be destroyed after the notification, not before") {
  const auto program = [](bool notifies) {
    return [notifies](Execution& execution) {
      Mutex mutex{"mutex"};
      auto changed = std::make_unique<ConditionVariableAny>("changed");
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
  CHECK(ExploreAll(program(true), bounds).failure() == nullptr);
}

}  // namespace
}  // namespace heddle
