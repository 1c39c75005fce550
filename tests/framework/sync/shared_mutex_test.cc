// SPDX-License-Identifier: MIT
//
// Each rule of the shared mutex's contract, by searching small programs in full: who is inside with
// whom, that queued writers shut out readers, what a downgrade keeps, what is deadlock and misuse.

#include "heddle/sync/shared_mutex.h"

#include <doctest/doctest.h>

#include <chrono>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>

#include "heddle/sync/shared.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

TEST_CASE("readers are inside together, a writer is inside alone") {
  int most = 0;
  const auto body = [&](Execution& execution) {
    SharedMutex m{"m"};
    int readers = 0;
    int writers = 0;
    const auto read = [&] {
      const std::shared_lock lock(m);
      if (++readers > most) most = readers;
      execution.Yield();
      HEDDLE_ENSURE(writers == 0);
      --readers;
    };
    execution.Spawn("reader", read);
    execution.Spawn("reader", read);
    execution.Spawn("writer", [&] {
      const std::unique_lock lock(m);
      ++writers;
      execution.Yield();
      HEDDLE_ENSURE(readers == 0);
      --writers;
    });
    execution.JoinAll();
  };
  const auto result = ExploreAll(body, {.preemptions = 2});
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
  CHECK(most == 2);
}

TEST_CASE("a queued writer shuts out readers that come later") {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    SharedMutex m{"m"};
    std::string order;
    m.LockShared();
    execution.Spawn("writer", [&] {
      m.Lock();
      order += 'w';
      m.Unlock();
    });
    execution.Yield();  // The writer takes the step by which it queues up.
    execution.Spawn("reader", [&] {
      m.LockShared();
      order += 'r';
      m.UnlockShared();
    });
    HEDDLE_ENSURE(!execution.Choose(2, "look") || !m.TryLockShared());
    m.UnlockShared();
    execution.JoinAll();
    orders.insert(order);
  };
  CHECK(ExploreAll(body, {.preemptions = 0}).failure() == nullptr);
  CHECK(orders == std::set<std::string>{"wr"});
}

TEST_CASE("a reader that locks again behind a queued writer deadlocks with it") {
  const auto result = ExploreAll([](Execution& execution) {
    SharedMutex m{"m"};
    execution.Spawn("writer", [&] {
      m.Lock();
      m.Unlock();
    });
    m.LockShared();
    m.LockShared();
    m.UnlockShared();
    m.UnlockShared();
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kDeadlock, {"m"});
  CHECK(failure.tasks == Names{"main", "writer"});
  CHECK(failure.cycle_size == 2);
}

TEST_CASE("a holder of either kind that asks for exclusive access waits for itself") {
  for (const bool is_shared : {false, true}) {
    const auto result = ExploreAll([is_shared](Execution&) {
      SharedMutex m{"m"};
      if (is_shared) {
        m.LockShared();
      } else {
        m.Lock();
      }
      m.Lock();
    });
    CHECK(RequireOne(result, FailureKind::kRecursiveDeadlock, {"m"}).tasks == Names{"main"});
  }
  const auto shared_under_exclusive = ExploreAll([](Execution&) {
    SharedMutex m{"m"};
    m.Lock();
    m.LockShared();
  });
  RequireOne(shared_under_exclusive, FailureKind::kRecursiveDeadlock, {"m"});
}

TEST_CASE("a writer knows what readers did before it, a reader what writers did") {
  CheckClean(ExploreAll([](Execution& execution) {
               Shared<int> data{0, "data"};
               SharedMutex m{"m"};
               execution.Spawn("reader", [&] {
                 const std::shared_lock lock(m);
                 data.Get();
               });
               execution.Spawn("writer", [&] {
                 const std::unique_lock lock(m);
                 data.Set(1);
               });
               execution.JoinAll();
             }),
             2);
}

TEST_CASE("two readers are not ordered by the mutex") {
  const auto result = ExploreAll([](Execution& execution) {
    Shared<int> data{0, "data"};
    SharedMutex m{"m"};
    const auto write_as_reader = [&] {
      const std::shared_lock lock(m);
      data.Set(1);
    };
    execution.Spawn("a", write_as_reader);
    execution.Spawn("b", write_as_reader);
    execution.JoinAll();
  });
  CHECK(RequireOne(result, FailureKind::kDataRace, {"data"}).tasks == Names{"a", "b"});
}

TEST_CASE("a downgrade lets readers in and keeps writers out") {
  CheckClean(ExploreAll(
                 [](Execution& execution) {
                   SharedMutex m{"m"};
                   m.Lock();
                   m.Downgrade();
                   HEDDLE_ENSURE(m.IsHeld() && !m.IsHeldExclusively());
                   execution.Join(execution.Spawn("other", [&] {
                     HEDDLE_ENSURE(!m.TryLock());
                     HEDDLE_ENSURE(m.TryLockShared());
                     m.UnlockShared();
                   }));
                   m.UnlockShared();
                   HEDDLE_ENSURE(!m.IsLocked());
                 },
                 {.preemptions = 0}),
             1);
}

TEST_CASE("a timed writer that gives up lets readers in again") {
  CheckClean(ExploreAll(
                 [](Execution& execution) {
                   SharedMutex m{"m"};
                   m.LockShared();
                   execution.Join(execution.Spawn("writer", [&] {
                     HEDDLE_ENSURE(!m.try_lock_for(milliseconds(2)));
                     HEDDLE_ENSURE(execution.now().value == 2'000'000);
                   }));
                   execution.Join(execution.Spawn("reader", [&] {
                     HEDDLE_ENSURE(m.try_lock_shared_for(milliseconds(2)));
                     m.unlock_shared();
                   }));
                   m.UnlockShared();
                   m.Lock();
                   execution.Join(execution.Spawn("late", [&] {
                     HEDDLE_ENSURE(!m.try_lock_shared_for(milliseconds(1)));
                     HEDDLE_ENSURE(!m.try_lock_until(VirtualClock::now()));
                   }));
                   m.Unlock();
                 },
                 {.preemptions = 0, .faults = 0}),
             1);
}

TEST_CASE("interruptible locks end early only as faults") {
  std::set<std::string> interrupted;
  const auto body = [&](Execution& execution) {
    SharedMutex m{"m"};
    m.Lock();
    execution.Spawn("writer", [&] {
      if (m.LockInterruptible()) {
        m.Unlock();
      } else {
        interrupted.insert("writer");
      }
    });
    execution.Spawn("reader", [&] {
      if (m.LockSharedInterruptible()) {
        m.UnlockShared();
      } else {
        interrupted.insert("reader");
      }
    });
    execution.Yield();
    m.Unlock();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 1, .faults = 0}).failure() == nullptr);
  CHECK(interrupted.empty());
  CHECK(ExploreAll(body, {.preemptions = 1, .faults = 1}).failure() == nullptr);
  CHECK(interrupted == std::set<std::string>{"reader", "writer"});
}

TEST_CASE("letting go in another way than it is held, or not held at all, is misuse") {
  const auto as_writer = ExploreAll([](Execution&) {
    SharedMutex m{"m"};
    m.LockShared();
    m.Unlock();
  });
  CHECK(RequireOne(as_writer, FailureKind::kMisuse, {"m"}).title ==
        "unlock by a task that does not hold the mutex exclusively");
  const auto as_reader = ExploreAll([](Execution&) {
    SharedMutex m{"m"};
    m.Lock();
    m.UnlockShared();
  });
  CHECK(RequireOne(as_reader, FailureKind::kMisuse, {"m"}).title ==
        "shared unlock by a task that does not hold the mutex shared");
  const auto by_other = ExploreAll([](Execution& execution) {
    SharedMutex m{"m"};
    m.LockShared();
    execution.Spawn("thief", [&] { m.UnlockShared(); });
    execution.JoinAll();
  });
  CHECK(RequireOne(by_other, FailureKind::kMisuse, {"m"}).tasks == Names{"thief"});
  const auto downgraded = ExploreAll([](Execution&) {
    SharedMutex m{"m"};
    m.LockShared();
    m.Downgrade();
  });
  CHECK(RequireOne(downgraded, FailureKind::kMisuse, {"m"}).title ==
        "downgrade by a task that does not hold the mutex exclusively");
}

TEST_CASE("a shared mutex destroyed while a reader is inside is misuse") {
  const auto result = ExploreAll([](Execution&) {
    SharedMutex m{"m"};
    m.LockShared();
  });
  CHECK(RequireOne(result, FailureKind::kMisuse, {"m"}).title ==
        "shared mutex destroyed while main holds it");
}

}  // namespace
}  // namespace heddle
