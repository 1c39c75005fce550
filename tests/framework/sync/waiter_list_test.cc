// SPDX-License-Identifier: MIT
//
// The list of waiters itself, in an execution of one task or two: order, removal, notification, and
// what a notified task stands at. The primitives made of it have tests of their own.

#include "heddle/sync/waiter_list.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle::internal {
namespace {

constexpr ObjectType kList{.noun = "list"};
constexpr OperationType kAwait{
    .verb = "await", .ready = WaiterList::IsNotified, .rule = WaitRule::kAnyone};
constexpr OperationType kGoOn{.verb = "go on"};

SourceLocation Here(SourceLocation where = SourceLocation::Here()) {
  return where;
}

TEST_CASE("waiters are in the list from Add until they are notified or removed") {
  CheckClean(ExploreAll([](Execution& execution) {
               ObjectRef ref;
               WaiterList list(execution, execution.Resolve(&ref, kList, "list"));
               std::array<Waiter, 3> waiters;
               HEDDLE_ENSURE(list.empty() && list.size() == 0);
               for (Waiter& waiter : waiters) list.Add(&waiter);
               HEDDLE_ENSURE(list.size() == 3);
               list.Remove(&waiters[1]);
               list.Remove(&waiters[1]);  // Not there any more: nothing happens.
               HEDDLE_ENSURE(list.size() == 2);
               list.Remove(&waiters[0]);
               HEDDLE_ENSURE(list.size() == 1 && !waiters[0].is_notified);
               HEDDLE_ENSURE(list.NotifyAll() == 1);
               HEDDLE_ENSURE(list.empty() && waiters[2].is_notified);
               HEDDLE_ENSURE(list.NotifyAll() == 0 && !list.NotifyOne(Here()));
               list.Add(&waiters[2]);
               HEDDLE_ENSURE(!waiters[2].is_notified);
             }),
             1);
}

TEST_CASE("a notification of one is a choice among all, and leaves the others in their order") {
  std::set<std::string> seen;
  const auto body = [&](Execution& execution) {
    ObjectRef ref;
    WaiterList list(execution, execution.Resolve(&ref, kList, "list"));
    std::array<Waiter, 3> waiters;
    for (Waiter& waiter : waiters) list.Add(&waiter);
    std::string order;
    while (list.NotifyOne(Here())) {
      for (size_t i = 0; i < waiters.size(); ++i) {
        const char name = static_cast<char>('0' + i);
        if (waiters[i].is_notified && order.find(name) == std::string::npos) order += name;
      }
    }
    seen.insert(order);
  };
  CheckClean(ExploreAll(body), 6);
  CHECK(seen == std::set<std::string>{"012", "021", "102", "120", "201", "210"});
}

TEST_CASE("a notified task goes on with what it is to stand at next, without a step in between") {
  const auto result = ExploreAll([](Execution& execution) {
    ObjectRef ref;
    const ObjectId id = execution.Resolve(&ref, kList, "list");
    WaiterList list(execution, id);
    bool went_on = false;
    execution.Spawn("waiter", [&] {
      const Operation resume{.type = &kGoOn, .object = id};
      Waiter waiter{.resume = &resume};
      list.Add(&waiter);
      execution.SchedulingPoint(
          {.type = &kAwait, .object = id, .argument = WaiterList::ArgumentOf(waiter)});
      HEDDLE_ENSURE(waiter.is_notified);
      went_on = true;
    });
    HEDDLE_ENSURE(list.size() == 1 && !execution.tasks().enabled().Has(TaskId{1}));
    list.NotifyAll();
    HEDDLE_ENSURE(execution.tasks()[TaskId{1}].pending->type == &kGoOn);
    HEDDLE_ENSURE(execution.tasks().enabled().Has(TaskId{1}));
    execution.JoinAll();
    HEDDLE_ENSURE(went_on);
  });
  CheckClean(result, 1);
  CHECK(result.steps == 2);  // The waiter's, and the join.
}

TEST_CASE("a list is empty when an execution begins, whatever the last one left in it") {
  static ObjectRef ref;
  const auto result = ExploreAll([](Execution& execution) {
    WaiterList list(execution, execution.Resolve(&ref, kList, "list"));
    HEDDLE_ENSURE(list.empty());
    Waiter waiter;
    list.Add(&waiter);
    if (execution.Choose(2) == 0) execution.Fail({.title = "left in the list"});
  });
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].failure.title == "left in the list");
  CHECK(result.executions == 2);
}

}  // namespace
}  // namespace heddle::internal
