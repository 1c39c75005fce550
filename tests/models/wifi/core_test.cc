// SPDX-License-Identifier: MIT
//
// wiphy work: what runs, when, and under what.

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/list.h"
#include "models/wifi/cfg80211.h"
#include "models/wifi/environment.h"
#include "tests/models/kernel/explored.h"

namespace models::wifi {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;
using kernel::ExecutionsOf;
using kernel::FailureOf;
using kernel::Seen;

struct Counted {
  wiphy_work work{};
  int runs = 0;
};

void Count(wiphy* wiphy, wiphy_work* work) {
  lockdep_assert_held(&wiphy->mtx);
  ++container_of(work, Counted, work)->runs;
}

// Runs `body` with a device and two items within two preemptions.
template <class Body>
void OnDevice(const Body& body) {
  CHECK(ExecutionsOf({.preemptions = 2, .faults = 0}, [&](Execution& execution) {
          const environment world = environment_create({});
          Counted items[2];
          for (Counted& item : items) wiphy_work_init(&item.work, Count);
          body(execution, world.local->wiphy, items);
          environment_destroy(world);
        }) > 0);
}

TEST_CASE("each item that is queued runs once, under wiphy->mtx, however many are queued") {
  OnDevice([](Execution& execution, wiphy* wiphy, Counted* items) {
    wiphy_lock(wiphy);
    wiphy_work_queue(wiphy, &items[0].work);
    wiphy_work_queue(wiphy, &items[0].work);
    wiphy_work_queue(wiphy, &items[1].work);
    HEDDLE_ENSURE(items[0].runs == 0 && items[1].runs == 0);
    wiphy_unlock(wiphy);
    execution.JoinAll();
    HEDDLE_ENSURE(items[0].runs == 1 && items[1].runs == 1);
  });
}

TEST_CASE("an item that is cancelled under wiphy->mtx runs before that or not at all") {
  Seen runs;
  OnDevice([&](Execution& execution, wiphy* wiphy, Counted* items) {
    wiphy_work_queue(wiphy, &items[0].work);
    wiphy_lock(wiphy);
    wiphy_work_cancel(wiphy, &items[0].work);
    const int before = items[0].runs;
    wiphy_unlock(wiphy);
    execution.JoinAll();
    HEDDLE_ENSURE(items[0].runs == before);
    runs.Add(static_cast<unsigned>(before));
  });
  CHECK(runs == Seen::Of(0, 1));
}

TEST_CASE("cancelling without wiphy->mtx is caught where lockdep is") {
  const auto cancel = [](bool has_lockdep) {
    return [=](Execution&) {
      const environment world = environment_create({.has_lockdep = has_lockdep});
      Counted item;
      wiphy_work_init(&item.work, Count);
      wiphy_work_cancel(world.local->wiphy, &item.work);
      environment_destroy(world);
    };
  };
  ExecutionsOf({}, cancel(false));
  const Failure failure = FailureOf({}, cancel(true));
  CHECK(failure.kind == FailureKind::kAssertion);
  CHECK(kernel::ObjectsOf(failure) == "wiphy->mtx");
}

TEST_CASE("flushing runs what is queued up to the item, in the caller") {
  OnDevice([](Execution& execution, wiphy* wiphy, Counted* items) {
    wiphy_lock(wiphy);
    wiphy_work_queue(wiphy, &items[0].work);
    wiphy_work_queue(wiphy, &items[1].work);
    wiphy_work_flush(wiphy, &items[0].work);
    HEDDLE_ENSURE(items[0].runs == 1 && items[1].runs == 0);
    wiphy_work_flush(wiphy, nullptr);
    HEDDLE_ENSURE(items[1].runs == 1);
    wiphy_unlock(wiphy);
    execution.JoinAll();
    HEDDLE_ENSURE(items[0].runs == 1 && items[1].runs == 1);
  });
}

TEST_CASE("what is queued while the device is suspended runs once it resumes") {
  OnDevice([](Execution& execution, wiphy* wiphy, Counted* items) {
    wiphy_work_queue(wiphy, &items[0].work);
    wiphy_suspend(wiphy);
    HEDDLE_ENSURE(items[0].runs == 1);
    wiphy_work_queue(wiphy, &items[1].work);
    execution.JoinAll();
    HEDDLE_ENSURE(items[1].runs == 0);
    wiphy_resume(wiphy);
    execution.JoinAll();
    HEDDLE_ENSURE(items[1].runs == 1);
  });
}

}  // namespace
}  // namespace models::wifi
