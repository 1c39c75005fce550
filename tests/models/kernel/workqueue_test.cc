// SPDX-License-Identifier: MIT
//
// The rules of work queues, each as a small program that is explored: what must hold is ensured in
// every execution, what may happen is collected over all of them.

#include "models/kernel/workqueue.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

// An item that counts its runs, with a scheduling point in the middle of each.
struct Counter {
  work_struct work{};
  heddle::Atomic<int> at{0, "at"};
  int begun = 0;
  int ended = 0;
  bool overlapped = false;
  std::function<void(Counter*)> inside = nullptr;
};

void Count(work_struct* work) {
  auto* item = reinterpret_cast<Counter*>(work);  // Its first member.
  if (item->begun != item->ended) item->overlapped = true;
  ++item->begun;
  if (item->inside) item->inside(item);
  item->at.load();
  ++item->ended;
}

TEST_CASE("an item that is pending is not queued again, and each queueing gives one run") {
  Seen runs;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    int queued = 0;
    for (int i = 0; i < 3; ++i) queued += queue_work(system_wq, &item.work) ? 1 : 0;
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == queued);
    runs.Add(item.ended);
  });
  CheckClean(result);
  CHECK(runs == Seen::Of(1, 2, 3));  // Once, twice or three times, never not at all.
}

TEST_CASE("an item is not pending while it runs, and can be queued once more") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    item.inside = [](Counter* self) {
      if (self->begun > 1) return;
      HEDDLE_ENSURE(!work_pending(&self->work));
      HEDDLE_ENSURE(queue_work(system_wq, &self->work));
      HEDDLE_ENSURE(work_pending(&self->work));
      HEDDLE_ENSURE(!queue_work(system_wq, &self->work));
    };
    INIT_WORK(&item.work, Count);
    queue_work(system_wq, &item.work);
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == 2);
  });
  CheckClean(result);
}

TEST_CASE("an item that is queued while it runs on a concurrent queue never overlaps itself") {
  Seen runs;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    for (int i = 0; i < 3; ++i) queue_work(system_unbound_wq, &item.work);
    execution.JoinAll();
    HEDDLE_ENSURE(!item.overlapped);
    runs.Add(item.ended);
  });
  CheckClean(result);
  CHECK(runs.Has(3));
}

// Two items; returns whether some execution saw the second begin before the first had ended.
bool MayOverlap(bool is_ordered) {
  Seen seen;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter first;
    Counter second;
    INIT_WORK(&first.work, Count);
    INIT_WORK(&second.work, Count);
    second.inside = [&](Counter*) {
      if (is_ordered) HEDDLE_ENSURE(first.ended == 1);
      if (first.begun > first.ended) seen.Add(1);
    };
    workqueue_struct* wq = is_ordered ? alloc_ordered_workqueue("hci0") : alloc_workqueue("hci0");
    queue_work(wq, &first.work);
    queue_work(wq, &second.work);
    execution.JoinAll();
    destroy_workqueue(wq);
  });
  CheckClean(result);
  return seen.Has(1);
}

TEST_CASE("items of an ordered queue run one at a time in the order of queueing") {
  CHECK_FALSE(MayOverlap(/*is_ordered=*/true));
}

TEST_CASE("items of a concurrent queue overlap") {
  CHECK(MayOverlap(/*is_ordered=*/false));
}

TEST_CASE("cancel_work_sync takes a pending item off, or waits for the running one") {
  Seen seen;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    HEDDLE_ENSURE(!cancel_work_sync(&item.work));
    queue_work(system_wq, &item.work);
    const bool was_pending = cancel_work_sync(&item.work);
    HEDDLE_ENSURE(item.begun == item.ended);
    HEDDLE_ENSURE(item.ended == (was_pending ? 0 : 1));
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == (was_pending ? 0 : 1));
    seen.Add(was_pending ? 1 : 0);
  });
  CheckClean(result);
  CHECK(seen == Seen::Of(0, 1));
}

TEST_CASE("cancel_work does not wait for the running function") {
  Seen seen;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    queue_work(system_wq, &item.work);
    cancel_work(&item.work);
    seen.Add(item.begun - item.ended);
    execution.JoinAll();
  });
  CheckClean(result);
  CHECK(seen == Seen::Of(0, 1));
}

TEST_CASE("an item that queues itself is cancelled by cancel_work_sync for good") {
  Seen refused;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter item;
    item.inside = [&](Counter* self) {
      if (self->begun > 3) return;
      if (!queue_work(system_wq, &self->work)) refused.Add(1);
    };
    INIT_WORK(&item.work, Count);
    queue_work(system_wq, &item.work);
    cancel_work_sync(&item.work);
    const int runs = item.ended;
    HEDDLE_ENSURE(item.begun == runs);
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == runs);
    HEDDLE_ENSURE(queue_work(system_wq, &item.work));
    execution.JoinAll();
  });
  CheckClean(result);
  CHECK(refused.Has(1));
}

TEST_CASE("flush_work waits for the run of the last queueing") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    HEDDLE_ENSURE(!flush_work(&item.work));
    int queued = 0;
    for (int i = 0; i < 2; ++i) queued += queue_work(system_wq, &item.work) ? 1 : 0;
    flush_work(&item.work);
    HEDDLE_ENSURE(item.ended == queued);
    execution.JoinAll();
  });
  CheckClean(result);
}

TEST_CASE("flush_work of an item that was cancelled meanwhile comes back") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    queue_work(system_wq, &item.work);
    execution.Spawn("canceller", [&] { cancel_work(&item.work); });
    flush_work(&item.work);
    HEDDLE_ENSURE(item.begun == item.ended);
    execution.JoinAll();
  });
  CheckClean(result);
}

TEST_CASE("flush_workqueue waits for what was queued before it and for nothing later") {
  Seen runs;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter item;
    item.inside = [](Counter* self) {
      if (self->begun < 3) queue_work(system_wq, &self->work);
    };
    INIT_WORK(&item.work, Count);
    queue_work(system_wq, &item.work);
    flush_workqueue(system_wq);
    HEDDLE_ENSURE(item.ended >= 1);
    runs.Add(item.ended);
    execution.JoinAll();
  });
  CheckClean(result);
  CHECK(runs == Seen::Of(1, 2, 3));
}

TEST_CASE("drain_workqueue also waits for what the items of the queue queue themselves") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    workqueue_struct* wq = alloc_workqueue("wq");
    item.inside = [wq](Counter* self) {
      if (self->begun < 3) queue_work(wq, &self->work);
    };
    INIT_WORK(&item.work, Count);
    queue_work(wq, &item.work);
    drain_workqueue(wq);
    HEDDLE_ENSURE(item.ended == 3);
    execution.JoinAll();
    destroy_workqueue(wq);
  });
  CheckClean(result);
}

TEST_CASE("queueing from outside on a queue that drains is a warning") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter first;
    Counter second;
    INIT_WORK(&first.work, Count);
    INIT_WORK(&second.work, Count);
    workqueue_struct* wq = alloc_ordered_workqueue("wq");
    queue_work(wq, &first.work);
    execution.Spawn("late", [&] { queue_work(wq, &second.work); });
    drain_workqueue(wq);
    execution.JoinAll();
  });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAssertion);
  CHECK(result.failure()->title.find("drains") != std::string::npos);
}

TEST_CASE("a disabled item cannot be queued until it was enabled as often") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    queue_work(system_wq, &item.work);
    const bool was_pending = disable_work_sync(&item.work);
    HEDDLE_ENSURE(item.begun == item.ended);
    HEDDLE_ENSURE(item.ended == (was_pending ? 0 : 1));
    disable_work(&item.work);
    HEDDLE_ENSURE(!queue_work(system_wq, &item.work));
    HEDDLE_ENSURE(!enable_work(&item.work));
    HEDDLE_ENSURE(!queue_work(system_wq, &item.work));
    HEDDLE_ENSURE(enable_work(&item.work));
    HEDDLE_ENSURE(queue_work(system_wq, &item.work));
    execution.JoinAll();
  });
  CheckClean(result);
}

TEST_CASE("work_busy tells pending from running") {
  Seen seen;
  const ExplorationResult result = Search([&](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    queue_work(system_wq, &item.work);
    seen.Add(static_cast<int>(work_busy(&item.work)));
    execution.JoinAll();
    HEDDLE_ENSURE(work_busy(&item.work) == 0);
  });
  CheckClean(result);
  CHECK(seen.Has(0));
  CHECK(seen.Has(WORK_BUSY_PENDING));
  CHECK(seen.Has(WORK_BUSY_RUNNING));
}

TEST_CASE("idle workers are waited for by nobody and are not stuck") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    alloc_ordered_workqueue("never used");
    queue_work(system_wq, &item.work);
    execution.JoinAll();
    HEDDLE_ENSURE(item.ended == 1);
  });
  CheckClean(result);
}

TEST_CASE("an idle worker of a concurrent queue is used again") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    for (int i = 0; i < 10; ++i) {
      queue_work(system_wq, &item.work);
      execution.JoinAll();
    }
    HEDDLE_ENSURE(execution.tasks().size() == 2);
  });
  CheckClean(result);
}

// ---- What waits for items comes into the wait graph

// `wait` runs under the lock that the item takes.
ExplorationResult WaitUnderLock(const std::function<void(workqueue_struct*, Counter*)>& wait) {
  return Search([&](Execution& execution) {
    heddle::Mutex lock{"conn->lock"};
    Counter item;
    INIT_WORK(&item.work, Count);
    item.inside = [&](Counter*) {
      lock.Lock();
      lock.Unlock();
    };
    workqueue_struct* wq = alloc_ordered_workqueue("hci0-rx");
    queue_work(wq, &item.work);
    lock.Lock();
    wait(wq, &item);
    lock.Unlock();
    execution.JoinAll();
  });
}

TEST_CASE("cancel_work_sync under a lock that the item takes is a deadlock through the item") {
  const ExplorationResult result =
      WaitUnderLock([](workqueue_struct*, Counter* item) { cancel_work_sync(&item->work); });
  CheckFailure(result, FailureKind::kDeadlock, {"conn->lock", "item.work"},
               {"main", "kworker/hci0-rx"});
  CHECK(result.findings[0].preemptions == 1);
}

TEST_CASE("flush_work under a lock that the item takes is a deadlock before the item has begun") {
  const ExplorationResult result =
      WaitUnderLock([](workqueue_struct*, Counter* item) { flush_work(&item->work); });
  CheckFailure(result, FailureKind::kDeadlock, {"conn->lock", "item.work"},
               {"main", "kworker/hci0-rx"});
  CHECK(result.findings[0].preemptions == 0);
}

TEST_CASE("flush_workqueue under a lock that an item takes is a deadlock through the queue") {
  const ExplorationResult result =
      WaitUnderLock([](workqueue_struct* wq, Counter*) { flush_workqueue(wq); });
  CheckFailure(result, FailureKind::kDeadlock, {"conn->lock", "hci0-rx"},
               {"main", "kworker/hci0-rx"});
}

TEST_CASE("an item behind a blocked one on an ordered queue is part of the deadlock") {
  const ExplorationResult result = Search([](Execution& execution) {
    heddle::Mutex lock{"lock"};
    Counter first;
    Counter second;
    INIT_WORK(&first.work, Count);
    INIT_WORK(&second.work, Count);
    first.inside = [&](Counter*) {
      lock.Lock();
      lock.Unlock();
    };
    workqueue_struct* wq = alloc_ordered_workqueue("wq");
    lock.Lock();
    queue_work(wq, &first.work);
    queue_work(wq, &second.work);
    flush_work(&second.work);
    lock.Unlock();
    execution.JoinAll();
  });
  CheckFailure(result, FailureKind::kDeadlock, {"lock", "second.work"}, {"main", "kworker/wq"});
}

// `inside` runs in an item of an ordered queue behind which `second` is pending.
ExplorationResult WaitInside(const std::function<void(Counter* self, Counter* second)>& inside) {
  return Search([&](Execution& execution) {
    Counter first;
    Counter second;
    INIT_WORK(&first.work, Count);
    INIT_WORK(&second.work, Count);
    workqueue_struct* wq = alloc_ordered_workqueue("wq");
    first.inside = [&](Counter* self) {
      queue_work(wq, &second.work);
      inside(self, &second);
    };
    queue_work(wq, &first.work);
    execution.JoinAll();
  });
}

void CheckWaitsForItself(const ExplorationResult& result, const std::string& object) {
  CheckFailure(result, FailureKind::kRecursiveDeadlock, {object}, {"kworker/wq"});
}

TEST_CASE("an item that flushes or cancels itself and waits is a recursive deadlock") {
  CheckWaitsForItself(WaitInside([](Counter* self, Counter*) { flush_work(&self->work); }),
                      "first.work");
  CheckWaitsForItself(WaitInside([](Counter* self, Counter*) { cancel_work_sync(&self->work); }),
                      "first.work");
}

TEST_CASE("an item that flushes a later one of its ordered queue waits for itself") {
  CheckWaitsForItself(WaitInside([](Counter*, Counter* second) { flush_work(&second->work); }),
                      "second.work");
}

TEST_CASE("an item that cancels a later one of its ordered queue takes it off and goes on") {
  CheckClean(WaitInside([](Counter*, Counter* second) {
    HEDDLE_ENSURE(cancel_work_sync(&second->work));
    HEDDLE_ENSURE(second->begun == 0);
  }));
}

TEST_CASE("waiting for an item whose worker has died is a hang that names the worker") {
  const ExplorationResult result = Search([](Execution& execution) {
    Counter item;
    INIT_WORK(&item.work, Count);
    item.inside = [&](Counter*) { execution.Die(); };
    workqueue_struct* wq = alloc_ordered_workqueue("wq");
    queue_work(wq, &item.work);
    flush_work(&item.work);
  });
  CheckFailure(result, FailureKind::kHang, {"item.work"}, {"main"});
  REQUIRE(result.failure()->waits.size() == 2);
  CHECK(result.failure()->waits[0].task_name == "main");
  CHECK(result.failure()->waits[1].task_name == "kworker/wq");
  CHECK(result.failure()->waits[1].is_dead);
}

// ---- Misuse

TEST_CASE("INIT_WORK of a pending item is misuse") {
  CheckMisuse(Search([](Execution&) {
                Counter item;
                INIT_WORK(&item.work, Count);
                queue_work(system_wq, &item.work);
                INIT_WORK(&item.work, Count);
              }),
              "INIT_WORK of a work item that is pending");
}

TEST_CASE("queueing an item that was never initialised is misuse") {
  CheckMisuse(Search([](Execution&) {
                Counter item;
                queue_work(system_wq, &item.work);
              }),
              "queue_work of a work item that was never initialised");
}

}  // namespace
}  // namespace models::kernel
