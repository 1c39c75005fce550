// SPDX-License-Identifier: MIT
//
// What rwlock_t has of its own: it spins. How readers and writers go about each other is the same
// code as rw_semaphore's, whose test states those rules; each is probed here once.

#include "models/kernel/rwlock.h"

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

TEST_CASE("readers are inside together, a writer is alone") {
  Seen readers_inside;
  ExecutionsOf({.preemptions = 3}, [&](Execution& execution) {
    rwlock_t chan_list_lock{};
    rwlock_init(&chan_list_lock);
    unsigned readers = 0;
    bool is_writing = false;
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("reader", [&] {
        read_lock(&chan_list_lock);
        readers_inside.Add(++readers);
        HEDDLE_ENSURE(!is_writing);
        execution.Yield();
        --readers;
        read_unlock(&chan_list_lock);
      });
    }
    write_lock(&chan_list_lock);
    is_writing = true;
    HEDDLE_ENSURE(readers == 0);
    execution.Yield();
    is_writing = false;
    write_unlock(&chan_list_lock);
    execution.JoinAll();
  });
  CHECK(readers_inside == Seen::Of(1, 2));
}

TEST_CASE("reading twice with a writer between the two is a deadlock") {
  const Failure failure = FailureOf({.preemptions = 1}, [](Execution& execution) {
    rwlock_t chan_list_lock{};
    rwlock_init(&chan_list_lock);
    execution.Spawn("reader", [&] {
      read_lock(&chan_list_lock);
      read_lock(&chan_list_lock);
      read_unlock(&chan_list_lock);
      read_unlock(&chan_list_lock);
    });
    execution.Spawn("writer", [&] {
      write_lock(&chan_list_lock);
      write_unlock(&chan_list_lock);
    });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK(ObjectsOf(failure) == "chan_list_lock");
}

TEST_CASE("readers and writers must not sleep") {
  const auto sleep_in = [](void (*enter)(rwlock_t*)) {
    return FailureOf({}, [=](Execution&) {
      rwlock_t chan_list_lock{};
      rwlock_init(&chan_list_lock);
      enter(&chan_list_lock);
      might_sleep();
    });
  };
  const Failure reader = sleep_in([](rwlock_t* lock) { read_lock(lock); });
  CHECK(reader.kind == FailureKind::kAtomicSleep);
  CHECK(ObjectsOf(reader) == "chan_list_lock");
  CHECK(sleep_in([](rwlock_t* lock) { write_lock(lock); }).kind == FailureKind::kAtomicSleep);
  CHECK(sleep_in([](rwlock_t* lock) { read_trylock(lock); }).kind == FailureKind::kAtomicSleep);
}

TEST_CASE("it can be entered in atomic context, and left for good") {
  ExecutionsOf({}, [](Execution&) {
    rwlock_t chan_list_lock{};
    rwlock_init(&chan_list_lock);
    read_lock_bh(&chan_list_lock);
    read_unlock_bh(&chan_list_lock);
    write_lock_bh(&chan_list_lock);
    write_unlock_bh(&chan_list_lock);
    read_lock_irq(&chan_list_lock);
    HEDDLE_ENSURE(irqs_disabled());
    read_unlock_irq(&chan_list_lock);
    write_lock_irq(&chan_list_lock);
    HEDDLE_ENSURE(read_trylock(&chan_list_lock) == 0);
    HEDDLE_ENSURE(write_trylock(&chan_list_lock) == 0);
    write_unlock_irq(&chan_list_lock);
    HEDDLE_ENSURE(write_trylock(&chan_list_lock) == 1);
    write_unlock(&chan_list_lock);
    might_sleep();
  });
}

TEST_CASE("only who is inside leaves") {
  const Failure failure = FailureOf({}, [](Execution&) {
    rwlock_t chan_list_lock{};
    rwlock_init(&chan_list_lock);
    write_lock(&chan_list_lock);
    read_unlock(&chan_list_lock);
  });
  CHECK(failure.kind == FailureKind::kMisuse);
  CHECK(failure.title == "read_unlock by a task that is not inside as a reader");
}

TEST_CASE("a static lock needs no initialiser; another one does") {
  static DEFINE_RWLOCK(hci_dev_list_lock);
  ExecutionsOf({}, [](Execution&) {
    read_lock(&hci_dev_list_lock);
    read_unlock(&hci_dev_list_lock);
  });
  CHECK(FailureOf({}, [](Execution&) {
          rwlock_t lock{};
          read_lock(&lock);
        }).kind == FailureKind::kMisuse);
}

}  // namespace
}  // namespace models::kernel
