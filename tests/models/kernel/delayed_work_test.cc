// SPDX-License-Identifier: MIT
//
// The rules of delayed work: an item that a timer queues.

#include <doctest/doctest.h>

#include <functional>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/workqueue.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

struct Counter {
  delayed_work dwork{};
  heddle::Atomic<int> at{0, "at"};
  int begun = 0;
  int ended = 0;
  unsigned long when = 0;
  std::function<void(Counter*)> inside = nullptr;
};

void Count(work_struct* work) {
  auto* item = reinterpret_cast<Counter*>(to_delayed_work(work));  // Its first member.
  ++item->begun;
  item->when = jiffies;
  if (item->inside) item->inside(item);
  item->at.load();
  ++item->ended;
}

TEST_CASE("a delayed item is pending until its time has come and runs once") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_DELAYED_WORK(&item.dwork, Count);
    HEDDLE_ENSURE(queue_delayed_work(system_wq, &item.dwork, 200));
    HEDDLE_ENSURE(delayed_work_pending(&item.dwork));
    HEDDLE_ENSURE(!queue_delayed_work(system_wq, &item.dwork, 1));
    HEDDLE_ENSURE(!queue_work(system_wq, &item.dwork.work));
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == 1);
    HEDDLE_ENSURE(item.when == 200);
  });
  CheckClean(result);
}

TEST_CASE("a delay of nothing queues at once") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_DELAYED_WORK(&item.dwork, Count);
    schedule_delayed_work(&item.dwork, 0);
    HEDDLE_ENSURE(flush_work(&item.dwork.work) || item.ended == 1);
    HEDDLE_ENSURE(item.ended == 1);
    execution.JoinAll();
    HEDDLE_ENSURE(execution.tasks().size() == 2);  // No timer was needed.
  });
  CheckClean(result);
}

TEST_CASE("mod_delayed_work moves the time of a pending item") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_DELAYED_WORK(&item.dwork, Count);
    HEDDLE_ENSURE(!mod_delayed_work(system_wq, &item.dwork, 200));
    HEDDLE_ENSURE(mod_delayed_work(system_wq, &item.dwork, 500));
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == 1);
    HEDDLE_ENSURE(item.when == 500);
  });
  CheckClean(result);
}

TEST_CASE("cancel_delayed_work_sync stops the timer, takes the item off, or waits for its run") {
  Seen seen;
  const ExplorationResult result = Search(
      [&](Execution& execution) {
        Counter item;
        INIT_DELAYED_WORK(&item.dwork, Count);
        queue_delayed_work(system_wq, &item.dwork, 200);
        item.at.load();
        const bool was_pending = cancel_delayed_work_sync(&item.dwork);
        HEDDLE_ENSURE(item.begun == item.ended);
        HEDDLE_ENSURE(item.ended == (was_pending ? 0 : 1));
        seen.Add(was_pending ? 1 : 0);
        const size_t tasks = execution.tasks().size();
        if (was_pending && tasks == 3) seen.Add(2);  // The timer had expired.
        execution.JoinAll();
        HEDDLE_ENSURE(item.ended == (was_pending ? 0 : 1));
      },
      2, 1);
  CheckClean(result);
  CHECK(seen == Seen::Of(0, 1, 2));
}

TEST_CASE("the timer of a cancelled item is not waited for") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_DELAYED_WORK(&item.dwork, Count);
    queue_delayed_work(system_wq, &item.dwork, 200);
    HEDDLE_ENSURE(cancel_delayed_work(&item.dwork));
    execution.JoinAll();
    HEDDLE_ENSURE(jiffies == 0);
    HEDDLE_ENSURE(item.begun == 0);
  });
  CheckClean(result);
}

TEST_CASE("cancel_delayed_work does not wait for the run") {
  Seen running;
  const ExplorationResult result = Search(
      [&](Execution& execution) {
        Counter item;
        INIT_DELAYED_WORK(&item.dwork, Count);
        queue_delayed_work(system_wq, &item.dwork, 200);
        const bool was_pending = cancel_delayed_work(&item.dwork);
        HEDDLE_ENSURE(was_pending == (item.begun == 0));
        running.Add(item.begun - item.ended);
        execution.JoinAll();
      },
      2, 1);
  CheckClean(result);
  CHECK(running == Seen::Of(0, 1));
}

TEST_CASE("a disabled delayed item can be queued in no way until it is enabled") {
  const ExplorationResult result = Search(
      [](Execution& execution) {
        Counter item;
        INIT_DELAYED_WORK(&item.dwork, Count);
        queue_delayed_work(system_wq, &item.dwork, 200);
        disable_delayed_work_sync(&item.dwork);
        const int runs = item.ended;
        HEDDLE_ENSURE(item.begun == runs);
        HEDDLE_ENSURE(!queue_delayed_work(system_wq, &item.dwork, 200));
        HEDDLE_ENSURE(!queue_delayed_work(system_wq, &item.dwork, 0));
        HEDDLE_ENSURE(!mod_delayed_work(system_wq, &item.dwork, 200));
        execution.JoinAll();
        HEDDLE_ENSURE(item.ended == runs);
        HEDDLE_ENSURE(enable_delayed_work(&item.dwork));
        HEDDLE_ENSURE(queue_delayed_work(system_wq, &item.dwork, 200));
        execution.JoinAll();
        HEDDLE_ENSURE(item.ended == runs + 1);
      },
      1, 1);
  CheckClean(result);
}

TEST_CASE("flush_delayed_work runs an item at once whose timer is armed") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_DELAYED_WORK(&item.dwork, Count);
    HEDDLE_ENSURE(!flush_delayed_work(&item.dwork));
    queue_delayed_work(system_wq, &item.dwork, 200);
    HEDDLE_ENSURE(flush_delayed_work(&item.dwork) || item.ended == 1);
    HEDDLE_ENSURE(item.ended == 1);
    HEDDLE_ENSURE(item.when == 0);
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == 1);
  });
  CheckClean(result);
}

TEST_CASE("flush_work does not wait for a timer that has not expired") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_DELAYED_WORK(&item.dwork, Count);
    queue_delayed_work(system_wq, &item.dwork, 200);
    HEDDLE_ENSURE(!flush_work(&item.dwork.work));
    HEDDLE_ENSURE(item.begun == 0);
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == 1);
  });
  CheckClean(result);
}

TEST_CASE("cancel_delayed_work_sync under a lock that the item takes is a deadlock at one fault") {
  const ExplorationResult result = Search(
      [](Execution& execution) {
        heddle::Mutex lock{"conn->lock"};
        Counter item;
        item.inside = [&](Counter*) {
          lock.Lock();
          lock.Unlock();
        };
        INIT_DELAYED_WORK(&item.dwork, Count);
        queue_delayed_work(system_wq, &item.dwork, 4 * HZ);
        lock.Lock();
        cancel_delayed_work_sync(&item.dwork);
        lock.Unlock();
        execution.JoinAll();
      },
      2, 1);
  CheckFailure(result, FailureKind::kDeadlock, {"conn->lock", "item.dwork"},
               {"main", "kworker/events:1"});
  CHECK(result.findings[0].faults == 1);
}

}  // namespace
}  // namespace models::kernel
