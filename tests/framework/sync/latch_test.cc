// SPDX-License-Identifier: MIT
//
// Each rule of the latch's contract, by searching small programs in full.

#include "heddle/sync/latch.h"

#include <doctest/doctest.h>

#include <memory>

#include "heddle/sync/shared.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

TEST_CASE("nobody passes a latch before the last arrival, and everybody after it") {
  const auto body = [](Execution& execution) {
    Latch latch{2, "latch"};
    int arrivals = 0;
    const auto arrive = [&] {
      latch.CountDown();
      ++arrivals;
    };
    const auto wait = [&] {
      latch.Wait();
      HEDDLE_ENSURE(arrivals == 2);
    };
    execution.Spawn("waiter", wait);
    execution.Spawn("first", arrive);
    execution.Spawn("second", arrive);
    execution.JoinAll();
    wait();
  };
  CheckClean(ExploreAll(body), 2);
}

TEST_CASE("what a task did before it arrived happens before the wait returns") {
  const auto program = [](bool arrives_last) {
    return [arrives_last](Execution& execution) {
      Shared<int> data{0, "data"};
      Latch latch{1, "latch"};
      execution.Spawn("worker", [&] {
        if (!arrives_last) latch.CountDown();
        data.Set(1);
        if (arrives_last) latch.CountDown();
      });
      latch.Wait();
      data.Get();
      execution.JoinAll();
    };
  };
  CheckClean(ExploreAll(program(true)), 1);
  RequireOne(ExploreAll(program(false)), FailureKind::kDataRace, {"data"});
}

TEST_CASE("the last task to arrive and wait does not wait, the others do") {
  const auto body = [](Execution& execution) {
    Latch latch{2, "latch"};
    int arrived = 0;
    const auto meet = [&] {
      ++arrived;
      latch.arrive_and_wait();
      HEDDLE_ENSURE(arrived == 2);
    };
    execution.Spawn("a", meet);
    execution.Spawn("b", meet);
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CheckClean(result, 2);
  CHECK(result.steps == 2 * 4);  // Two arrivals, one wait, the join.
}

TEST_CASE("TryWait tells exactly whether the latch is open") {
  CheckClean(ExploreAll([](Execution&) {
               Latch latch{3, "latch"};
               HEDDLE_ENSURE(!latch.try_wait());
               latch.count_down(2);
               HEDDLE_ENSURE(!latch.try_wait());
               latch.count_down(0);
               latch.count_down();
               HEDDLE_ENSURE(latch.try_wait());
               latch.wait();
             }),
             1);
}

TEST_CASE("a task that waits for an arrival that never comes hangs") {
  const auto result = ExploreAll([](Execution& execution) {
    Latch latch{2, "latch"};
    execution.Spawn("only", [&] { latch.ArriveAndWait(); });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"latch"});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "only");
  CHECK(failure.waits[0].verb == "wait for");
}

TEST_CASE("more arrivals than expected, or fewer than none, are misuse") {
  const auto too_many = ExploreAll([](Execution&) {
    Latch latch{1, "latch"};
    latch.CountDown();
    latch.CountDown();
  });
  CHECK(RequireOne(too_many, FailureKind::kMisuse, {"latch"}).title ==
        "count down by 1 where 0 arrivals are expected");
  const auto negative = ExploreAll([](Execution&) { Latch(2, "latch").CountDown(-1); });
  CHECK(RequireOne(negative, FailureKind::kMisuse, {"latch"}).title ==
        "count down by -1 where 2 arrivals are expected");
  const auto created = ExploreAll([](Execution&) { Latch(-1, "latch").Wait(); });
  CHECK(RequireOne(created, FailureKind::kMisuse, {"latch"}).title ==
        "latch created for -1 arrivals");
}

TEST_CASE("a latch may be destroyed once it has opened, but not while a task waits") {
  const auto program = [](bool opens) {
    return [opens](Execution& execution) {
      auto latch = std::make_unique<Latch>(1, "latch");
      execution.Spawn("waiter", [&] { latch->Wait(); });
      execution.Yield();
      if (opens) latch->CountDown();
      latch.reset();
      execution.JoinAll();
    };
  };
  CHECK(RequireOne(ExploreAll(program(false), {.preemptions = 0}), FailureKind::kMisuse, {"latch"})
            .title == "latch destroyed while waiter waits on it");
  // Its memory is gone as well when the waiter goes on.
  CheckClean(ExploreAll(program(true), {.preemptions = 0}), 1);
}

TEST_CASE("each execution begins with the initial number of arrivals") {
  static Latch global{1, "global"};
  CheckClean(ExploreAll([](Execution& execution) {
               execution.Choose(3);
               HEDDLE_ENSURE(!global.TryWait());
               global.CountDown();
             }),
             3);
}

}  // namespace
}  // namespace heddle
