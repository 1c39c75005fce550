// SPDX-License-Identifier: MIT
//
// The rules of SRCU: sections that may sleep, domains of their own, and misuse.

#include "models/kernel/srcu.h"

#include <doctest/doctest.h>

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

TEST_CASE("a grace period waits for exactly the sections of its domain that existed") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    srcu_struct srcu{};
    srcu_struct other{};
    init_srcu_struct(&srcu);
    init_srcu_struct(&other);
    bool has_begun = false;
    bool is_over = false;
    for (srcu_struct* domain : {&srcu, &other}) {
      execution.Spawn("reader", [&, domain] {
        const int idx = srcu_read_lock(domain);
        const bool existed = domain == &srcu && !has_begun;
        execution.Yield();
        HEDDLE_ENSURE(!existed || !is_over);
        if (domain == &other && is_over) seen.Add(1);
        if (domain == &srcu && has_begun && is_over) seen.Add(2);
        srcu_read_unlock(domain, idx);
      });
    }
    has_begun = true;
    synchronize_srcu(&srcu);
    is_over = true;
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(1, 2));
}

TEST_CASE("a section may sleep, and others may begin inside it") {
  ExecutionsOf({}, [](Execution&) {
    srcu_struct srcu{};
    mutex lock{};
    init_srcu_struct(&srcu);
    mutex_init(&lock);
    const int outer = srcu_read_lock(&srcu);
    const int inner = srcu_read_lock(&srcu);
    mutex_lock(&lock);
    mutex_unlock(&lock);
    srcu_read_unlock(&srcu, outer);
    HEDDLE_ENSURE(srcu_read_lock_held(&srcu));
    srcu_read_unlock(&srcu, inner);
    HEDDLE_ENSURE(!srcu_read_lock_held(&srcu));
    synchronize_srcu(&srcu);
  });
}

TEST_CASE("a grace period in a section of its domain waits for itself") {
  const Failure failure = FailureOf({}, [](Execution&) {
    srcu_struct domains{};
    srcu_struct* debugfs_srcu = &domains;
    init_srcu_struct(debugfs_srcu);
    srcu_read_lock(debugfs_srcu);
    synchronize_srcu(debugfs_srcu);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "debugfs_srcu");
}

TEST_CASE("a section that waits for a lock the writer holds is a deadlock of both") {
  const Failure failure = FailureOf({.preemptions = 2}, [](Execution& execution) {
    srcu_struct srcu{};
    mutex lock{};
    init_srcu_struct(&srcu);
    mutex_init(&lock);
    execution.Spawn("reader", [&] {
      const int idx = srcu_read_lock(&srcu);
      mutex_lock(&lock);
      mutex_unlock(&lock);
      srcu_read_unlock(&srcu, idx);
    });
    execution.Spawn("writer", [&] {
      mutex_lock(&lock);
      synchronize_srcu(&srcu);
      mutex_unlock(&lock);
    });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK(ObjectsOf(failure) == "lock, srcu");
}

TEST_CASE("a section ends once, with its own number, by the task that began it") {
  const Failure twice = FailureOf({}, [](Execution&) {
    srcu_struct srcu{};
    init_srcu_struct(&srcu);
    const int idx = srcu_read_lock(&srcu);
    srcu_read_unlock(&srcu, idx);
    srcu_read_unlock(&srcu, idx);
  });
  CHECK(twice.kind == FailureKind::kRcuMisuse);
  CHECK(ObjectsOf(twice) == "srcu");
  const Failure stranger = FailureOf({}, [](Execution& execution) {
    srcu_struct srcu{};
    init_srcu_struct(&srcu);
    const int idx = srcu_read_lock(&srcu);
    execution.Spawn("stranger", [&, idx] { srcu_read_unlock(&srcu, idx); });
  });
  CHECK(stranger.kind == FailureKind::kRcuMisuse);
}

TEST_CASE("a grace period under a spinlock sleeps where it must not") {
  CHECK(FailureOf({}, [](Execution&) {
          srcu_struct srcu{};
          spinlock_t lock{};
          init_srcu_struct(&srcu);
          spin_lock_init(&lock);
          spin_lock(&lock);
          synchronize_srcu(&srcu);
        }).kind == FailureKind::kAtomicSleep);
}

TEST_CASE("a domain with readers is not cleaned up, and one that was cleaned up is gone") {
  const Failure held = FailureOf({}, [](Execution&) {
    srcu_struct srcu{};
    init_srcu_struct(&srcu);
    srcu_read_lock(&srcu);
    cleanup_srcu_struct(&srcu);
  });
  CHECK(held.kind == FailureKind::kMisuse);
  CHECK(held.title == "cleanup_srcu_struct of a srcu_struct that is held");
  const Failure gone = FailureOf({}, [](Execution&) {
    srcu_struct srcu{};
    init_srcu_struct(&srcu);
    cleanup_srcu_struct(&srcu);
    srcu_read_lock(&srcu);
  });
  CHECK(gone.kind == FailureKind::kMisuse);
}

TEST_CASE("what readers did happens before the end of the grace period") {
  ExecutionsOf({}, [](Execution& execution) {
    srcu_struct srcu{};
    init_srcu_struct(&srcu);
    Past read;
    execution.Spawn("reader", [&] {
      const int idx = srcu_read_lock(&srcu);
      read = Past::OfRunningTask();
      srcu_read_unlock(&srcu, idx);
    });
    synchronize_srcu(&srcu);
    HEDDLE_ENSURE(read.task == heddle::kNoTask || read.HappensBeforeRunningTask());
    execution.JoinAll();
  });
}

DEFINE_STATIC_SRCU(static_srcu);

TEST_CASE("a static domain needs no initialiser, and has no readers left from before") {
  ExecutionsOf({}, [](Execution&) {
    synchronize_srcu(&static_srcu);
    srcu_read_lock(&static_srcu);
  });
  CHECK(FailureOf({}, [](Execution&) {
          srcu_struct srcu{};
          srcu_read_lock(&srcu);
        }).kind == FailureKind::kMisuse);
}

}  // namespace
}  // namespace models::kernel
