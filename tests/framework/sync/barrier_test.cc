// SPDX-License-Identifier: MIT
//
// Each rule of the barrier's contract, by searching small programs in full.

#include "heddle/sync/barrier.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "heddle/sync/atomic.h"
#include "heddle/sync/shared.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

TEST_CASE("no task begins a round before all have ended the one before") {
  const auto body = [](Execution& execution) {
    Barrier barrier(2, "barrier");
    int rounds[2] = {0, 0};
    const auto run = [&](int self) {
      for (int round = 1; round <= 2; ++round) {
        rounds[self] = round;
        barrier.arrive_and_wait();
        HEDDLE_ENSURE(rounds[1 - self] >= round);
      }
    };
    execution.Spawn("a", [&] { run(0); });
    execution.Spawn("b", [&] { run(1); });
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CheckClean(result, 6);
}

TEST_CASE("the last to arrive runs the completion, once per phase, before anybody goes on") {
  std::set<std::string> last;
  const auto body = [&](Execution& execution) {
    int phases = 0;
    std::string by;
    Barrier barrier(
        2,
        [&] {
          ++phases;
          by += execution.running().name;
        },
        "barrier");
    const auto run = [&] {
      for (int round = 1; round <= 2; ++round) {
        barrier.arrive_and_wait();
        HEDDLE_ENSURE(phases >= round);
      }
    };
    execution.Spawn("a", run);
    execution.Spawn("b", run);
    execution.JoinAll();
    HEDDLE_ENSURE(phases == 2);
    last.insert(by);
  };
  CheckClean(ExploreAll(body), 6);
  CHECK(last == std::set<std::string>{"aa", "ab", "ba", "bb"});
}

TEST_CASE("nobody goes on while a completion stands at a scheduling point") {
  const auto body = [](Execution& execution) {
    Atomic<int> x{0, "x"};
    Barrier barrier(
        2,
        [&] {
          x.store(1);
          x.store(2);
        },
        "barrier");
    const auto run = [&] {
      barrier.arrive_and_wait();
      HEDDLE_ENSURE(x.load() == 2);
    };
    execution.Spawn("a", run);
    execution.Spawn("b", run);
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

TEST_CASE("a token waits for the phase it was given in, not for a later one") {
  CheckClean(ExploreAll([](Execution&) {
               Barrier barrier(2, "barrier");
               auto token = barrier.arrive(2);
               auto next = barrier.arrive();
               barrier.wait(std::move(token));
               static_cast<void>(barrier.arrive());
               barrier.wait(std::move(next));
             }),
             1);
}

TEST_CASE("a task that dropped is expected in no later phase") {
  const auto body = [](Execution& execution) {
    Barrier barrier(2, "barrier");
    execution.Spawn("leaver", [&] { barrier.arrive_and_drop(); });
    execution.Spawn("stayer", [&] {
      for (int i = 0; i < 3; ++i) barrier.arrive_and_wait();
    });
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

TEST_CASE("what was done before an arrival happens before what follows the phase") {
  const auto result = ExploreAll([](Execution& execution) {
    Shared<int> data{0, "data"};
    Barrier barrier(2, "barrier");
    execution.Spawn("writer", [&] {
      data.Set(1);
      barrier.arrive_and_wait();
    });
    execution.Spawn("reader", [&] {
      barrier.arrive_and_wait();
      data.Get();
    });
    execution.JoinAll();
  });
  CheckClean(result, 2);
}

TEST_CASE("a task that goes on late learns nothing of arrivals in the next phase") {
  const auto result = ExploreAll([](Execution& execution) {
    Shared<int> data{0, "data"};
    Barrier barrier(2, "barrier");
    bool has_arrived_again = false;
    execution.Spawn("writer", [&] {
      barrier.arrive_and_wait();
      data.Set(1);
      static_cast<void>(barrier.arrive());
      has_arrived_again = true;
    });
    execution.Spawn("reader", [&] {
      barrier.arrive_and_wait();
      if (has_arrived_again) data.Get();
    });
    execution.JoinAll();
  });
  CHECK(RequireOne(result, FailureKind::kDataRace, {"data"}).tasks == Names{"writer", "reader"});
}

TEST_CASE("a task whose partners never arrive hangs") {
  const auto result = ExploreAll([](Execution& execution) {
    Barrier barrier(2, "barrier");
    execution.Spawn("only", [&] { barrier.arrive_and_wait(); });
    execution.JoinAll();
  });
  const Failure& failure = RequireOne(result, FailureKind::kHang, {"barrier"});
  REQUIRE_FALSE(failure.waits.empty());
  CHECK(failure.waits[0].task_name == "only");
  CHECK(failure.waits[0].verb == "wait at");
}

TEST_CASE("arrivals that a phase does not expect, or none, are misuse") {
  const auto too_many = ExploreAll([](Execution&) {
    Barrier barrier(2, "barrier");
    static_cast<void>(barrier.arrive(3));
  });
  CHECK(RequireOne(too_many, FailureKind::kMisuse, {"barrier"}).title ==
        "3 arrivals in a phase that expects 2 more");
  const auto none = ExploreAll([](Execution&) {
    Barrier barrier(2, "barrier");
    static_cast<void>(barrier.arrive(0));
  });
  CHECK(RequireOne(none, FailureKind::kMisuse, {"barrier"}).title ==
        "0 arrivals in a phase that expects 2 more");
  const auto dropped = ExploreAll([](Execution&) {
    Barrier barrier(1, "barrier");
    barrier.arrive_and_drop();
    barrier.arrive_and_wait();
  });
  CHECK(RequireOne(dropped, FailureKind::kMisuse, {"barrier"}).title ==
        "1 arrivals in a phase that expects 0 more");
  const auto created = ExploreAll([](Execution&) { Barrier(-1, "barrier").arrive_and_wait(); });
  CHECK(RequireOne(created, FailureKind::kMisuse, {"barrier"}).title ==
        "barrier created for -1 tasks; expected 0 to 2147483647");
}

TEST_CASE("a barrier destroyed while a task waits is misuse") {
  const auto result = ExploreAll(
      [](Execution& execution) {
        auto barrier = std::make_unique<Barrier<>>(2, "barrier");
        execution.Spawn("waiter", [&] { barrier->arrive_and_wait(); });
        execution.Yield();
        barrier.reset();
        execution.JoinAll();
      },
      {.preemptions = 0});
  CHECK(RequireOne(result, FailureKind::kMisuse, {"barrier"}).title ==
        "barrier destroyed while waiter waits on it");
}

}  // namespace
}  // namespace heddle
