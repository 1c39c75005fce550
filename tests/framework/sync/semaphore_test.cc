// SPDX-License-Identifier: MIT
//
// Each rule of the semaphore's contract, by searching small programs in full.

#include "heddle/sync/semaphore.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "heddle/sync/shared.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

TEST_CASE("as many tasks are inside as there are units, and not one more") {
  int most = 0;
  const auto body = [&](Execution& execution) {
    Semaphore units{2, "units"};
    int inside = 0;
    const auto enter = [&] {
      units.Acquire();
      if (++inside > most) most = inside;
      execution.Yield();
      --inside;
      units.Release();
    };
    for (const char* name : {"a", "b", "c"}) execution.Spawn(name, enter);
    execution.JoinAll();
  };
  const auto result = ExploreAll(body, {.preemptions = 1});
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
  CHECK(most == 2);
}

TEST_CASE("a unit that was released by anybody lets any of the waiters go on") {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    Semaphore units{0, "units"};
    std::string order;
    for (const char* name : {"a", "b"}) {
      execution.Spawn(name, [&, name] {
        units.Acquire();
        order += name;
      });
    }
    units.Release(2);
    execution.JoinAll();
    orders.insert(order);
  };
  CheckClean(ExploreAll(body), 2);
  CHECK(orders == std::set<std::string>{"ab", "ba"});
}

TEST_CASE("what was done before a release happens before the acquire") {
  CheckClean(ExploreAll([](Execution& execution) {
               Shared<int> data{0, "data"};
               Semaphore units{0, "units"};
               execution.Spawn("giver", [&] {
                 data.Set(1);
                 units.Release();
               });
               units.Acquire();
               HEDDLE_ENSURE(data.Get() == 1);
               execution.JoinAll();
             }),
             1);
}

TEST_CASE("TryAcquire takes a unit exactly if one is free") {
  CheckClean(ExploreAll([](Execution&) {
               CountingSemaphore<3> units{1, "units"};
               static_assert(CountingSemaphore<3>::max() == 3);
               HEDDLE_ENSURE(units.try_acquire());
               HEDDLE_ENSURE(!units.try_acquire());
               units.release(3);
               HEDDLE_ENSURE(units.try_acquire() && units.try_acquire() && units.try_acquire());
               HEDDLE_ENSURE(!units.try_acquire());
             }),
             1);
}

TEST_CASE("a timed acquire gives up at its deadline, and one whose deadline passed only tries") {
  CheckClean(ExploreAll([](Execution& execution) {
               BinarySemaphore unit{0, "unit"};
               HEDDLE_ENSURE(!unit.try_acquire_for(milliseconds(4)));
               HEDDLE_ENSURE(execution.now().value == 4'000'000);
               HEDDLE_ENSURE(!unit.try_acquire_for(milliseconds(-1)));
               unit.release();
               HEDDLE_ENSURE(unit.try_acquire_until(VirtualClock::time_point(milliseconds(1))));
               HEDDLE_ENSURE(execution.now().value == 4'000'000);
             }),
             1);
}

TEST_CASE("an interruptible acquire ends early only as a fault") {
  bool was_interrupted = false;
  const auto body = [&](Execution& execution) {
    Semaphore units{0, "units"};
    execution.Spawn("sleeper", [&] { was_interrupted |= !units.AcquireInterruptible(); });
    execution.Yield();
    units.Release();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 1, .faults = 0}).failure() == nullptr);
  CHECK_FALSE(was_interrupted);
  CHECK(ExploreAll(body, {.preemptions = 1, .faults = 1}).failure() == nullptr);
  CHECK(was_interrupted);
}

TEST_CASE("a task that waits for a unit that nobody gives hangs") {
  const auto result = ExploreAll([](Execution& execution) {
    Semaphore units{0, "units"};
    execution.Spawn("hungry", [&] { units.Acquire(); });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"units"});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "hungry");
  CHECK(failure.waits[0].verb == "acquire");
}

TEST_CASE("too many units, or a negative number, are misuse") {
  const auto released = ExploreAll([](Execution&) {
    BinarySemaphore unit{1, "unit"};
    unit.Release();
  });
  CHECK(RequireOne(released, FailureKind::kMisuse, {"unit"}).title ==
        "release of 1 units where 1 of at most 1 are free");
  const auto negative = ExploreAll([](Execution&) { Semaphore(0, "unit").Release(-1); });
  CHECK(RequireOne(negative, FailureKind::kMisuse, {"unit"}).title ==
        "release of -1 units where 0 of at most 9223372036854775807 are free");
  const auto created = ExploreAll([](Execution&) { BinarySemaphore(2, "unit").Acquire(); });
  CHECK(RequireOne(created, FailureKind::kMisuse, {"unit"}).title ==
        "semaphore created with 2 units; expected 0 to 1");
}

TEST_CASE("whether a release comes before an acquire decides whether it is too much") {
  const auto result = ExploreAll([](Execution& execution) {
    BinarySemaphore unit{1, "unit"};
    execution.Spawn("taker", [&] { unit.Acquire(); });
    execution.Spawn("giver", [&] { unit.Release(); });
    execution.JoinAll();
  });
  RequireOne(result, FailureKind::kMisuse, {"unit"});
  CHECK(result.executions == 2);
}

TEST_CASE("a semaphore destroyed while a task waits for a unit is misuse") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        auto units = std::make_unique<Semaphore>(0, "units");
        execution.Spawn("waiter", [&] { units->Acquire(); });
        execution.Yield();
        units.reset();
        execution.JoinAll();
      },
      {.preemptions = 0});
  CHECK(RequireOne(result, FailureKind::kMisuse, {"units"}).title ==
        "semaphore destroyed while waiter waits on it");
}

}  // namespace
}  // namespace heddle
