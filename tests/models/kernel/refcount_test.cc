// SPDX-License-Identifier: MIT
//
// refcount_t: transitions, saturation, and what is warned of.

#include "models/kernel/refcount.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/warn.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

constexpr unsigned int kSaturated = static_cast<unsigned int>(REFCOUNT_SATURATED);

TEST_CASE("exactly one drop takes the count from 1 to 0") {
  ExecutionsOf({}, [](Execution& execution) {
    refcount_t users;
    refcount_set(&users, 1);
    refcount_inc(&users);
    int last = 0;
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("user", [&] {
        if (refcount_dec_and_test(&users)) ++last;
      });
    }
    execution.JoinAll();
    HEDDLE_ENSURE(last == 1);
    HEDDLE_ENSURE(refcount_read(&users) == 0);
  });
}

TEST_CASE("inc_not_zero takes no reference to what is gone") {
  Seen got;
  ExecutionsOf({}, [&](Execution& execution) {
    refcount_t users = REFCOUNT_INIT(1);
    bool is_gone = false;
    execution.Spawn("owner", [&] {
      if (refcount_dec_and_test(&users)) is_gone = true;
    });
    const bool has_reference = refcount_inc_not_zero(&users);
    got.Add(has_reference ? 1 : 0);
    HEDDLE_ENSURE(has_reference != is_gone);
    if (has_reference) refcount_dec_and_test(&users);
    execution.JoinAll();
  });
  CHECK(got == Seen::Of(0, 1));
}

// Lets `act` go wrong on a count of `initial` and returns the warning.
Failure WarningOf(int initial, void (*act)(refcount_t*)) {
  return FailureOf({}, [=](Execution&) {
    struct {
      refcount_t active_users;
    } data{};
    auto* fsd = &data;
    refcount_set(&fsd->active_users, initial);
    act(&fsd->active_users);
  });
}

TEST_CASE("what goes wrong is warned of under the name of the count") {
  const Failure add = WarningOf(0, [](refcount_t* r) { refcount_inc(r); });
  CHECK(add.kind == FailureKind::kMisuse);
  CHECK(ObjectsOf(add) == "fsd->active_users");
  CHECK(add.title == "refcount_t: addition on 0; use-after-free");
  CHECK(WarningOf(0, [](refcount_t* r) { refcount_dec_and_test(r); }).title ==
        "refcount_t: underflow; use-after-free");
  CHECK(WarningOf(1, [](refcount_t* r) { refcount_sub_and_test(2, r); }).title ==
        "refcount_t: underflow; use-after-free");
  CHECK(WarningOf(1, [](refcount_t* r) { refcount_dec(r); }).title ==
        "refcount_t: decrement hit 0; leaking memory");
  CHECK(WarningOf(REFCOUNT_MAX, [](refcount_t* r) { refcount_inc(r); }).title ==
        "refcount_t: saturated; leaking memory");
  CHECK(WarningOf(REFCOUNT_MAX, [](refcount_t* r) { refcount_inc_not_zero(r); }).title ==
        "refcount_t: saturated; leaking memory");
  CHECK(WarningOf(0, [](refcount_t* r) { refcount_dec_not_one(r); }).title ==
        "refcount_t: underflow; use-after-free");
}

TEST_CASE("a count that went wrong is saturated for ever") {
  ExecutionsOf({}, [](Execution&) {
    set_panic_on_warn(false);
    refcount_t users = REFCOUNT_INIT(0);
    refcount_inc(&users);
    HEDDLE_ENSURE(refcount_read(&users) == kSaturated);
    refcount_inc(&users);
    HEDDLE_ENSURE(refcount_inc_not_zero(&users));
    HEDDLE_ENSURE(!refcount_dec_and_test(&users));
    HEDDLE_ENSURE(!refcount_sub_and_test(5, &users));
    refcount_dec(&users);
    HEDDLE_ENSURE(refcount_dec_not_one(&users));
    HEDDLE_ENSURE(refcount_read(&users) == kSaturated);
  });
}

TEST_CASE("the largest count does not saturate") {
  ExecutionsOf({}, [](Execution&) {
    refcount_t users = REFCOUNT_INIT(REFCOUNT_MAX - 1);
    refcount_inc(&users);
    HEDDLE_ENSURE(refcount_read(&users) == REFCOUNT_MAX);
    refcount_dec(&users);
    HEDDLE_ENSURE(refcount_sub_and_test(REFCOUNT_MAX - 1, &users));
  });
}

TEST_CASE("drops happen before the last one; increments order nothing") {
  Seen ordered;
  ExecutionsOf({}, [&](Execution& execution) {
    refcount_t users = REFCOUNT_INIT(2);
    Past dropped;
    Past taken;
    execution.Spawn("user", [&] {
      taken = Past::OfRunningTask();
      refcount_inc(&users);
      dropped = Past::OfRunningTask();
      refcount_sub_and_test(2, &users);
    });
    if (refcount_read(&users) == 3) ordered.Add(taken.HappensBeforeRunningTask() ? 1 : 0);
    if (refcount_dec_and_test(&users)) HEDDLE_ENSURE(dropped.HappensBeforeRunningTask());
    execution.JoinAll();
  });
  CHECK(ordered == Seen::Of(0));
}

TEST_CASE("the last drop can be made to hold a lock") {
  ExecutionsOf({}, [](Execution& execution) {
    refcount_t users = REFCOUNT_INIT(2);
    mutex lock{};
    spinlock_t spin{};
    mutex_init(&lock);
    spin_lock_init(&spin);
    int last = 0;
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("user", [&] {
        if (!refcount_dec_and_mutex_lock(&users, &lock)) return;
        lockdep_assert_held(&lock);
        ++last;
        mutex_unlock(&lock);
      });
    }
    execution.JoinAll();
    HEDDLE_ENSURE(last == 1);
    HEDDLE_ENSURE(mutex_trylock(&lock) == 1);

    refcount_set(&users, 2);
    HEDDLE_ENSURE(!refcount_dec_and_lock(&users, &spin));
    HEDDLE_ENSURE(refcount_dec_and_lock(&users, &spin));
    lockdep_assert_held(&spin);
  });
}

TEST_CASE("another reference taken meanwhile keeps the last drop from being the last") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    refcount_t users = REFCOUNT_INIT(1);
    mutex lock{};
    mutex_init(&lock);
    execution.Spawn("finder", [&] {
      mutex_lock(&lock);
      if (refcount_inc_not_zero(&users)) seen.Add(refcount_read(&users));
      mutex_unlock(&lock);
    });
    if (refcount_dec_and_mutex_lock(&users, &lock)) {
      HEDDLE_ENSURE(refcount_read(&users) == 0);
      mutex_unlock(&lock);
    }
    execution.JoinAll();
    HEDDLE_ENSURE(mutex_trylock(&lock) == 1);
  });
  CHECK(seen == Seen::Of(1, 2));
}

}  // namespace
}  // namespace models::kernel
