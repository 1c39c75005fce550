// SPDX-License-Identifier: MIT
//
// The rules of spinlock_t: exclusion, no sleeping inside, and its variants for bottom halves and
// interrupts. All executions of small programs within the given bounds.

#include "models/kernel/spinlock.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "models/kernel/mutex.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct device {
  spinlock_t lock;
  mutex sleeping;
};

TEST_CASE("two tasks are never inside at once, and each of the waiters may be next") {
  Seen first;
  ExecutionsOf({}, [&](Execution& execution) {
    device dev{};
    spin_lock_init(&dev.lock);
    spin_lock(&dev.lock);
    int inside = 0;
    unsigned entered = 0;
    for (unsigned i = 0; i < 2; ++i) {
      execution.Spawn("user", [&, i] {
        spin_lock(&dev.lock);
        if (entered++ == 0) first.Add(i);
        HEDDLE_ENSURE(++inside == 1);
        execution.Yield();
        --inside;
        spin_unlock(&dev.lock);
      });
    }
    spin_unlock(&dev.lock);
    execution.JoinAll();
  });
  CHECK(first == Seen::Of(0, 1));
}

TEST_CASE("what the holder did happens before the next holder's turn") {
  ExecutionsOf({}, [](Execution& execution) {
    device dev{};
    spin_lock_init(&dev.lock);
    Past past;
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("user", [&] {
        spin_lock(&dev.lock);
        HEDDLE_ENSURE(past.task == heddle::kNoTask || past.HappensBeforeRunningTask());
        past = Past::OfRunningTask();
        spin_unlock(&dev.lock);
      });
    }
    execution.JoinAll();
  });
}

TEST_CASE("sleeping inside is found out, and names the lock") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device dev{};
    device* adev = &dev;
    spin_lock_init(&adev->lock);
    mutex_init(&adev->sleeping);
    spin_lock(&adev->lock);
    mutex_lock(&adev->sleeping);
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
  CHECK(ObjectsOf(failure) == "adev->lock");
}

TEST_CASE("sleeping is allowed again once all spinlocks are released") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    device other{};
    spin_lock_init(&dev.lock);
    spin_lock_init(&other.lock);
    spin_lock(&dev.lock);
    spin_lock_nested(&other.lock, SINGLE_DEPTH_NESTING);
    HEDDLE_ENSURE(in_atomic());
    spin_unlock(&dev.lock);
    HEDDLE_ENSURE(in_atomic());
    spin_unlock(&other.lock);
    HEDDLE_ENSURE(!in_atomic());
    might_sleep();
  });
}

TEST_CASE("another task's spinlock forbids nothing") {
  ExecutionsOf({.preemptions = 2}, [](Execution& execution) {
    device dev{};
    spin_lock_init(&dev.lock);
    execution.Spawn("holder", [&] {
      spin_lock(&dev.lock);
      execution.Yield();
      spin_unlock(&dev.lock);
    });
    execution.Yield();
    might_sleep();
    execution.JoinAll();
  });
}

TEST_CASE("taking a held spinlock again is a deadlock of one task") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device dev{};
    spin_lock_init(&dev.lock);
    spin_lock(&dev.lock);
    spin_lock(&dev.lock);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "dev.lock");
}

TEST_CASE("only the holder unlocks") {
  const Failure failure = FailureOf({}, [](Execution& execution) {
    device dev{};
    spin_lock_init(&dev.lock);
    spin_lock(&dev.lock);
    execution.Spawn("stranger", [&] { spin_unlock(&dev.lock); });
  });
  CHECK(failure.kind == FailureKind::kMisuse);
  CHECK(failure.tasks == std::vector<std::string>{"stranger"});
  CHECK(ObjectsOf(failure) == "dev.lock");
}

TEST_CASE("a trylock takes a free lock and gives up on a held one") {
  Seen results;
  ExecutionsOf({}, [&](Execution& execution) {
    device dev{};
    spin_lock_init(&dev.lock);
    execution.Spawn("holder", [&] {
      spin_lock(&dev.lock);
      spin_unlock(&dev.lock);
    });
    const int got = spin_trylock(&dev.lock);
    results.Add(static_cast<unsigned>(got));
    HEDDLE_ENSURE((got == 1) == in_atomic());
    if (got == 1) spin_unlock(&dev.lock);
    execution.JoinAll();
    HEDDLE_ENSURE(spin_is_locked(&dev.lock) == 0);
  });
  CHECK(results == Seen::Of(0, 1));
}

TEST_CASE("irqsave remembers whether interrupts were on") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    device inner{};
    spin_lock_init(&dev.lock);
    spin_lock_init(&inner.lock);
    unsigned long flags = 0;
    unsigned long inner_flags = 0;
    spin_lock_irqsave(&dev.lock, flags);
    spin_lock_irqsave(&inner.lock, inner_flags);
    HEDDLE_ENSURE(irqs_disabled());
    spin_unlock_irqrestore(&inner.lock, inner_flags);
    HEDDLE_ENSURE(irqs_disabled());
    spin_unlock_irqrestore(&dev.lock, flags);
    HEDDLE_ENSURE(!irqs_disabled());
    HEDDLE_ENSURE(!in_atomic());
  });
}

TEST_CASE("the irq and bh variants forbid to sleep until their counterpart") {
  const auto sleep_after = [](bool is_bh) {
    return FailureOf({}, [=](Execution&) {
      device dev{};
      spin_lock_init(&dev.lock);
      if (is_bh) {
        spin_lock_bh(&dev.lock);
      } else {
        spin_lock_irq(&dev.lock);
      }
      spin_unlock(&dev.lock);
      might_sleep();
    });
  };
  CHECK(sleep_after(false).kind == FailureKind::kAtomicSleep);
  CHECK(sleep_after(true).kind == FailureKind::kAtomicSleep);
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    spin_lock_init(&dev.lock);
    spin_lock_bh(&dev.lock);
    spin_unlock_bh(&dev.lock);
    spin_lock_irq(&dev.lock);
    spin_unlock_irq(&dev.lock);
    might_sleep();
  });
}

TEST_CASE("a spinlock that was never initialised, or whose memory is gone, cannot be used") {
  const Failure never = FailureOf({}, [](Execution&) {
    device dev{};
    spin_lock(&dev.lock);
  });
  CHECK(never.kind == FailureKind::kMisuse);
  const Failure gone = FailureOf({}, [](Execution& execution) {
    device dev{};
    spin_lock_init(&dev.lock);
    execution.ForgetObjects(&dev, sizeof(dev));
    spin_lock(&dev.lock);
  });
  CHECK(gone.kind == FailureKind::kUseAfterFree);
  CHECK(ObjectsOf(gone) == "dev.lock");
}

}  // namespace
}  // namespace models::kernel
