// SPDX-License-Identifier: MIT
//
// Each rule of the recursive mutex's contract, by searching small programs in full.

#include "heddle/sync/recursive_mutex.h"

#include <doctest/doctest.h>

#include <chrono>
#include <mutex>

#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

TEST_CASE("the holder locks again without waiting and without a step") {
  const auto result = ExploreAll([](Execution& execution) {
    RecursiveMutex m{"m"};
    m.Lock();
    const auto step = execution.step();
    m.Lock();
    HEDDLE_ENSURE(m.TryLock());
    HEDDLE_ENSURE(m.try_lock_for(milliseconds(1)));
    HEDDLE_ENSURE(execution.step() == step);
    for (int i = 0; i < 4; ++i) m.Unlock();
  });
  CheckClean(result, 1);
  CHECK(result.racy_locations.empty());
}

TEST_CASE("nobody else gets it before the holder has unlocked as often as it locked") {
  const auto body = [](Execution& execution) {
    RecursiveMutex m{"m"};
    int inside = 0;
    const auto enter = [&] {
      const std::lock_guard outer(m);
      {
        const std::lock_guard inner(m);
        ++inside;
      }
      execution.Yield();
      HEDDLE_ENSURE(inside == 1);
      --inside;
    };
    execution.Spawn("a", enter);
    execution.Spawn("b", enter);
    execution.JoinAll();
  };
  CheckClean(ExploreAll(body), 2);
}

TEST_CASE("another task's trylock fails while it is held, and a timed lock gives up") {
  CheckClean(ExploreAll(
                 [](Execution& execution) {
                   RecursiveMutex m{"m"};
                   m.Lock();
                   m.Lock();
                   m.Unlock();
                   execution.Join(execution.Spawn("other", [&] {
                     HEDDLE_ENSURE(!m.TryLock());
                     HEDDLE_ENSURE(!m.try_lock_for(milliseconds(3)));
                     HEDDLE_ENSURE(execution.now().value == 3'000'000);
                   }));
                   m.Unlock();
                   execution.Join(execution.Spawn("other", [&] {
                     HEDDLE_ENSURE(m.TryLock());
                     m.Unlock();
                   }));
                 },
                 {.preemptions = 0, .faults = 0}),
             1);
}

TEST_CASE("two tasks that take two of them in opposite order deadlock") {
  const auto result = ExploreAll([](Execution& execution) {
    RecursiveMutex a{"a"};
    RecursiveMutex b{"b"};
    const auto take = [](RecursiveMutex& first, RecursiveMutex& second) {
      first.Lock();
      first.Lock();
      second.Lock();
      second.Unlock();
      first.Unlock();
      first.Unlock();
    };
    execution.Spawn("left", [&] { take(a, b); });
    execution.Spawn("right", [&] { take(b, a); });
    execution.JoinAll();
  });
  CHECK(RequireOne(result, FailureKind::kDeadlock, {"a", "b"}).tasks == Names{"left", "right"});
}

TEST_CASE("one unlock too many, or by another task, is misuse") {
  const auto too_many = ExploreAll([](Execution&) {
    RecursiveMutex m{"m"};
    m.Lock();
    m.Lock();
    for (int i = 0; i < 3; ++i) m.Unlock();
  });
  CHECK(RequireOne(too_many, FailureKind::kMisuse, {"m"}).title ==
        "unlock by a task that does not hold the mutex");
  const auto by_other = ExploreAll([](Execution& execution) {
    RecursiveMutex m{"m"};
    m.Lock();
    execution.Spawn("thief", [&] { m.Unlock(); });
    execution.JoinAll();
  });
  CHECK(RequireOne(by_other, FailureKind::kMisuse, {"m"}).tasks == Names{"thief"});
}

TEST_CASE("a recursive mutex destroyed while it is held is misuse") {
  const auto result = ExploreAll([](Execution&) {
    RecursiveMutex m{"m"};
    m.Lock();
    m.Lock();
    m.Unlock();
  });
  CHECK(RequireOne(result, FailureKind::kMisuse, {"m"}).title ==
        "recursive mutex destroyed while main holds it");
}

}  // namespace
}  // namespace heddle
