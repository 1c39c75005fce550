// SPDX-License-Identifier: MIT
//
// Marked accesses: each is one step, and orders what its name says.

#include "models/kernel/access_once.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;

TEST_CASE("loads and stores interleave, so increments are lost") {
  Seen totals;
  CHECK(ExecutionsOf({}, [&](Execution& execution) {
          unsigned count = 0;
          for (int i = 0; i < 2; ++i) {
            execution.Spawn("counter", [&] { WRITE_ONCE(count, READ_ONCE(count) + 1); });
          }
          execution.JoinAll();
          totals.Add(count);
        }) == 6);
  CHECK(totals == Seen::Of(1, 2));
}

TEST_CASE("an exchange is one step") {
  Seen got;
  CHECK(ExecutionsOf({}, [&](Execution& execution) {
          int x = 0;
          int* const p = &x;
          for (int i = 0; i < 2; ++i) {
            execution.Spawn("taker", [&] { got.Add(static_cast<unsigned>(xchg(p, 1))); });
          }
          execution.JoinAll();
          HEDDLE_ENSURE(x == 1);
        }) == 2);
  CHECK(got == Seen::Of(0, 1));
}

TEST_CASE("a compare-and-exchange stores only what was expected, and returns what was there") {
  ExecutionsOf({}, [](Execution& execution) {
    const void* owner = nullptr;
    int winners = 0;
    for (int i = 0; i < 3; ++i) {
      execution.Spawn("publisher", [&] {
        const void* mine = &winners + i;
        const void* old = cmpxchg(&owner, nullptr, mine);
        if (old == nullptr) {
          ++winners;
          HEDDLE_ENSURE(owner == mine);
        } else {
          HEDDLE_ENSURE(owner == old);
        }
      });
    }
    execution.JoinAll();
    HEDDLE_ENSURE(winners == 1);
  });
}

TEST_CASE("each type is stored and loaded whole") {
  ExecutionsOf({}, [](Execution&) {
    struct pair {
      u64 first;
      u32 second;
    };
    u8 byte = 1;
    pair both{2, 3};
    bool flag = false;
    WRITE_ONCE(byte, 200);
    WRITE_ONCE(both, (pair{4, 5}));
    smp_store_release(&flag, true);
    HEDDLE_ENSURE(READ_ONCE(byte) == 200);
    HEDDLE_ENSURE(READ_ONCE(both).second == 5);
    HEDDLE_ENSURE(smp_load_acquire(&flag));
    smp_store_mb(byte, 7);
    HEDDLE_ENSURE(byte == 7);
  });
}

// Returns whether what came before a store of 1 is known to a load that saw it.
Seen OrderedBy(void (*store)(int*), int (*load)(int*)) {
  Seen ordered;
  ExecutionsOf({}, [&](Execution& execution) {
    int flag = 0;
    Past past;
    execution.Spawn("writer", [&] {
      past = Past::OfRunningTask();
      store(&flag);
    });
    if (load(&flag) == 1) ordered.Add(past.HappensBeforeRunningTask() ? 1 : 0);
    execution.JoinAll();
  });
  return ordered;
}

TEST_CASE("a release that an acquire saw orders; once and relaxed accesses do not") {
  const auto release = [](int* p) { smp_store_release(p, 1); };
  const auto once = [](int* p) { WRITE_ONCE(*p, 1); };
  const auto acquire = [](int* p) { return smp_load_acquire(p); };
  const auto relaxed = [](int* p) { return READ_ONCE(*p); };
  CHECK(OrderedBy(release, acquire) == Seen::Of(1));
  CHECK(OrderedBy(release, relaxed) == Seen::Of(0));
  CHECK(OrderedBy(once, acquire) == Seen::Of(0));
  CHECK(OrderedBy(once, relaxed) == Seen::Of(0));
}

TEST_CASE("exchanges are fully ordered") {
  const auto exchange = [](int* p) { static_cast<void>(xchg(p, 1)); };
  const auto compare = [](int* p) { static_cast<void>(cmpxchg(p, 0, 1)); };
  const auto take = [](int* p) { return xchg(p, 2); };
  const auto compare_and_take = [](int* p) { return cmpxchg(p, 1, 2); };
  CHECK(OrderedBy(exchange, take) == Seen::Of(1));
  CHECK(OrderedBy(compare, compare_and_take) == Seen::Of(1));
}

TEST_CASE("a store without release order hides what was released before it") {
  const auto twice = [](int* p) {
    smp_store_release(p, 1);
    WRITE_ONCE(*p, 1);
  };
  const auto acquire = [](int* p) { return smp_load_acquire(p); };
  CHECK(OrderedBy(twice, acquire) == Seen::Of(0, 1));
}

TEST_CASE("accesses to different places are different objects, under the names they were spelled") {
  ExecutionsOf({}, [](Execution& execution) {
    struct {
      int state;
      int flags;
    } hcon{};
    WRITE_ONCE(hcon.state, 1);
    const uint32_t one = execution.objects().size();
    HEDDLE_ENSURE(execution.ObjectName(heddle::ObjectId{one - 1}) == "hcon.state");
    WRITE_ONCE(hcon.flags, 1);
    HEDDLE_ENSURE(execution.objects().size() == one + 1);
    WRITE_ONCE(hcon.state, 2);
    HEDDLE_ENSURE(execution.objects().size() == one + 1);
  });
}

TEST_CASE("memory that was freed and is used again is another object") {
  ExecutionsOf({}, [](Execution& execution) {
    int x = 0;
    WRITE_ONCE(x, 1);
    const uint32_t one = execution.objects().size();
    execution.ForgetObjects(&x, sizeof(x));
    WRITE_ONCE(x, 2);
    HEDDLE_ENSURE(execution.objects().size() == one + 1);
  });
}

TEST_CASE("any number of places can be accessed") {
  ExecutionsOf({}, [](Execution& execution) {
    static int places[500];
    const uint32_t before = execution.objects().size();
    for (int round = 0; round < 2; ++round) {
      for (int& place : places) WRITE_ONCE(place, 1);
    }
    HEDDLE_ENSURE(execution.objects().size() == before + 500);
  });
}

}  // namespace
}  // namespace models::kernel
