// SPDX-License-Identifier: MIT
//
// The table of lock classes: who has a place in it, and what lockdep no longer sees once it is
// full.

#include "models/kernel/lock_classes.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/explore/explore.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/mutex.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::FailureKind;

// A lock with a class of its own, as M4's devices have.
struct keyed_lock {
  mutex lock;
  lock_class_key key;

  void init() {
    lockdep_register_key(&key);
    __mutex_init(&lock, "dev->mutex", &key);
  }
  void use() {
    mutex_lock(&lock);
    mutex_unlock(&lock);
  }
};

TEST_CASE("a class takes its place when a lock of it is acquired, not when its key is registered") {
  ExecutionsOf({}, [](Execution&) {
    lockdep_leave_room(1);
    keyed_lock one;
    keyed_lock two;
    one.init();
    two.init();
    HEDDLE_ENSURE(debug_locks());
    one.use();
    one.use();
    HEDDLE_ENSURE(debug_locks());
    two.use();
    HEDDLE_ENSURE(!debug_locks());
  });
}

TEST_CASE("each subclass of a key is a class") {
  ExecutionsOf({}, [](Execution&) {
    lockdep_leave_room(1);
    keyed_lock one;
    one.init();
    one.use();
    mutex_lock_nested(&one.lock, 1);
    HEDDLE_ENSURE(!debug_locks());
  });
}

TEST_CASE("the classes of a key give their places back when it is unregistered") {
  ExecutionsOf({}, [](Execution&) {
    lockdep_leave_room(2);
    for (int i = 0; i < 4; ++i) {
      keyed_lock one;
      one.init();
      one.use();
      mutex_lock_nested(&one.lock, 1);
      mutex_unlock(&one.lock);
      lockdep_unregister_key(&one.key);
    }
    HEDDLE_ENSURE(debug_locks());
  });
}

TEST_CASE("locks with static keys have their places in a full table") {
  ExecutionsOf({}, [](Execution&) {
    lockdep_leave_room(0);
    mutex lock{};
    mutex_init(&lock);
    mutex_lock(&lock);
    HEDDLE_ENSURE(debug_locks());
  });
}

TEST_CASE("lockdep is on again in the next execution") {
  const uint64_t executions = ExecutionsOf({}, [](Execution& execution) {
    HEDDLE_ENSURE(debug_locks());
    lockdep_leave_room(0);
    keyed_lock one;
    one.init();
    one.use();
    HEDDLE_ENSURE(!debug_locks());
    execution.Choose(3);
  });
  CHECK(executions == 3);
}

TEST_CASE("no assertion about held locks fails once the table was full") {
  ExecutionsOf({}, [](Execution&) {
    lockdep_leave_room(0);
    keyed_lock one;
    one.init();
    HEDDLE_ENSURE(!lockdep_is_held(&one.lock));
    one.use();
    lockdep_assert_held(&one.lock);
    lockdep_assert_held_write(&one.lock);
    HEDDLE_ENSURE(lockdep_is_held(&one.lock));
    mutex_lock(&one.lock);
    lockdep_assert_not_held(&one.lock);
  });
}

// Two locks of drivers, in both orders, after the locks of `devices` devices were taken.
heddle::ExplorationResult BothOrders(unsigned int places, int devices) {
  const heddle::ExploreOptions options = {.lock_order = heddle::LockOrderPolicy::kReport};
  return heddle::Explore(options, [=](Execution&) {
    lockdep_leave_room(places);
    keyed_lock device[2];
    for (int i = 0; i < devices; ++i) {
      device[i].init();
      device[i].use();
    }
    mutex a{};
    mutex b{};
    mutex_init(&a);
    mutex_init(&b);
    mutex_lock(&a);
    mutex_lock(&b);
    mutex_unlock(&b);
    mutex_unlock(&a);
    mutex_lock(&b);
    mutex_lock(&a);
  });
}

TEST_CASE("once the table was full no order of locks is judged, be their keys static") {
  const heddle::ExplorationResult on = BothOrders(2, 2);
  REQUIRE(on.failure() != nullptr);
  CHECK(on.failure()->kind == FailureKind::kLockOrder);
  CHECK(ObjectsOf(*on.failure()) == "a, b");
  CHECK(BothOrders(1, 2).failure() == nullptr);
}

}  // namespace
}  // namespace models::kernel
