// SPDX-License-Identifier: MIT
//
// The virtual clock: when time passes, in what order sleepers wake, and how durations become
// deadlines.

#include "heddle/sync/clock.h"

#include <doctest/doctest.h>

#include <chrono>
#include <ratio>
#include <set>
#include <string>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr Bounds kNoFaults{.preemptions = kUnbounded, .faults = 0};

TEST_CASE("each execution begins at zero, and time stands still while tasks run") {
  CheckClean(ExploreAll(
                 [](Execution& execution) {
                   execution.Choose(2);
                   HEDDLE_ENSURE(VirtualClock::now().time_since_epoch() == nanoseconds(0));
                   execution.Join(execution.Spawn("other", [&] { execution.Yield(); }));
                   HEDDLE_ENSURE(VirtualClock::now().time_since_epoch() == nanoseconds(0));
                   SleepFor(milliseconds(7));
                   HEDDLE_ENSURE(VirtualClock::now().time_since_epoch() == milliseconds(7));
                 },
                 kNoFaults),
             2);
}

TEST_CASE("sleepers wake in the order of their deadlines, and no time passes while one can go on") {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    std::string order;
    const auto sleep = [&](char name, int ms) {
      execution.Spawn("sleeper", [&, name, ms] {
        SleepFor(milliseconds(ms));
        order += name;
        HEDDLE_ENSURE(execution.now().value == static_cast<uint64_t>(ms) * 1'000'000);
      });
    };
    sleep('c', 3);
    sleep('a', 1);
    sleep('b', 2);
    execution.JoinAll();
    orders.insert(order);
  };
  CheckClean(ExploreAll(body, kNoFaults), 1);
  CHECK(orders == std::set<std::string>{"abc"});
}

TEST_CASE("time passes early as a fault, and the clock never goes back") {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    std::string order;
    uint64_t last = 0;
    const auto sleep = [&](char name, int ms) {
      execution.Spawn("sleeper", [&, name, ms] {
        SleepFor(milliseconds(ms));
        HEDDLE_ENSURE(execution.now().value >= last);
        last = execution.now().value;
        order += name;
      });
    };
    sleep('b', 2);
    execution.Yield();
    order += 'm';
    execution.JoinAll();
    orders.insert(order);
  };
  CHECK(ExploreAll(body, {.preemptions = 0, .faults = 1}).failure() == nullptr);
  CHECK(orders == std::set<std::string>{"bm", "mb"});
}

TEST_CASE("a sleep until a point in the past is a scheduling point and nothing more") {
  const auto result = ExploreAll([](Execution&) {
    SleepUntil(VirtualClock::now() - milliseconds(1));
    SleepUntil(VirtualClock::now());
    SleepFor(nanoseconds(-5));
    HEDDLE_ENSURE(VirtualClock::now().time_since_epoch() == nanoseconds(0));
  });
  CheckClean(result, 1);
  CHECK(result.steps == 3);
}

TEST_CASE("a duration is rounded up, and one past the end of the clock never ends") {
  CheckClean(ExploreAll([](Execution& execution) {
               using Half = std::chrono::duration<double, std::nano>;
               HEDDLE_ENSURE(internal::DeadlineIn(Half(0.5)) == VirtualTime{1});
               HEDDLE_ENSURE(internal::DeadlineIn(Half(2.0)) == VirtualTime{2});
               HEDDLE_ENSURE(internal::DeadlineIn(nanoseconds(-3)) == VirtualTime{0});
               HEDDLE_ENSURE(internal::DeadlineIn(hours::max()) == kNever);
               execution.Sleep(10);
               HEDDLE_ENSURE(internal::DeadlineIn(nanoseconds(5)) == VirtualTime{15});
               const auto at = VirtualClock::time_point(nanoseconds(25));
               HEDDLE_ENSURE(internal::DeadlineAt(at) == VirtualTime{25});
               HEDDLE_ENSURE(internal::DeadlineAt(VirtualClock::time_point::max()).value >
                             uint64_t{1} << 62);
             }),
             1);
}

}  // namespace
}  // namespace heddle
