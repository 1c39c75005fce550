// SPDX-License-Identifier: MIT
//
// Each rule of the spinlock's contract, by searching small programs in full.

#include "heddle/sync/spinlock.h"

#include <doctest/doctest.h>

#include <mutex>
#include <set>

#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

TEST_CASE("a spinlock costs no more schedules than a mutex: spinning is waiting") {
  const auto body = [](Execution& execution) {
    Spinlock lock{"lock"};
    int inside = 0;
    const auto enter = [&] {
      for (int round = 0; round < 2; ++round) {
        const std::lock_guard guard(lock);
        HEDDLE_ENSURE(++inside == 1);
        --inside;
      }
    };
    execution.Spawn("a", enter);
    execution.Spawn("b", enter);
    execution.JoinAll();
  };
  // C(4, 2) orders of four acquires.
  CheckClean(ExploreAll(body), 6);
}

TEST_CASE("a task that would spin for ever on its own lock is a recursive deadlock") {
  const auto result = ExploreAll([](Execution&) {
    Spinlock lock{"lock"};
    lock.Lock();
    lock.Lock();
  });
  const Failure& failure = RequireOne(result, FailureKind::kRecursiveDeadlock, {"lock"});
  REQUIRE(failure.waits.size() == 1);
  CHECK(failure.waits[0].verb == "spin lock");
}

TEST_CASE("two tasks that would spin for each other are a deadlock, and each trylock avoids it") {
  const auto program = [](bool tries) {
    return [tries](Execution& execution) {
      Spinlock a{"a"};
      Spinlock b{"b"};
      const auto take = [tries](Spinlock& first, Spinlock& second) {
        const std::lock_guard guard(first);
        if (tries) {
          if (second.TryLock()) second.Unlock();
        } else {
          const std::lock_guard inner(second);
        }
      };
      execution.Spawn("left", [&] { take(a, b); });
      execution.Spawn("right", [&] { take(b, a); });
      execution.JoinAll();
    };
  };
  RequireOne(ExploreAll(program(false)), FailureKind::kDeadlock, {"a", "b"});
  const auto tried = ExploreAll(program(true));
  CHECK(tried.failure() == nullptr);
  CHECK(tried.exhausted);
  CHECK(tried.racy_locations == Names{"release a#1", "release b#1"});
}

TEST_CASE("IsHeld is about the running task, IsLocked about all") {
  CheckClean(ExploreAll([](Execution& execution) {
               Spinlock lock{"lock"};
               HEDDLE_ENSURE(!lock.IsHeld() && !lock.IsLocked());
               lock.Lock();
               HEDDLE_ENSURE(lock.IsHeld() && lock.IsLocked());
               execution.Join(execution.Spawn("other", [&] {
                 HEDDLE_ENSURE(!lock.IsHeld() && lock.IsLocked() && !lock.TryLock());
               }));
               lock.Unlock();
             }),
             1);
}

TEST_CASE("an unlock by a task that does not hold the spinlock is misuse") {
  const auto result = ExploreAll([](Execution& execution) {
    Spinlock lock{"lock"};
    lock.Lock();
    execution.Spawn("thief", [&] { lock.Unlock(); });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kMisuse, {"lock"});
  CHECK(failure.title == "unlock by a task that does not hold the spinlock");
  CHECK(failure.tasks == Names{"thief"});
}

TEST_CASE("a spinlock destroyed while it is held is misuse") {
  const auto result = ExploreAll([](Execution&) {
    Spinlock lock{"lock"};
    lock.Lock();
  });
  CHECK(RequireOne(result, FailureKind::kMisuse, {"lock"}).title ==
        "spinlock destroyed while main holds it");
}

}  // namespace
}  // namespace heddle
