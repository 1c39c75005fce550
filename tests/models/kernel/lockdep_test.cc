// SPDX-License-Identifier: MIT
//
// Assertions about what a task holds, lock classes, and annotations that exclude nobody.

#include "models/kernel/lockdep.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "models/kernel/mutex.h"
#include "models/kernel/rcu.h"
#include "models/kernel/rwsem.h"
#include "models/kernel/spinlock.h"
#include "models/kernel/task_context.h"
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

  void init() {
    mutex_init(&lock);
    spin_lock_init(&devres_lock);
    init_rwsem(&rwsem);
  }
};

TEST_CASE("the assertion holds for a lock of each kind while the task has it") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    mutex_lock(&dev.lock);
    spin_lock(&dev.devres_lock);
    lockdep_assert_held(&dev.lock);
    lockdep_assert_held(&dev.devres_lock);
    spin_unlock(&dev.devres_lock);
    down_read(&dev.rwsem);
    lockdep_assert_held(&dev.rwsem);
    lockdep_assert_held_read(&dev.rwsem);
    lockdep_assert_not_held(&dev.devres_lock);
    up_read(&dev.rwsem);
    down_write(&dev.rwsem);
    lockdep_assert_held_write(&dev.rwsem);
    up_write(&dev.rwsem);
  });
}

TEST_CASE("a failed assertion names the lock, and where it was expected") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device devices{};
    device* dev = &devices;
    mutex_init(&dev->lock);
    lockdep_assert_held(&dev->lock);
  });
  CHECK(failure.kind == FailureKind::kAssertion);
  CHECK(ObjectsOf(failure) == "dev->lock");
  CHECK(failure.title == "lockdep_assert_held(&dev->lock): dev->lock is not held");
}

TEST_CASE("a lock that another task holds is not held") {
  const Failure failure = FailureOf({}, [](Execution& execution) {
    device dev{};
    dev.init();
    mutex_lock(&dev.lock);
    execution.Spawn("other", [&] { lockdep_assert_held(&dev.lock); });
  });
  CHECK(failure.kind == FailureKind::kAssertion);
  CHECK(failure.tasks == std::vector<std::string>{"other"});
}

TEST_CASE("a lock that was never initialised is not held") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device dev{};
    lockdep_assert_held(&dev.lock);
  });
  CHECK(failure.kind == FailureKind::kAssertion);
}

TEST_CASE("a reader does not hold the lock as a writer, nor a writer as a reader") {
  CHECK(FailureOf({}, [](Execution&) {
          device dev{};
          dev.init();
          down_read(&dev.rwsem);
          lockdep_assert_held_write(&dev.rwsem);
        }).title == "lockdep_assert_held_write(&dev.rwsem): dev.rwsem is only shared");
  CHECK(FailureOf({}, [](Execution&) {
          device dev{};
          dev.init();
          down_write(&dev.rwsem);
          lockdep_assert_held_read(&dev.rwsem);
        }).kind == FailureKind::kAssertion);
}

TEST_CASE("an assertion that a lock is not held fails while it is") {
  const Failure failure = FailureOf({}, [](Execution&) {
    device dev{};
    dev.init();
    mutex_lock(&dev.lock);
    lockdep_assert_not_held(&dev.lock);
  });
  CHECK(failure.kind == FailureKind::kAssertion);
}

// ---- Classes

const held_lock& Innermost() {
  return internal::current_context().held.back();
}

TEST_CASE("locks of one initialiser are of one class, those of two are not") {
  ExecutionsOf({}, [](Execution&) {
    device one{};
    device two{};
    one.init();
    two.init();
    mutex third{};
    mutex_init(&third);
    mutex_lock(&one.lock);
    const lock_class_key* key = Innermost().key;
    mutex_lock_nested(&two.lock, 3);
    HEDDLE_ENSURE(Innermost().key == key);
    HEDDLE_ENSURE(Innermost().subclass == 3);
    mutex_lock(&third);
    HEDDLE_ENSURE(Innermost().key != key);
    HEDDLE_ENSURE(internal::current_context().held.size() == 3);
  });
}

TEST_CASE("what a task holds says how it was acquired") {
  ExecutionsOf({}, [](Execution&) {
    device dev{};
    dev.init();
    HEDDLE_ENSURE(mutex_trylock(&dev.lock) == 1);
    HEDDLE_ENSURE(Innermost().is_trylock);
    HEDDLE_ENSURE(Innermost().kind == lock_kind::kSleeping);
    down_read(&dev.rwsem);
    HEDDLE_ENSURE(!Innermost().is_trylock);
    HEDDLE_ENSURE(Innermost().mode == lock_mode::kShared);
    spin_lock(&dev.devres_lock);
    HEDDLE_ENSURE(Innermost().kind == lock_kind::kSpinning);
    mutex_unlock(&dev.lock);
    HEDDLE_ENSURE(internal::current_context().held.size() == 2);
  });
}

TEST_CASE("a lock can be given another class, with a subclass, or one that is never judged") {
  ExecutionsOf({}, [](Execution&) {
    static lock_class_key cxl_port_key;
    device port{};
    device dev{};
    port.init();
    dev.init();
    lockdep_set_class_and_subclass(&port.lock, &cxl_port_key, 2);
    lockdep_set_novalidate_class(&dev.lock);
    mutex_lock(&port.lock);
    HEDDLE_ENSURE(Innermost().key == &cxl_port_key);
    HEDDLE_ENSURE(Innermost().subclass == 2);
    mutex_lock(&dev.lock);
    HEDDLE_ENSURE(Innermost().key == &__lockdep_no_validate__);
    lockdep_assert_held(&dev.lock);
  });
}

TEST_CASE("a key is registered once and unregistered once") {
  ExecutionsOf({}, [](Execution&) {
    lock_class_key key;
    lockdep_register_key(&key);
    lockdep_unregister_key(&key);
    lockdep_register_key(&key);
  });
  CHECK(FailureOf({}, [](Execution&) {
          lock_class_key key;
          lockdep_register_key(&key);
          lockdep_register_key(&key);
        }).kind == FailureKind::kMisuse);
  CHECK(FailureOf({}, [](Execution&) {
          lock_class_key key;
          lockdep_unregister_key(&key);
        }).kind == FailureKind::kMisuse);
}

TEST_CASE("to unregister a key waits for the readers of RCU") {
  const Failure failure = FailureOf({}, [](Execution&) {
    lock_class_key key;
    lockdep_register_key(&key);
    rcu_read_lock();
    lockdep_unregister_key(&key);
  });
  CHECK(failure.kind == FailureKind::kRecursiveDeadlock);
  CHECK(ObjectsOf(failure) == "rcu");
}

// ---- Annotations

TEST_CASE("an annotation is held, and excludes nobody") {
  ExecutionsOf({}, [](Execution& execution) {
    static lock_class_key key;
    lockdep_map map;
    lockdep_init_map(&map, "debugfs:file", &key, 0);
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("user", [&] {
        lock_map_acquire(&map);
        execution.Yield();
        HEDDLE_ENSURE(Innermost().kind == lock_kind::kAnnotation);
        HEDDLE_ENSURE(Innermost().key == &key);
        might_sleep();
        lock_map_release(&map);
        HEDDLE_ENSURE(internal::current_context().held.empty());
      });
    }
    execution.JoinAll();
  });
}

TEST_CASE("annotations say whether they are exclusive, recursive reads or trylocks") {
  ExecutionsOf({}, [](Execution&) {
    lockdep_map map;
    lockdep_init_map(&map, "work", nullptr, 0);
    lock_map_acquire(&map);
    HEDDLE_ENSURE(Innermost().mode == lock_mode::kExclusive);
    lock_map_acquire_read(&map);
    HEDDLE_ENSURE(Innermost().mode == lock_mode::kRecursiveRead);
    lock_map_acquire_try(&map);
    HEDDLE_ENSURE(Innermost().is_trylock);
  });
}

TEST_CASE("a mutex can be annotated as held without being so") {
  ExecutionsOf({}, [](Execution& execution) {
    device dev{};
    dev.init();
    execution.Spawn("holder", [&] {
      mutex_lock(&dev.lock);
      execution.Yield();
      mutex_unlock(&dev.lock);
    });
    mutex_acquire(&dev.lock.dep_map, 0, 0, _RET_IP_);
    lockdep_assert_held(&dev.lock);
    mutex_release(&dev.lock.dep_map, _RET_IP_);
    lockdep_assert_not_held(&dev.lock);
    execution.JoinAll();
  });
}

TEST_CASE("an annotation that is not held cannot be released") {
  const Failure failure = FailureOf({}, [](Execution&) {
    lockdep_map map;
    lockdep_init_map(&map, "work", nullptr, 0);
    lock_map_release(&map);
  });
  CHECK(failure.kind == FailureKind::kMisuse);
  CHECK(ObjectsOf(failure) == "work");
}

TEST_CASE("an annotation of a map that was never initialised is misuse") {
  const Failure failure = FailureOf({}, [](Execution&) {
    lockdep_map map;
    lock_map_acquire_read(&map);
  });
  CHECK(failure.kind == FailureKind::kMisuse);
}

}  // namespace
}  // namespace models::kernel
