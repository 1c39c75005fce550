// SPDX-License-Identifier: MIT
//
// Scope guards: what is undone, when, in which order, and what happens to a task that never gets
// there.

#include "models/kernel/cleanup.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct device {
  mutex lock;
  spinlock_t devres_lock;
  rw_semaphore rwsem;
  int references = 0;

  void init() {
    mutex_init(&lock);
    spin_lock_init(&devres_lock);
    init_rwsem(&rwsem);
  }
};

TEST_CASE("a guard holds its lock to the end of the block") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    {
      guard(mutex)(&dev.lock);
      lockdep_assert_held(&dev.lock);
    }
    lockdep_assert_not_held(&dev.lock);
    {
      guard(rwsem_read)(&dev.rwsem);
      lockdep_assert_held_read(&dev.rwsem);
    }
    {
      guard(rwsem_write)(&dev.rwsem);
      lockdep_assert_held_write(&dev.rwsem);
    }
    {
      guard(spinlock_irqsave)(&dev.devres_lock);
      HEDDLE_ENSURE(irqs_disabled());
    }
    {
      guard(rcu)();
      HEDDLE_ENSURE(rcu_read_lock_held());
    }
    HEDDLE_ENSURE(!in_atomic());
    lockdep_assert_not_held(&dev.rwsem);
  });
}

int ReturnFromTheMiddle(device* dev) {
  guard(mutex)(&dev->lock);
  scoped_guard(spinlock, &dev->devres_lock) {
    if (in_atomic()) return 7;
  }
  return 0;
}

TEST_CASE("a return from inside lets go of everything") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    HEDDLE_ENSURE(ReturnFromTheMiddle(&dev) == 7);
    lockdep_assert_not_held(&dev.lock);
    lockdep_assert_not_held(&dev.devres_lock);
  });
}

TEST_CASE("a scoped guard runs its block once, holding, and break leaves it") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    int runs = 0;
    scoped_guard(mutex, &dev.lock) {
      lockdep_assert_held(&dev.lock);
      scoped_guard(rcu) {
        ++runs;
      }
    }
    HEDDLE_ENSURE(runs == 1);
    lockdep_assert_not_held(&dev.lock);
    scoped_guard(mutex, &dev.lock) {
      if (runs == 1) break;
      ++runs;
    }
    HEDDLE_ENSURE(runs == 1);
    lockdep_assert_not_held(&dev.lock);
  });
}

TEST_CASE("guards let go in the reverse order of their declaration") {
  // Only in this order does the spinlock forbid nothing when the mutex is released.
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    {
      guard(mutex)(&dev.lock);
      guard(spinlock)(&dev.devres_lock);
    }
    HEDDLE_ENSURE(!in_atomic());
  });
}

void put_device(device* dev) {
  --dev->references;
}

DEFINE_FREE(put_device, device*, if (_T != nullptr) put_device(_T));
DEFINE_FREE(put_device_or_error, device*, if (!IS_ERR_OR_NULL(_T)) put_device(_T));

device* GetAndKeep(device* dev, bool keeps) {
  ++dev->references;
  device* found __free(put_device) = dev;
  if (!keeps) return nullptr;
  return_ptr(found);
}

TEST_CASE("a variable frees what it points at unless it is given away") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    HEDDLE_ENSURE(GetAndKeep(&dev, false) == nullptr);
    HEDDLE_ENSURE(dev.references == 0);
    HEDDLE_ENSURE(GetAndKeep(&dev, true) == &dev);
    HEDDLE_ENSURE(dev.references == 1);
    {
      device* last __free(put_device) = &dev;
      retain_and_null_ptr(last);
      HEDDLE_ENSURE(last == nullptr);
    }
    HEDDLE_ENSURE(dev.references == 1);
    { [[maybe_unused]] device* error __free(put_device_or_error) = ERR_PTR(-ENOMEM); }
    { [[maybe_unused]] device* nothing __free(put_device) = nullptr; }
    { [[maybe_unused]] device* found __free(put_device_or_error) = &dev; }
    HEDDLE_ENSURE(dev.references == 0);
  });
}

DEFINE_FREE(put_locked_device, device*, lockdep_assert_held(&_T->lock); put_device(_T));

TEST_CASE("variables and guards are undone together, last one first") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    {
      guard(mutex)(&dev.lock);
      device* found __free(put_locked_device) = &dev;
      ++found->references;
    }
    HEDDLE_ENSURE(dev.references == 0);
    lockdep_assert_not_held(&dev.lock);
  });
}

TEST_CASE("a guard is reported at its own place, with its own function") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device dev{};
    dev.init();
    mutex_lock(&dev.lock);
    ReturnFromTheMiddle(&dev);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(failure.functions == std::vector<std::string>{"ReturnFromTheMiddle"});
  REQUIRE(!failure.waits.empty());
  CHECK(failure.waits[0].file.find("cleanup_test.cc") != std::string::npos);
}

TEST_CASE("a task that is abandoned in a guard leaves nothing locked for the next execution") {
  static DEFINE_MUTEX(lock);
  int executions = 0;
  const heddle::ExplorationResult result = heddle::Explore(
      {.bounds = {.preemptions = 1}, .keep_going = true}, [&](Execution& execution) {
        ++executions;
        execution.Spawn("sleeper", [&] {
          guard(mutex)(&lock);
          execution.Yield();
        });
        HEDDLE_ENSURE(mutex_trylock(&lock) == 1);
        mutex_unlock(&lock);
        execution.JoinAll();
      });
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].failure.kind == FailureKind::kAssertion);
  CHECK(result.executions > 1);
}

TEST_CASE("a task that dies in a guard keeps what it holds") {
  const Failure failure = FailureOf({.preemptions = 1}, [](Execution& execution) {
    device dev{};
    dev.init();
    execution.Spawn("victim", [&] {
      guard(mutex)(&dev.lock);
      execution.Die();
    });
    execution.Yield();
    guard(mutex)(&dev.lock);
  });
  CHECK(failure.kind == FailureKind::kHang);
  CHECK(ObjectsOf(failure) == "lock");
}

void lock_device(device* dev, heddle::SourceLocation where) {
  mutex_lock(&dev->lock, where);
}
DEFINE_GUARD(device, device*, lock_device(_T, where), mutex_unlock(&_T->lock, where));

TEST_CASE("a port defines guards of its own; one over null does nothing") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    {
      guard(device)(&dev);
      lockdep_assert_held(&dev.lock);
    }
    lockdep_assert_not_held(&dev.lock);
    guard(device)(nullptr);
  });
}

}  // namespace
}  // namespace models::kernel
