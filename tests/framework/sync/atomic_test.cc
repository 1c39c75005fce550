// SPDX-License-Identifier: MIT
//
// Each operation of the atomic variable, by its result in one task and by the number of ways in
// which those of two tasks can be merged; what each memory order lets others know, by races of
// plain data beside the atomic.

#include "heddle/sync/atomic.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "heddle/sync/shared.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

TEST_CASE("each operation on a number is one step and does what std::atomic's does") {
  const auto body = [](Execution& execution) {
    Atomic<int> x{5, "x"};
    std::atomic<int> y{5};
    const auto steps_before = execution.step();
    HEDDLE_ENSURE(x.fetch_add(3) == y.fetch_add(3));
    HEDDLE_ENSURE(x.fetch_sub(1) == y.fetch_sub(1));
    HEDDLE_ENSURE(x.fetch_and(6) == y.fetch_and(6));
    HEDDLE_ENSURE(x.fetch_or(9) == y.fetch_or(9));
    HEDDLE_ENSURE(x.fetch_xor(3) == y.fetch_xor(3));
    HEDDLE_ENSURE(x.exchange(7) == y.exchange(7));
    HEDDLE_ENSURE(x.load() == y.load());
    HEDDLE_ENSURE(execution.step() - steps_before == 7);
    HEDDLE_ENSURE(++x == ++y);
    HEDDLE_ENSURE(x++ == y++);
    HEDDLE_ENSURE(--x == --y);
    HEDDLE_ENSURE(x-- == y--);
    HEDDLE_ENSURE((x += 5) == (y += 5));
    HEDDLE_ENSURE((x -= 2) == (y -= 2));
    HEDDLE_ENSURE((x |= 32) == (y |= 32));
    HEDDLE_ENSURE((x &= 47) == (y &= 47));
    HEDDLE_ENSURE((x ^= 1) == (y ^= 1));
    HEDDLE_ENSURE((x = 12) == (y = 12));
    HEDDLE_ENSURE(x == y);
    HEDDLE_ENSURE(execution.step() - steps_before == 18);
  };
  CheckClean(ExploreAll(body), 1);
}

TEST_CASE("pointers and floating-point numbers can be added to, structures compared") {
  struct Pair {
    int16_t left = 0;
    int32_t right = 0;  // After two bytes of padding.
    bool operator==(const Pair&) const = default;
  };
  const auto body = [](Execution&) {
    int values[3] = {1, 2, 3};
    Atomic<int*> pointer{values, "pointer"};
    HEDDLE_ENSURE(*pointer.fetch_add(2) == 1);
    HEDDLE_ENSURE(*--pointer == 2);

    Atomic<double> number{0.5, "number"};
    HEDDLE_ENSURE((number += 1.25) == 1.75);
    double expected = 0.0;
    number = -0.0;
    HEDDLE_ENSURE(!number.compare_exchange_strong(expected, 1.0));  // Another bit pattern.
    HEDDLE_ENSURE(std::signbit(expected));

    Atomic<Pair> pair{Pair{.left = 1, .right = 2}, "pair"};
    Pair old{.left = 1, .right = 2};
    HEDDLE_ENSURE(pair.compare_exchange_strong(old, Pair{.left = 3, .right = 4}));
    HEDDLE_ENSURE(pair.load().right == 4);
  };
  CheckClean(ExploreAll(body), 1);
}

TEST_CASE("a read-modify-write cannot be torn, a load and a store can") {
  const auto count_with = [](auto increment, std::set<int>* results) {
    return [increment, results](Execution& execution) {
      Atomic<int> x{0, "x"};
      execution.Spawn("a", [&] { increment(x); });
      execution.Spawn("b", [&] { increment(x); });
      execution.JoinAll();
      results->insert(x.load());
    };
  };
  std::set<int> torn;
  // C(4, 2) orders of two loads and two stores.
  CheckClean(ExploreAll(count_with([](Atomic<int>& x) { x.store(x.load() + 1); }, &torn)), 6);
  CHECK(torn == std::set<int>{1, 2});
  std::set<int> whole;
  CheckClean(ExploreAll(count_with([](Atomic<int>& x) { x.fetch_add(1); }, &whole)), 2);
  CHECK(whole == std::set<int>{2});
}

TEST_CASE("a strong exchange stores exactly if it finds what it expects, and never fails else") {
  std::set<std::string> winners;
  const auto body = [&](Execution& execution) {
    Atomic<int> x{0, "x"};
    std::string winner;
    for (const char* name : {"a", "b"}) {
      execution.Spawn(name, [&, name] {
        int expected = 0;
        if (x.compare_exchange_strong(expected, 7)) {
          HEDDLE_ENSURE(expected == 0);
          winner += name;
        } else {
          HEDDLE_ENSURE(expected == 7);
        }
      });
    }
    execution.JoinAll();
    winners.insert(winner);
  };
  CheckClean(ExploreAll(body), 2);
  CHECK(winners == std::set<std::string>{"a", "b"});
}

TEST_CASE("a weak exchange fails without a reason as a fault, and leaves what was expected") {
  std::set<bool> stored;
  const auto body = [&](Execution&) {
    Atomic<int> x{1, "x"};
    int expected = 1;
    const bool has_stored = x.compare_exchange_weak(expected, 2);
    HEDDLE_ENSURE(expected == 1);
    HEDDLE_ENSURE(x.load() == (has_stored ? 2 : 1));
    stored.insert(has_stored);
  };
  CheckClean(ExploreAll(body, {.preemptions = 0, .faults = 0}), 1);
  CHECK(stored == std::set<bool>{true});
  CheckClean(ExploreAll(body, {.preemptions = 0, .faults = 1}), 2);
  CHECK(stored == std::set<bool>{false, true});
}

TEST_CASE("a loop of weak exchanges ends within any number of faults") {
  const auto body = [](Execution&) {
    Atomic<int> x{0, "x"};
    int expected = 0;
    while (!x.compare_exchange_weak(expected, expected + 1)) {
    }
  };
  CheckClean(ExploreAll(body), 2);
}

// One task writes plain data and publishes it, the other reads it once it sees that.
std::function<void(Execution&)> Publish(std::memory_order store, std::memory_order load) {
  return [=](Execution& execution) {
    Shared<int> data{0, "data"};
    Atomic<bool> is_ready{false, "is_ready"};
    execution.Spawn("writer", [&] {
      data.Set(1);
      is_ready.store(true, store);
    });
    execution.Spawn("reader", [&] {
      if (is_ready.load(load)) HEDDLE_ENSURE(data.Get() == 1);
    });
    execution.JoinAll();
  };
}

TEST_CASE("release and acquire order plain data; with either relaxed it races") {
  using enum std::memory_order;
  CheckClean(ExploreAll(Publish(release, acquire)), 2);
  CheckClean(ExploreAll(Publish(seq_cst, seq_cst)), 2);
  RequireOne(ExploreAll(Publish(relaxed, acquire)), FailureKind::kDataRace, {"data"});
  RequireOne(ExploreAll(Publish(release, relaxed)), FailureKind::kDataRace, {"data"});
}

TEST_CASE("a relaxed store ends what an earlier release told, an exchange passes it on") {
  const auto program = [](bool exchanges) {
    return [exchanges](Execution& execution) {
      Shared<int> data{0, "data"};
      Atomic<int> x{0, "x"};
      execution.Spawn("writer", [&] {
        data.Set(1);
        x.store(1, std::memory_order_release);
      });
      execution.Spawn("relay", [&] {
        if (x.load(std::memory_order_relaxed) != 1) return;
        if (exchanges) {
          x.fetch_add(1, std::memory_order_relaxed);
        } else {
          x.store(2, std::memory_order_relaxed);
        }
      });
      execution.Spawn("reader", [&] {
        if (x.load(std::memory_order_acquire) == 2) data.Get();
      });
      execution.JoinAll();
    };
  };
  RequireOne(ExploreAll(program(false)), FailureKind::kDataRace, {"data"});
  const auto passed_on = ExploreAll(program(true));
  CHECK(passed_on.failure() == nullptr);
  CHECK(passed_on.exhausted);
}

TEST_CASE("fences order what relaxed operations connect, one of the two alone does not") {
  const auto program = [](bool releases, bool acquires) {
    return [=](Execution& execution) {
      Shared<int> data{0, "data"};
      Atomic<bool> is_ready{false, "is_ready"};
      execution.Spawn("writer", [&, releases] {
        data.Set(1);
        if (releases) AtomicThreadFence(std::memory_order_release);
        is_ready.store(true, std::memory_order_relaxed);
      });
      execution.Spawn("reader", [&, acquires] {
        if (!is_ready.load(std::memory_order_relaxed)) return;
        if (acquires) AtomicThreadFence(std::memory_order_acquire);
        data.Get();
      });
      execution.JoinAll();
    };
  };
  CheckClean(ExploreAll(program(true, true)), 2);
  RequireOne(ExploreAll(program(true, false)), FailureKind::kDataRace, {"data"});
  RequireOne(ExploreAll(program(false, true)), FailureKind::kDataRace, {"data"});
}

TEST_CASE("an exchange that does not store is a load with the order of failure") {
  const auto program = [](std::memory_order failure) {
    return [failure](Execution& execution) {
      Shared<int> data{0, "data"};
      Atomic<int> x{0, "x"};
      execution.Spawn("writer", [&] {
        data.Set(1);
        x.store(1, std::memory_order_release);
      });
      execution.Spawn("reader", [&] {
        int expected = 5;
        x.compare_exchange_strong(expected, 6, std::memory_order_seq_cst, failure);
        if (expected == 1) data.Get();
      });
      execution.JoinAll();
    };
  };
  CheckClean(ExploreAll(program(std::memory_order_acquire)), 2);
  RequireOne(ExploreAll(program(std::memory_order_relaxed)), FailureKind::kDataRace, {"data"});
}

TEST_CASE("a wait returns once the value has changed, however notification and wait interleave") {
  const auto body = [](Execution& execution) {
    Atomic<int> x{0, "x"};
    execution.Spawn("waiter", [&] {
      x.wait(0);
      HEDDLE_ENSURE(x.load() == 1);
    });
    execution.Spawn("changer", [&] {
      x.store(1);
      x.notify_one();
    });
    execution.JoinAll();
  };
  // The first look before the store: the waiter goes on after the notification. After it: the load
  // that follows comes before or after the notification, or the look itself comes after it.
  CheckClean(ExploreAll(body), 4);
}

TEST_CASE("a change without notification leaves the waiter hanging") {
  const auto result = ExploreAll([](Execution& execution) {
    Atomic<int> x{0, "x"};
    execution.Spawn("waiter", [&] { x.wait(0); });
    execution.Spawn("changer", [&] { x.store(1); });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"x"});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "waiter");
  CHECK(failure.waits[0].verb == "await change of");
}

TEST_CASE("the trace names the line of an operator's call") {
  const auto result = ExploreAll([](Execution&) {
    Atomic<int> x{0, "x"};
    ++x;
    HEDDLE_ENSURE(x == 2);
  });
  REQUIRE(result.findings.size() == 1);
  const Trace& trace = result.findings[0].trace;
  REQUIRE(trace.events.size() >= 2);
  CHECK(trace.events[0].verb == "exchange");
  CHECK(trace.events[0].file.ends_with("atomic_test.cc"));
  CHECK(trace.events[1].line == trace.events[0].line + 1);
}

}  // namespace
}  // namespace heddle
