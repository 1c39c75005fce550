// SPDX-License-Identifier: MIT
//
// Each rule of the mutex's contract, by searching small programs in full: who gets it, when an
// unlock is a scheduling point, what is a deadlock and what is misuse.

#include "heddle/sync/mutex.h"

#include <doctest/doctest.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

TEST_CASE("two tasks are never inside at the same time") {
  int inside = 0;
  bool met = false;
  const auto body = [&](Execution& execution) {
    Mutex m{"m"};
    inside = 0;
    const auto enter = [&] {
      const std::lock_guard guard(m);
      met |= ++inside > 1;
      execution.Yield();
      --inside;
    };
    execution.Spawn("a", enter);
    execution.Spawn("b", enter);
    execution.JoinAll();
  };
  // Both stand at the lock; who is first is the only choice.
  CheckClean(ExploreAll(body), 2);
  CHECK_FALSE(met);
}

TEST_CASE("any of the waiters may be the next holder") {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    Mutex m{"m"};
    std::string order;
    m.Lock();
    for (const char* name : {"a", "b", "c"}) {
      execution.Spawn(name, [&, name] {
        m.Lock();
        order += name;
        m.Unlock();
      });
    }
    m.Unlock();
    execution.JoinAll();
    orders.insert(order);
  };
  CheckClean(ExploreAll(body), 6);
  CHECK(orders == std::set<std::string>{"abc", "acb", "bac", "bca", "cab", "cba"});
}

TEST_CASE("a holder that locks again waits for itself") {
  const auto result = ExploreAll([](Execution&) {
    Mutex m{"m"};
    m.Lock();
    m.Lock();
  });
  const Failure& failure = RequireOne(result, FailureKind::kRecursiveDeadlock, {"m"});
  CHECK(failure.tasks == Names{"main"});
  REQUIRE(failure.waits.size() == 1);
  CHECK(failure.waits[0].verb == "lock");
}

TEST_CASE("an unlock by a task that does not hold the mutex is misuse") {
  const auto by_other = ExploreAll([](Execution& execution) {
    Mutex m{"m"};
    m.Lock();
    execution.Spawn("thief", [&] { m.Unlock(); });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(by_other, FailureKind::kMisuse, {"m"});
  CHECK(failure.title == "unlock by a task that does not hold the mutex");
  CHECK(failure.tasks == Names{"thief"});

  const auto never_locked = ExploreAll([](Execution&) { Mutex("m").Unlock(); });
  CHECK(RequireOne(never_locked, FailureKind::kMisuse, {"m"}).title ==
        "unlock by a task that does not hold the mutex");
}

TEST_CASE("a mutex destroyed while it is held is misuse") {
  const auto result = ExploreAll([](Execution&) {
    Mutex m{"m"};
    m.Lock();
  });
  CHECK(RequireOne(result, FailureKind::kMisuse, {"m"}).title ==
        "mutex destroyed while main holds it");
}

TEST_CASE("a mutex that a task locks after its destruction is misuse, wherever the task stood") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        std::optional<Mutex> m(std::in_place, "m");
        execution.Spawn("late", [&] {
          execution.Yield();
          m->Lock();
          m->Unlock();
        });
        m.reset();
        execution.JoinAll();
      },
      {.preemptions = 0});
  CHECK(RequireOne(result, FailureKind::kMisuse, {"m"}).title ==
        "lock on a mutex that has been destroyed");
}

TEST_CASE("a trylock fails exactly while another task holds the mutex") {
  std::set<bool> results;
  const auto body = [&](Execution& execution) {
    Mutex m{"m"};
    bool is_held = false;
    execution.Spawn("holder", [&] {
      m.Lock();
      is_held = true;
      execution.Yield();
      is_held = false;
      m.Unlock();
    });
    execution.Spawn("trier", [&] {
      const bool got_it = m.TryLock();
      if (got_it == is_held) execution.Fail({.title = "trylock lied"});
      results.insert(got_it);
      if (got_it) m.Unlock();
    });
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
  CHECK(results == std::set<bool>{false, true});
  CHECK(result.racy_locations == Names{"release m#1"});
}

TEST_CASE("a release is a scheduling point only for a mutex that some task looks at") {
  const auto program = [](bool looks) {
    return [looks](Execution& execution) {
      Mutex m{"m"};
      execution.Spawn("a", [&] {
        m.Lock();
        m.Unlock();
      });
      execution.Spawn("b", [&, looks] {
        if (looks) m.IsLocked();
      });
      execution.JoinAll();
    };
  };
  CheckClean(ExploreAll(program(false)), 1);
  // The look before the lock, between lock and unlock, and after: 3 orders of one among two.
  CheckClean(ExploreAll(program(true)), 3);
}

TEST_CASE("IsHeld is about the running task, IsLocked about all") {
  CheckClean(ExploreAll([](Execution& execution) {
               Mutex m{"m"};
               const auto ensure = [&](bool condition) {
                 if (!condition) execution.Fail({.title = "wrong answer"});
               };
               m.Lock();
               ensure(m.IsHeld() && m.IsLocked());
               execution.Join(execution.Spawn("b", [&] { ensure(!m.IsHeld() && m.IsLocked()); }));
               m.Unlock();
               ensure(!m.IsHeld() && !m.IsLocked());
             }),
             1);
}

TEST_CASE("a timed lock gives up at its deadline, and earlier only as a fault") {
  std::set<std::string> seen;
  const auto body = [&](Execution& execution) {
    Mutex m{"m"};
    m.Lock();
    execution.Spawn("timed", [&] {
      const bool got_it = m.try_lock_for(milliseconds(5));
      seen.insert(std::string(got_it ? "got it" : "gave up") + " at " +
                  std::to_string(execution.now().value));
      if (got_it) m.unlock();
    });
    execution.Yield();
    m.Unlock();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 2, .faults = 0}).failure() == nullptr);
  CHECK(seen == std::set<std::string>{"got it at 0"});
  CHECK(ExploreAll(body, {.preemptions = 2, .faults = 1}).failure() == nullptr);
  CHECK(seen == std::set<std::string>{"got it at 0", "gave up at 5000000"});
}

TEST_CASE("a timed lock on a mutex that is never released is no deadlock") {
  bool got_it = true;
  CheckClean(ExploreAll([&](Execution& execution) {
               Mutex m{"m"};
               m.Lock();
               execution.Spawn("timed", [&] { got_it = m.try_lock_for(milliseconds(5)); });
               execution.JoinAll();
               m.Unlock();
             }),
             1);
  CHECK_FALSE(got_it);
}

TEST_CASE("a timed lock whose deadline has passed is a trylock") {
  CheckClean(ExploreAll([](Execution& execution) {
               Mutex m{"m"};
               execution.Sleep(10);
               const bool first = m.try_lock_until(VirtualClock::time_point(milliseconds(0)));
               const bool second = m.try_lock_for(milliseconds(-1));
               if (!first || second) execution.Fail({.title = "wrong answer"});
               m.unlock();
             }),
             1);
}

TEST_CASE("an interruptible lock ends as a fault, and not where nobody else can go on") {
  bool was_interrupted = false;
  const auto contended = [&](Execution& execution) {
    Mutex m{"m"};
    m.Lock();
    execution.Spawn("sleeper", [&] {
      if (m.LockInterruptible()) {
        m.Unlock();
      } else {
        was_interrupted = true;
      }
    });
    execution.Yield();
    m.Unlock();
    execution.JoinAll();
  };
  CHECK(ExploreAll(contended, {.preemptions = 1, .faults = 0}).failure() == nullptr);
  CHECK_FALSE(was_interrupted);
  CHECK(ExploreAll(contended, {.preemptions = 1, .faults = 1}).failure() == nullptr);
  CHECK(was_interrupted);

  const auto stuck = ExploreAll(
      [](Execution&) {
        Mutex m{"m"};
        m.Lock();
        m.LockInterruptible();
      },
      {.faults = 1});
  RequireOne(stuck, FailureKind::kRecursiveDeadlock, {"m"});
}

TEST_CASE("the standard's guards lock and unlock it, several at once without deadlock") {
  const auto body = [](Execution& execution) {
    Mutex a{"a"};
    Mutex b{"b"};
    execution.Spawn("left", [&] { const std::scoped_lock both(a, b); });
    execution.Spawn("right", [&] {
      const std::scoped_lock both(b, a);
      std::unique_lock<Mutex> deferred;
    });
    execution.JoinAll();
    const std::unique_lock<Mutex> lock(a, std::try_to_lock);
    if (!lock.owns_lock()) execution.Fail({.title = "a is still held"});
  };
  const auto result = ExploreAll(body, {.preemptions = 2});
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

TEST_CASE("a mutex that outlives an execution that failed with it held is free in the next one") {
  static Mutex global{"global"};
  const auto result = ExploreAll([](Execution& execution) {
    global.Lock();
    if (execution.Choose(2) == 0) execution.Fail({.title = "left held"});
    global.Unlock();
  });
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].failure.title == "left held");
  CHECK(result.executions == 2);
}

}  // namespace
}  // namespace heddle
