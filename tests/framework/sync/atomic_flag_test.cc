// SPDX-License-Identifier: MIT
//
// The atomic flag as a lock of its own making, and its waits.

#include "heddle/sync/atomic_flag.h"

#include <doctest/doctest.h>

#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

TEST_CASE("a new flag is clear, and test_and_set tells what it was") {
  CheckClean(ExploreAll([](Execution&) {
               AtomicFlag flag{"flag"};
               HEDDLE_ENSURE(!flag.test());
               HEDDLE_ENSURE(!flag.test_and_set());
               HEDDLE_ENSURE(flag.test_and_set());
               HEDDLE_ENSURE(flag.test());
               flag.clear();
               HEDDLE_ENSURE(!flag.test());
             }),
             1);
}

TEST_CASE("of two tasks that test and set a flag exactly one finds it clear") {
  const auto body = [](Execution& execution) {
    AtomicFlag flag{"flag"};
    int winners = 0;
    const auto race = [&] { winners += flag.test_and_set() ? 0 : 1; };
    execution.Spawn("a", race);
    execution.Spawn("b", race);
    execution.JoinAll();
    HEDDLE_ENSURE(winners == 1);
  };
  CheckClean(ExploreAll(body), 2);
}

TEST_CASE("a lock made of a flag with wait and notify excludes and never hangs") {
  const auto body = [](Execution& execution) {
    AtomicFlag flag{"flag"};
    int inside = 0;
    const auto enter = [&] {
      while (flag.test_and_set(std::memory_order_acquire)) flag.wait(true);
      HEDDLE_ENSURE(++inside == 1);
      --inside;
      flag.clear(std::memory_order_release);
      flag.notify_one();
    };
    execution.Spawn("a", enter);
    execution.Spawn("b", enter);
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

TEST_CASE("a task that waits for a flag nobody clears hangs") {
  const auto result = ExploreAll([](Execution&) {
    AtomicFlag flag{"flag"};
    flag.test_and_set();
    flag.wait(true);
  });
  CHECK(RequireOne(result, FailureKind::kHang, {"flag"}).tasks == Names{"main"});
}

}  // namespace
}  // namespace heddle
