// SPDX-License-Identifier: MIT
//
// The scheduling side of atomic variables, which atomic_test.cc leaves out: which waiter a
// notification reaches, spurious failures in a row, and who may stand at an access.

#include "heddle/sync/atomic_object.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <string>

#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle::internal {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

TEST_CASE("loads of two tasks are independent steps, each a scheduling point") {
  const auto body = [](Execution& execution) {
    const AtomicObject x("x");
    const auto look = [&] { x.Access(AtomicEffect::kLoad, kRelaxed, SourceLocation::Here()); };
    execution.Spawn("a", look);
    execution.Spawn("b", look);
    execution.JoinAll();
  };
  const auto result = ExploreAll(body);
  CheckClean(result, 2);
  CHECK(result.steps == 2 * 3);
}

TEST_CASE("a notification reaches one waiter, which of them is a free choice") {
  std::set<std::string> woken;
  const auto body = [&](Execution& execution) {
    const AtomicObject x("x");
    std::string order;
    for (const char* name : {"a", "b", "c"}) {
      execution.Spawn(name, [&, name] {
        x.AwaitAndLoad(kRelaxed, SourceLocation::Here());
        order += name;
      });
    }
    x.NotifyOne(SourceLocation::Here());
    execution.Yield();
    HEDDLE_ENSURE(order.size() == 1);
    woken.insert(order);
    x.NotifyAll(SourceLocation::Here());
    execution.JoinAll();
    HEDDLE_ENSURE(order.size() == 3);
  };
  CHECK(ExploreAll(body, {.preemptions = 0}).failure() == nullptr);
  CHECK(woken == std::set<std::string>{"a", "b", "c"});
}

TEST_CASE("a notification that finds nobody waiting is lost") {
  const auto result = ExploreAll([](Execution&) {
    const AtomicObject x("x");
    x.NotifyAll(SourceLocation::Here());
    x.AwaitAndLoad(kRelaxed, SourceLocation::Here());
  });
  CHECK(RequireOne(result, FailureKind::kHang, {"x"}).tasks == Names{"main"});
}

TEST_CASE("an exchange fails spuriously not twice in a row unless another task took a step") {
  int most = 0;
  const auto body = [&](Execution& execution) {
    const AtomicObject x("x");
    int failures = 0;
    for (int i = 0; i < 3; ++i) {
      x.StandAtExchange(SourceLocation::Here());
      if (x.FailsSpuriously(SourceLocation::Here())) ++failures;
    }
    if (failures > most) most = failures;
    execution.JoinAll();
  };
  CHECK(ExploreAll(body).failure() == nullptr);
  CHECK(most == 1);
}

TEST_CASE("the place of a caller is looked up only where an execution is traced") {
  std::set<int> lines;
  const auto body = [&](Execution& execution) {
    // The return address of this call lies in it.
    const SourceLocation where = CallerLocation(__builtin_return_address(0));
    HEDDLE_ENSURE(execution.tracing() == (where.line != 0));
    lines.insert(where.line == 0 ? 0 : 1);
    execution.Fail({.title = "traced in the next run"});
  };
  CHECK(ExploreAll(body).findings.size() == 1);
  CHECK(lines == std::set<int>{0, 1});
}

}  // namespace
}  // namespace heddle::internal
