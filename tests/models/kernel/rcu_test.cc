// SPDX-License-Identifier: MIT
//
// The rules of RCU: what a grace period waits for and what it does not, callbacks, and misuse. All
// executions of small programs within the given bounds.

#include "models/kernel/rcu.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "models/kernel/mutex.h"
#include "models/kernel/spinlock.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct device {
  int value = 0;
  bool is_freed = false;
  rcu_head rcu;
};

// ---- Grace periods

TEST_CASE("what was unpublished before a grace period is used by nobody after it") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    device dev;
    device* published = &dev;
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      device* found = rcu_dereference(published);
      execution.Yield();
      if (found != nullptr) HEDDLE_ENSURE(!found->is_freed);
      seen.Add(found == nullptr ? 0 : 1);
      rcu_read_unlock();
    });
    rcu_assign_pointer(published, nullptr);
    synchronize_rcu();
    dev.is_freed = true;
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(0, 1));
}

TEST_CASE("a free without a grace period is seen by a reader") {
  const Failure failure = FailureOf({.preemptions = 2}, [](Execution& execution) {
    device dev;
    device* published = &dev;
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      device* found = rcu_dereference(published);
      execution.Yield();
      if (found != nullptr) HEDDLE_ENSURE(!found->is_freed);
      rcu_read_unlock();
    });
    rcu_assign_pointer(published, nullptr);
    dev.is_freed = true;
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kAssertion);
}

TEST_CASE("a grace period can end between a reader's last step and the next one's section") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    bool is_over = false;
    execution.Spawn("reader", [&] {
      execution.Yield();
      rcu_read_lock();
      execution.Yield();
      seen.Add(is_over ? 1 : 0);
      rcu_read_unlock();
    });
    synchronize_rcu();
    is_over = true;
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(0, 1));
}

// The second reader begins while the grace period waits for the first one, and goes on until after
// its end.
TEST_CASE("readers that come later do not delay a grace period") {
  Seen overtaken;
  ExecutionsOf({}, [&](Execution& execution) {
    bool is_waiting = false;
    bool is_over = false;
    rcu_read_lock();
    execution.Spawn("writer", [&] {
      is_waiting = true;
      synchronize_rcu();
      is_over = true;
    });
    execution.Spawn("late reader", [&] {
      execution.Yield();
      const bool began_during_it = is_waiting && !is_over;
      rcu_read_lock();
      execution.Yield();
      if (began_during_it && is_over) overtaken.Add(1);
      rcu_read_unlock();
    });
    execution.Yield();
    rcu_read_unlock();
    execution.JoinAll();
  });
  CHECK(overtaken == Seen::Of(1));
}

TEST_CASE("an outermost section counts, not the ones inside it") {
  ExecutionsOf({}, [](Execution& execution) {
    bool is_inside = false;
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      is_inside = true;
      rcu_read_lock();
      rcu_read_unlock();
      execution.Yield();
      HEDDLE_ENSURE(rcu_read_lock_held());
      is_inside = false;
      rcu_read_unlock();
      HEDDLE_ENSURE(!rcu_read_lock_held());
    });
    execution.Yield();
    const bool was_inside = is_inside;
    synchronize_rcu();
    HEDDLE_ENSURE(!was_inside || !is_inside);
    execution.JoinAll();
  });
}

TEST_CASE("without readers a grace period is one step") {
  CHECK(ExecutionsOf({}, [](Execution& execution) {
          for (int i = 0; i < 2; ++i) execution.Spawn("writer", [] { synchronize_rcu(); });
          execution.JoinAll();
        }) == 2);
}

TEST_CASE("where nobody waits for readers a section is no scheduling point") {
  CHECK(ExecutionsOf({}, [](Execution& execution) {
          for (int i = 0; i < 2; ++i) {
            execution.Spawn("reader", [] {
              rcu_read_lock();
              rcu_read_unlock();
            });
          }
          execution.JoinAll();
        }) == 1);
}

TEST_CASE("what readers did happens before the end of the grace period; readers are not ordered") {
  Seen readers_ordered;
  ExecutionsOf({}, [&](Execution& execution) {
    Past read[2];
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("reader", [&, i] {
        rcu_read_lock();
        read[i] = Past::OfRunningTask();
        const Past& other = read[1 - i];
        if (other.task != heddle::kNoTask) {
          readers_ordered.Add(other.HappensBeforeRunningTask() ? 1 : 0);
        }
        rcu_read_unlock();
      });
    }
    synchronize_rcu();
    for (const Past& past : read) {
      HEDDLE_ENSURE(past.task == heddle::kNoTask || past.HappensBeforeRunningTask());
    }
    execution.JoinAll();
  });
  CHECK(readers_ordered == Seen::Of(0));
}

TEST_CASE("what a writer did before a grace period happens before later sections") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    Past written;
    bool is_over = false;
    execution.Spawn("reader", [&] {
      execution.Yield();
      const bool was_over = is_over;
      rcu_read_lock();
      if (was_over) seen.Add(written.HappensBeforeRunningTask() ? 1 : 0);
      rcu_read_unlock();
    });
    written = Past::OfRunningTask();
    synchronize_rcu();
    is_over = true;
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(1));
}

// ---- Misuse

TEST_CASE("a grace period in a read section waits for itself") {
  const Failure failure = FailureOf({}, [](Execution&) {
    rcu_read_lock();
    synchronize_rcu();
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "rcu");
}

TEST_CASE("a grace period waits behind a reader that is stuck, and names it") {
  const Failure failure = FailureOf({.preemptions = 0}, [](Execution& execution) {
    spinlock_t lock{};
    spin_lock_init(&lock);
    bool is_inside = false;
    bool writer_came = false;
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      is_inside = true;
      while (!writer_came) execution.Yield();
      spin_lock(&lock);
      spin_lock(&lock);
    });
    while (!is_inside) execution.Yield();
    writer_came = true;
    synchronize_rcu();
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "lock");
  const auto waits_behind = std::find_if(failure.waits.begin(), failure.waits.end(),
                                         [](const auto& wait) { return wait.object == "rcu"; });
  REQUIRE(waits_behind != failure.waits.end());
  CHECK(waits_behind->task_name == "main");
  CHECK(waits_behind->owners == std::vector{heddle::TaskId{1}});
}

TEST_CASE("sleeping in a read section is found out") {
  const Failure failure = FailureOf({}, [](Execution&) {
    mutex lock{};
    mutex_init(&lock);
    rcu_read_lock();
    mutex_lock(&lock);
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
  CHECK(ObjectsOf(failure) == "rcu");
  CHECK(failure.title.find("while it holds the read section of rcu") != std::string::npos);
}

TEST_CASE("a grace period under a spinlock sleeps where it must not") {
  const Failure failure = FailureOf({}, [](Execution&) {
    spinlock_t lock{};
    spin_lock_init(&lock);
    spin_lock(&lock);
    synchronize_rcu();
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
  CHECK(ObjectsOf(failure) == "lock");
}

TEST_CASE("a section that was not begun cannot end") {
  const Failure failure = FailureOf({}, [](Execution&) { rcu_read_unlock(); });
  CHECK(failure.kind == FailureKind::kRcuMisuse);
  CHECK(ObjectsOf(failure) == "rcu");
}

TEST_CASE("a protected pointer is dereferenced in a section, or under what stands in for it") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device dev;
    device* published = &dev;
    rcu_dereference(published);
  });
  CHECK(failure.kind == FailureKind::kRcuMisuse);
  CHECK(failure.title == "published is dereferenced outside of a read section");
  CHECK(FailureOf({}, [](Execution&) {
          device dev;
          device* published = &dev;
          static_cast<void>(rcu_dereference_protected(published, false));
        }).kind == FailureKind::kRcuMisuse);
  ExecutionsOf({}, [](Execution&) {
    device dev;
    device* published = &dev;
    HEDDLE_ENSURE(rcu_dereference_check(published, true) == &dev);
    HEDDLE_ENSURE(rcu_dereference_protected(published, true) == &dev);
    HEDDLE_ENSURE(rcu_access_pointer(published) == &dev);
  });
}

TEST_CASE("the section of a task that dies ends with it") {
  ExecutionsOf({.preemptions = 2}, [](Execution& execution) {
    execution.Spawn("victim", [&] {
      rcu_read_lock();
      rcu_read_lock();
      execution.Yield();
      exit_rcu();
      HEDDLE_ENSURE(!in_atomic());
      execution.Die();
    });
    synchronize_rcu();
    execution.JoinAll();
  });
}

// ---- Callbacks

void MarkFreed(rcu_head* head) {
  container_of(head, device, rcu)->is_freed = true;
}

TEST_CASE("a callback runs once, after the sections that existed, without anybody waiting") {
  Seen freed_when_reader_ends;
  ExecutionsOf({}, [&](Execution& execution) {
    device dev;
    bool is_queued = false;
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      const bool began_before = !is_queued;
      execution.Yield();
      execution.Yield();
      HEDDLE_ENSURE(!began_before || !dev.is_freed);
      if (!began_before) freed_when_reader_ends.Add(dev.is_freed ? 1 : 0);
      rcu_read_unlock();
    });
    call_rcu(&dev.rcu, MarkFreed);
    is_queued = true;
    execution.JoinAll();
    HEDDLE_ENSURE(dev.is_freed);
  });
  CHECK(freed_when_reader_ends.Has(1));
}

TEST_CASE("callbacks run in the order in which they were queued, and queue others") {
  static unsigned order;
  ExecutionsOf({}, [](Execution& execution) {
    static rcu_head heads[3];
    order = 0;
    rcu_read_lock();
    call_rcu(&heads[0], [](rcu_head* head) {
      order = order * 10 + 1;
      call_rcu(head, [](rcu_head*) { order = order * 10 + 3; });
    });
    call_rcu(&heads[1], [](rcu_head*) { order = order * 10 + 2; });
    rcu_read_unlock();
    execution.JoinAll();
    HEDDLE_ENSURE(order == 123);
  });
}

TEST_CASE("a callback must not sleep") {
  const Failure failure = FailureOf({}, [](Execution& execution) {
    rcu_head head;
    call_rcu(&head, [](rcu_head*) { might_sleep(); });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
  CHECK(failure.tasks == std::vector<std::string>{"rcu"});
  CHECK(failure.title.find("sleeps in a callback of RCU") != std::string::npos);
}

TEST_CASE("a head that is queued cannot be queued again before its callback begins") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device dev;
    rcu_read_lock();
    call_rcu(&dev.rcu, MarkFreed);
    call_rcu(&dev.rcu, MarkFreed);
  });
  CHECK(failure.kind == FailureKind::kRcuMisuse);
  CHECK(ObjectsOf(failure) == "rcu");
}

TEST_CASE("rcu_barrier waits for the callbacks that were queued, also by others") {
  ExecutionsOf({.preemptions = 3}, [](Execution& execution) {
    device one;
    device two;
    bool is_queued = false;
    execution.Spawn("other", [&] {
      call_rcu(&two.rcu, MarkFreed);
      is_queued = true;
    });
    call_rcu(&one.rcu, MarkFreed);
    const bool was_queued = is_queued;
    rcu_barrier();
    HEDDLE_ENSURE(one.is_freed);
    HEDDLE_ENSURE(!was_queued || two.is_freed);
    execution.JoinAll();
  });
}

TEST_CASE("rcu_barrier returns at once if there are no callbacks") {
  CHECK(ExecutionsOf({}, [](Execution&) { rcu_barrier(); }) == 1);
}

TEST_CASE("a barrier whose callback waits for a stuck reader hangs with it") {
  const Failure failure = FailureOf({.preemptions = 1}, [](Execution& execution) {
    device dev;
    spinlock_t lock{};
    spin_lock_init(&lock);
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      spin_lock(&lock);
      spin_lock(&lock);
    });
    call_rcu(&dev.rcu, MarkFreed);
    rcu_barrier();
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "lock");
}

TEST_CASE("what happened before call_rcu, and in the readers, happens before the callback") {
  ExecutionsOf({}, [](Execution& execution) {
    static Past queued;
    static Past read;
    queued = {};
    read = {};
    rcu_head head;
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      execution.Yield();
      read = Past::OfRunningTask();
      rcu_read_unlock();
    });
    execution.Yield();
    queued = Past::OfRunningTask();
    call_rcu(&head, [](rcu_head*) {
      HEDDLE_ENSURE(queued.HappensBeforeRunningTask());
      HEDDLE_ENSURE(read.task == heddle::kNoTask || read.HappensBeforeRunningTask());
    });
    execution.JoinAll();
  });
}

}  // namespace
}  // namespace models::kernel
