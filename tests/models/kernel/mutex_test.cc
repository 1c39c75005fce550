// SPDX-License-Identifier: MIT
//
// The rules of mutex: who gets it, who may let go of it, what is named, and what is found out. All
// executions of small programs within the given bounds.

#include "models/kernel/mutex.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "models/kernel/slab.h"
#include "models/kernel/spinlock.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct connection {
  mutex lock;
  mutex other;
};

TEST_CASE("two tasks are never inside at once") {
  int contended = 0;
  ExecutionsOf({}, [&](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    int inside = 0;
    for (int i = 0; i < 3; ++i) {
      execution.Spawn("user", [&] {
        mutex_lock(&conn.lock);
        HEDDLE_ENSURE(++inside == 1);
        execution.Yield();
        if (execution.IsWaitedOn(heddle::ObjectId{conn.lock.dep_map.handle.ref.id})) ++contended;
        --inside;
        mutex_unlock(&conn.lock);
      });
    }
    execution.JoinAll();
  });
  CHECK(contended > 0);
}

TEST_CASE("each of the waiters may be the next owner") {
  Seen first;
  ExecutionsOf({.preemptions = 0}, [&](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    unsigned entered = 0;
    for (unsigned i = 0; i < 3; ++i) {
      execution.Spawn("waiter", [&, i] {
        mutex_lock(&conn.lock);
        if (entered++ == 0) first.Add(i);
        mutex_unlock(&conn.lock);
      });
    }
    mutex_unlock(&conn.lock);
    execution.JoinAll();
  });
  CHECK(first == Seen::Of(0, 1, 2));
}

TEST_CASE("a mutex is called as its initialiser spells it") {
  const Failure failure = FailureOf({}, [](Execution&) {
    connection link{};
    connection* conn = &link;
    mutex_init(&conn->lock);
    mutex_lock(&conn->lock);
    mutex_lock(&conn->lock);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "conn->lock");
}

TEST_CASE("a nested acquire of a held mutex is a deadlock all the same") {
  const Failure failure = FailureOf({}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    mutex_lock_nested(&conn.lock, SINGLE_DEPTH_NESTING);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "conn.lock");
}

TEST_CASE("opposite orders deadlock within one preemption, and not without") {
  const auto body = [](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_init(&conn.other);
    execution.Spawn("one", [&] {
      mutex_lock(&conn.lock);
      mutex_lock(&conn.other);
      mutex_unlock(&conn.other);
      mutex_unlock(&conn.lock);
    });
    execution.Spawn("two", [&] {
      mutex_lock(&conn.other);
      mutex_lock(&conn.lock);
      mutex_unlock(&conn.lock);
      mutex_unlock(&conn.other);
    });
    execution.JoinAll();
  };
  CHECK(ExecutionsOf({.preemptions = 0}, body) == 2);
  const Failure failure = FailureOf({.preemptions = 1}, body);
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK(ObjectsOf(failure) == "conn.lock, conn.other");
}

TEST_CASE("only the owner unlocks") {
  const Failure stranger = FailureOf({}, [](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    execution.Spawn("stranger", [&] { mutex_unlock(&conn.lock); });
  });
  CHECK(stranger.kind == FailureKind::kMisuse);
  CHECK(ObjectsOf(stranger) == "conn.lock");
  CHECK(stranger.tasks == std::vector<std::string>{"stranger"});

  const Failure nobody = FailureOf({}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    mutex_unlock(&conn.lock);
    mutex_unlock(&conn.lock);
  });
  CHECK(nobody.kind == FailureKind::kMisuse);
}

TEST_CASE("a trylock takes a free mutex, and gives up on a held one, also its own") {
  Seen results;
  ExecutionsOf({}, [&](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    execution.Spawn("holder", [&] {
      mutex_lock(&conn.lock);
      execution.Yield();
      mutex_unlock(&conn.lock);
    });
    const int got = mutex_trylock(&conn.lock);
    results.Add(static_cast<unsigned>(got));
    if (got != 0) {
      HEDDLE_ENSURE(mutex_trylock(&conn.lock) == 0);
      mutex_unlock(&conn.lock);
    }
    execution.JoinAll();
  });
  CHECK(results == Seen::Of(0, 1));
}

TEST_CASE("a trylock sees the mutex held just before it is unlocked") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    bool work_is_done = false;
    execution.Spawn("holder", [&] {
      mutex_lock(&conn.lock);
      work_is_done = true;
      mutex_unlock(&conn.lock);
    });
    if (mutex_trylock(&conn.lock) == 0) {
      seen.Add(work_is_done ? 1 : 0);
    } else {
      mutex_unlock(&conn.lock);
    }
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(1));
}

TEST_CASE("without an observer an unlock is no scheduling point") {
  const auto body = [](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("user", [&] {
        for (int round = 0; round < 2; ++round) {
          mutex_lock(&conn.lock);
          mutex_unlock(&conn.lock);
        }
      });
    }
    execution.JoinAll();
  };
  CHECK(ExecutionsOf({}, body) == 6);
}

TEST_CASE("a signal ends an interruptible wait with EINTR and without the mutex") {
  Seen results;
  const auto body = [&](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    execution.Spawn("holder", [&] {
      mutex_lock(&conn.lock);
      execution.Yield();
      mutex_unlock(&conn.lock);
    });
    const int error = mutex_lock_interruptible(&conn.lock);
    results.Add(static_cast<unsigned>(-error));
    HEDDLE_ENSURE((error == 0) == lockdep_is_held(&conn.lock));
    if (error == 0) mutex_unlock(&conn.lock);
    execution.JoinAll();
  };
  ExecutionsOf({.preemptions = 2, .faults = 0}, body);
  CHECK(results == Seen::Of(0));
  ExecutionsOf({.preemptions = 2, .faults = 1}, body);
  CHECK(results == Seen::Of(0, EINTR));
}

TEST_CASE("a signal does not end an acquire that need not wait") {
  const auto body = [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    HEDDLE_ENSURE(mutex_lock_interruptible(&conn.lock) == 0);
    mutex_unlock(&conn.lock);
    HEDDLE_ENSURE(mutex_lock_killable(&conn.lock) == 0);
    mutex_unlock(&conn.lock);
  };
  CHECK(ExecutionsOf({.preemptions = 2, .faults = 2}, body) == 1);
}

TEST_CASE("a signal does not save a task from a deadlock") {
  const Failure failure = FailureOf({.preemptions = 1, .faults = 1}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    mutex_lock_killable(&conn.lock);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
}

TEST_CASE("a mutex is locked while somebody holds it") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    execution.Spawn("holder", [&] {
      mutex_lock(&conn.lock);
      mutex_unlock(&conn.lock);
    });
    seen.Add(mutex_is_locked(&conn.lock) ? 1 : 0);
    execution.JoinAll();
    HEDDLE_ENSURE(!mutex_is_locked(&conn.lock));
  });
  CHECK(seen == Seen::Of(0, 1));
}

TEST_CASE("an acquire in atomic context is found out even if the mutex is free") {
  const Failure failure = FailureOf({}, [](Execution&) {
    connection conn{};
    spinlock_t spin;
    mutex_init(&conn.lock);
    spin_lock_init(&spin);
    spin_lock(&spin);
    mutex_lock(&conn.lock);
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
  CHECK(ObjectsOf(failure) == "spin");

  ExecutionsOf({}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    preempt_disable();
    HEDDLE_ENSURE(mutex_trylock(&conn.lock) == 1);
    mutex_unlock(&conn.lock);
    preempt_enable();
  });
}

TEST_CASE("a task that dies keeps its mutex, and who waits for it hangs") {
  const Failure failure = FailureOf({.preemptions = 1}, [](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    execution.Spawn("victim", [&] {
      mutex_lock(&conn.lock);
      execution.Die();
    });
    execution.Spawn("waiter", [&] { mutex_lock(&conn.lock); });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kHang);
  CHECK(ObjectsOf(failure) == "conn.lock");
  REQUIRE(!failure.waits.empty());
  CHECK(failure.waits.back().task_name == "victim");
  CHECK(failure.waits.back().is_dead);
}

TEST_CASE("a mutex that was never initialised, or is destroyed, cannot be used") {
  const Failure never = FailureOf({}, [](Execution&) {
    connection conn{};
    mutex_lock(&conn.lock);
  });
  CHECK(never.kind == FailureKind::kMisuse);
  CHECK(never.title == "mutex_lock of a mutex that was never initialised");

  const Failure destroyed = FailureOf({}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_destroy(&conn.lock);
    mutex_unlock(&conn.lock);
  });
  CHECK(destroyed.kind == FailureKind::kMisuse);
  CHECK(destroyed.title == "mutex_unlock of a mutex that was destroyed");
}

TEST_CASE("a copy of a mutex is none") {
  const Failure failure = FailureOf({}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    conn.other = conn.lock;
    mutex_lock(&conn.other);
  });
  CHECK(failure.kind == FailureKind::kMisuse);
}

TEST_CASE("a held or awaited mutex is neither destroyed nor initialised again") {
  const Failure destroyed = FailureOf({}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    mutex_destroy(&conn.lock);
  });
  CHECK(destroyed.kind == FailureKind::kMisuse);
  CHECK(destroyed.title == "mutex_destroy of a mutex that is held");
  CHECK(ObjectsOf(destroyed) == "conn.lock");

  const Failure initialised = FailureOf({}, [](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    execution.Spawn("user", [&] {
      mutex_lock(&conn.lock);
      execution.Yield();
      mutex_unlock(&conn.lock);
    });
    execution.Yield();
    mutex_init(&conn.lock);
  });
  CHECK(initialised.kind == FailureKind::kMisuse);
  CHECK(initialised.title == "mutex_init of a mutex that is held");
}

TEST_CASE("a mutex initialised again is a new one under its own name") {
  const Failure failure = FailureOf({}, [](Execution&) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    mutex_lock(&conn.lock);
  });
  CHECK(ObjectsOf(failure) == "conn.lock");
}

TEST_CASE("who waits for a mutex in memory that is freed uses it after the free") {
  const Failure failure = FailureOf({.preemptions = 1}, [](Execution& execution) {
    connection conn{};
    mutex_init(&conn.lock);
    mutex_lock(&conn.lock);
    execution.Spawn("waiter", [&] { mutex_lock(&conn.lock); });
    execution.ForgetObjects(&conn, sizeof(conn));
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(ObjectsOf(failure) == "conn.lock");
  CHECK(failure.tasks == std::vector<std::string>{"waiter"});
}

TEST_CASE("a mutex whose memory was freed is a use after free, not one that never was") {
  const Failure failure = FailureOf({}, [](Execution&) {
    auto* conn = kzalloc_obj<connection>(GFP_KERNEL);
    mutex_init(&conn->lock);
    kfree(conn);
    mutex_lock(&conn->lock);
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(ObjectsOf(failure) == "connection");
  REQUIRE(failure.memory != nullptr);
  REQUIRE(failure.memory->events.size() == 3);
  CHECK(failure.memory->events[1].what == "freed");
  CHECK(failure.memory->events[2].what == "allocated");
}

TEST_CASE("a static mutex needs no initialiser, and is free in each execution") {
  static DEFINE_MUTEX(hci_cb_list_lock);
  const Failure failure = FailureOf({}, [](Execution&) {
    mutex_lock(&hci_cb_list_lock);
    mutex_lock(&hci_cb_list_lock);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "hci_cb_list_lock");
  CHECK(ExecutionsOf({}, [](Execution&) {
          mutex_lock(&hci_cb_list_lock);
          mutex_unlock(&hci_cb_list_lock);
        }) == 1);
}

}  // namespace
}  // namespace models::kernel
