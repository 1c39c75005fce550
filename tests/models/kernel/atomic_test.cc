// SPDX-License-Identifier: MIT
//
// atomic_t: each operation is one step, returns what it says, and orders what it says.

#include "models/kernel/atomic.h"

#include <doctest/doctest.h>

#include <climits>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;

TEST_CASE("increments are never lost") {
  CHECK(ExecutionsOf({}, [](Execution& execution) {
          atomic_t count;
          atomic_set(&count, 0);
          for (int i = 0; i < 2; ++i) {
            execution.Spawn("counter", [&] {
              atomic_inc(&count);
              atomic_add(2, &count);
            });
          }
          execution.JoinAll();
          HEDDLE_ENSURE(atomic_read(&count) == 6);
        }) == 6);
}

TEST_CASE("operations return the new value, the old one, or whether it is 0") {
  ExecutionsOf({}, [](Execution&) {
    atomic_t v = ATOMIC_INIT(1);
    HEDDLE_ENSURE(atomic_inc_return(&v) == 2);
    HEDDLE_ENSURE(atomic_add_return(3, &v) == 5);
    HEDDLE_ENSURE(atomic_dec_return(&v) == 4);
    HEDDLE_ENSURE(atomic_sub_return(2, &v) == 2);
    HEDDLE_ENSURE(!atomic_dec_and_test(&v));
    HEDDLE_ENSURE(atomic_dec_and_test(&v));
    atomic_dec(&v);
    HEDDLE_ENSURE(atomic_inc_and_test(&v));
    atomic_add(5, &v);
    atomic_sub(2, &v);
    HEDDLE_ENSURE(atomic_xchg(&v, 9) == 3);
    HEDDLE_ENSURE(atomic_cmpxchg(&v, 8, 10) == 9);
    HEDDLE_ENSURE(atomic_read(&v) == 9);
    HEDDLE_ENSURE(atomic_cmpxchg(&v, 9, 10) == 9);
    HEDDLE_ENSURE(atomic_read(&v) == 10);
  });
}

TEST_CASE("conditional additions add only if they may") {
  ExecutionsOf({}, [](Execution&) {
    atomic_t v = ATOMIC_INIT(0);
    HEDDLE_ENSURE(!atomic_inc_not_zero(&v));
    HEDDLE_ENSURE(atomic_read(&v) == 0);
    HEDDLE_ENSURE(atomic_add_unless(&v, 4, 3));
    HEDDLE_ENSURE(!atomic_add_unless(&v, 1, 4));
    HEDDLE_ENSURE(atomic_inc_not_zero(&v));
    HEDDLE_ENSURE(atomic_read(&v) == 5);
  });
}

TEST_CASE("a counter wraps") {
  ExecutionsOf({}, [](Execution&) {
    atomic_t v = ATOMIC_INIT(INT_MAX);
    HEDDLE_ENSURE(atomic_inc_return(&v) == INT_MIN);
    HEDDLE_ENSURE(atomic_dec_return(&v) == INT_MAX);
  });
}

TEST_CASE("exactly one of the tasks that count down reaches 0") {
  ExecutionsOf({}, [](Execution& execution) {
    atomic_t count = ATOMIC_INIT(3);
    int last = 0;
    for (int i = 0; i < 3; ++i) {
      execution.Spawn("user", [&] {
        if (atomic_dec_and_test(&count)) ++last;
      });
    }
    execution.JoinAll();
    HEDDLE_ENSURE(last == 1);
  });
}

TEST_CASE("what a task did before counting down happens before the one that reaches 0 goes on") {
  ExecutionsOf({}, [](Execution& execution) {
    atomic_t count = ATOMIC_INIT(2);
    Past pasts[2];
    for (Past& past : pasts) {
      execution.Spawn("user", [&] {
        past = Past::OfRunningTask();
        if (!atomic_dec_and_test(&count)) return;
        for (const Past& other : pasts) HEDDLE_ENSURE(other.HappensBeforeRunningTask());
      });
    }
    execution.JoinAll();
  });
}

TEST_CASE("operations without a result order nothing") {
  Seen ordered;
  ExecutionsOf({}, [&](Execution& execution) {
    atomic_t count = ATOMIC_INIT(0);
    Past past;
    execution.Spawn("writer", [&] {
      past = Past::OfRunningTask();
      atomic_inc(&count);
    });
    if (atomic_read(&count) == 1) ordered.Add(past.HappensBeforeRunningTask() ? 1 : 0);
    execution.JoinAll();
  });
  CHECK(ordered == Seen::Of(0));
}

TEST_CASE("a counter is called as atomic_set spells it") {
  ExecutionsOf({}, [](Execution& execution) {
    struct {
      atomic_t refcnt;
    } link{};
    auto* conn = &link;
    atomic_set(&conn->refcnt, 0);
    const heddle::ObjectId last{execution.objects().size() - 1};
    HEDDLE_ENSURE(execution.ObjectName(last) == "conn->refcnt");
  });
}

}  // namespace
}  // namespace models::kernel
