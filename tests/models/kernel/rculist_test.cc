// SPDX-License-Identifier: MIT
//
// The rules of lists under RCU: what a reader sees of entries that come and go while it walks. All
// executions of small programs without a bound on preemptions.

#include "models/kernel/rculist.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/spinlock.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct entry {
  list_head list;
  unsigned value = 0;
};

unsigned sum_of(list_head* head) {
  entry* pos = nullptr;
  unsigned sum = 0;
  rcu_read_lock();
  list_for_each_entry_rcu(pos, head, list) sum += pos->value;
  rcu_read_unlock();
  return sum;
}

TEST_CASE("a reader sees an entry that is being added with all its fields, or not at all") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    LIST_HEAD(head);
    entry first{.list = {}, .value = 1};
    execution.Spawn("reader", [&] { seen.Add(sum_of(&head)); });
    list_add_tail_rcu(&first.list, &head);
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(0, 1));
}

TEST_CASE("a reader that stands at a removed entry goes on to the rest of the list") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    LIST_HEAD(head);
    entry first{.list = {}, .value = 1};
    entry second{.list = {}, .value = 2};
    list_add_tail_rcu(&first.list, &head);
    list_add_tail_rcu(&second.list, &head);
    execution.Spawn("reader", [&] { seen.Add(sum_of(&head)); });
    list_del_rcu(&first.list);
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(2, 3));
}

TEST_CASE("after a grace period no reader stands at a removed entry") {
  ExecutionsOf({}, [&](Execution& execution) {
    LIST_HEAD(head);
    entry first{.list = {}, .value = 1};
    list_add_rcu(&first.list, &head);
    execution.Spawn("reader", [&] { HEDDLE_ENSURE(sum_of(&head) <= 1); });
    list_del_rcu(&first.list);
    synchronize_rcu();
    first.value = 2;
    execution.JoinAll();
  });
}

TEST_CASE("entries are added at the front and at the end") {
  ExecutionsOf({}, [&](Execution&) {
    LIST_HEAD(head);
    entry first{.list = {}, .value = 1};
    entry second{.list = {}, .value = 2};
    entry third{.list = {}, .value = 3};
    list_add_tail_rcu(&second.list, &head);
    list_add_tail_rcu(&third.list, &head);
    list_add_rcu(&first.list, &head);
    unsigned expected = 1;
    entry* pos = nullptr;
    rcu_read_lock();
    list_for_each_entry_rcu(pos, &head, list) HEDDLE_ENSURE(pos->value == expected++);
    rcu_read_unlock();
    HEDDLE_ENSURE(expected == 4);
  });
}

struct connection {
  unsigned handle = 0;
  bool is_freed = false;
  list_head list;
};

// Adds what a reader sees to `seen` as decimal digits' bits: which handles, in order.
unsigned Walk(list_head* head) {
  unsigned digits = 0;
  connection* c = nullptr;
  rcu_read_lock();
  list_for_each_entry_rcu(c, head, list) {
    HEDDLE_ENSURE(!c->is_freed);
    digits = digits * 10 + c->handle;
  }
  rcu_read_unlock();
  return digits;
}

TEST_CASE("an entry that is freed at once is seen") {
  const Failure failure = FailureOf({.preemptions = 2}, [](Execution& execution) {
    LIST_HEAD(conn_hash);
    connection one{.handle = 1};
    list_add_rcu(&one.list, &conn_hash);
    execution.Spawn("reader", [&] {
      rcu_read_lock();
      connection* found = list_first_or_null_rcu(&conn_hash, connection, list);
      execution.Yield();
      if (found != nullptr) HEDDLE_ENSURE(!found->is_freed);
      rcu_read_unlock();
    });
    list_del_rcu(&one.list);
    one.is_freed = true;
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kAssertion);
}

TEST_CASE("a replaced entry is seen or its replacement, never both") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    LIST_HEAD(conn_hash);
    connection one{.handle = 1};
    connection two{.handle = 2};
    list_add_rcu(&one.list, &conn_hash);
    execution.Spawn("reader", [&] { seen.Add(Walk(&conn_hash)); });
    list_replace_rcu(&one.list, &two.list);
    execution.JoinAll();
  });
  CHECK(seen == Seen::Of(1, 2));
}

TEST_CASE("what the writer did before it published an entry happens before readers of it") {
  ExecutionsOf({}, [](Execution& execution) {
    LIST_HEAD(conn_hash);
    connection one{.handle = 1};
    Past past;
    execution.Spawn("reader", [&] {
      if (Walk(&conn_hash) == 1) HEDDLE_ENSURE(past.HappensBeforeRunningTask());
    });
    past = Past::OfRunningTask();
    list_add_rcu(&one.list, &conn_hash);
    execution.JoinAll();
  });
}

TEST_CASE("a walk needs a read section, or a condition that stands in for it") {
  const Failure failure = FailureOf({}, [](Execution&) {
    LIST_HEAD(conn_hash);
    connection* c = nullptr;
    list_for_each_entry_rcu(c, &conn_hash, list) {}
  });
  CHECK(failure.kind == FailureKind::kRcuMisuse);
  ExecutionsOf({}, [](Execution&) {
    LIST_HEAD(conn_hash);
    spinlock_t lock{};
    spin_lock_init(&lock);
    connection one{.handle = 1};
    list_add_rcu(&one.list, &conn_hash);
    spin_lock(&lock);
    unsigned entries = 0;
    connection* c = nullptr;
    list_for_each_entry_rcu(c, &conn_hash, list, lockdep_is_held(&lock))++ entries;
    HEDDLE_ENSURE(entries == 1);
    spin_unlock(&lock);
  });
}

}  // namespace
}  // namespace models::kernel
