// SPDX-License-Identifier: MIT
//
// The rules of wait queues: no wake-up is lost, who is woken, and what wait_event returns. All
// executions of small programs within the given bounds.

#include "models/kernel/wait.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/access_once.h"
#include "models/kernel/context.h"
#include "models/kernel/errno.h"
#include "models/kernel/jiffies.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct controller {
  wait_queue_head_t req_wait_q;
  int status = 0;
};

TEST_CASE("a change followed by a wake-up is never missed") {
  CHECK(ExecutionsOf({}, [](Execution& execution) {
          controller hdev{};
          init_waitqueue_head(&hdev.req_wait_q);
          execution.Spawn("waiter", [&] {
            wait_event(hdev.req_wait_q, READ_ONCE(hdev.status) != 0);
            HEDDLE_ENSURE(hdev.status == 1);
          });
          WRITE_ONCE(hdev.status, 1);
          wake_up(&hdev.req_wait_q);
          execution.JoinAll();
        }) > 1);
}

TEST_CASE("a wake-up before the change may be missed") {
  const Failure failure = FailureOf({.preemptions = 2}, [](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] { wait_event(hdev.req_wait_q, READ_ONCE(hdev.status) != 0); });
    wake_up(&hdev.req_wait_q);
    WRITE_ONCE(hdev.status, 1);
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kHang);
  CHECK(ObjectsOf(failure) == "hdev.req_wait_q");
  CHECK(failure.tasks == std::vector<std::string>{"waiter"});
}

TEST_CASE("who is woken looks again, and sleeps again while the condition is false") {
  ExecutionsOf({}, [](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] {
      wait_event(hdev.req_wait_q, READ_ONCE(hdev.status) == 2);
      HEDDLE_ENSURE(hdev.status == 2);
    });
    for (int status = 1; status <= 2; ++status) {
      WRITE_ONCE(hdev.status, status);
      wake_up(&hdev.req_wait_q);
    }
    execution.JoinAll();
  });
}

TEST_CASE("a true condition needs neither the queue nor a wake-up") {
  CHECK(ExecutionsOf({}, [](Execution&) {
          controller hdev{};
          wait_event(hdev.req_wait_q, true);
        }) == 1);
}

TEST_CASE("the condition is evaluated by the waiter") {
  ExecutionsOf({}, [](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    bool is_done = false;
    const heddle::TaskId waiter = execution.Spawn("waiter", [&] {
      wait_event(hdev.req_wait_q, ({
                   HEDDLE_ENSURE(execution.running().name == "waiter");
                   is_done;
                 }));
    });
    is_done = true;
    wake_up(&hdev.req_wait_q);
    execution.Join(waiter);
  });
}

// ---- Who is woken

// Three waiters, the last two of them exclusive, in the queue in that order. Returns which of them
// get to evaluate the condition again after `wake`.
unsigned WokenBy(void (*wake)(wait_queue_head_t*)) {
  static unsigned woken;
  woken = 0;
  FailureOf({.preemptions = 0}, [=](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    woken = 0;
    bool is_woken = false;
    execution.Spawn("plain", [&] {
      wait_event(hdev.req_wait_q, ({
                   if (is_woken) woken |= 1;
                   false;
                 }));
    });
    for (unsigned bit = 2; bit <= 4; bit *= 2) {
      execution.Spawn("exclusive", [&, bit] {
        wait_event_interruptible_exclusive(hdev.req_wait_q, ({
                                             if (is_woken) woken |= bit;
                                             false;
                                           }));
      });
      execution.Yield();
    }
    while (!execution.IsWaitedOn(heddle::ObjectId{hdev.req_wait_q.handle.ref.id})) {
      execution.Yield();
    }
    is_woken = true;
    wake(&hdev.req_wait_q);
    execution.JoinAll();
  });
  return woken;
}

TEST_CASE("a wake-up wakes all that are not exclusive and the first that is") {
  CHECK(WokenBy([](wait_queue_head_t* queue) { wake_up(queue); }) == 0b011);
}

TEST_CASE("wake_up_all wakes everybody, wake_up_nr as many exclusive ones as it is told") {
  CHECK(WokenBy([](wait_queue_head_t* queue) { wake_up_all(queue); }) == 0b111);
  CHECK(WokenBy([](wait_queue_head_t* queue) { wake_up_nr(queue, 2); }) == 0b111);
}

TEST_CASE("wake_up_interruptible passes over waits that no signal may end") {
  CHECK(WokenBy([](wait_queue_head_t* queue) { wake_up_interruptible(queue); }) == 0b010);
  CHECK(WokenBy([](wait_queue_head_t* queue) { wake_up_interruptible_all(queue); }) == 0b110);
}

TEST_CASE("a second wake-up wakes the next exclusive waiter") {
  CHECK(WokenBy([](wait_queue_head_t* queue) {
          wake_up(queue);
          wake_up(queue);
        }) == 0b111);
}

TEST_CASE("a queue is active while somebody waits in it") {
  Seen seen;
  ExecutionsOf({}, [&](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] { wait_event(hdev.req_wait_q, READ_ONCE(hdev.status) != 0); });
    seen.Add(waitqueue_active(&hdev.req_wait_q) ? 1 : 0);
    WRITE_ONCE(hdev.status, 1);
    wake_up(&hdev.req_wait_q);
    execution.JoinAll();
    HEDDLE_ENSURE(!waitqueue_active(&hdev.req_wait_q));
  });
  CHECK(seen == Seen::Of(0, 1));
}

// ---- What a wait returns

TEST_CASE("a signal ends an interruptible wait with ERESTARTSYS, and takes it out of the queue") {
  Seen results;
  ExecutionsOf({.preemptions = 1, .faults = 1}, [&](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] {
      const int error = wait_event_interruptible(hdev.req_wait_q, READ_ONCE(hdev.status) != 0);
      HEDDLE_ENSURE(error == 0 || error == -ERESTARTSYS);
      results.Add(error == 0 ? 0 : 1);
      if (error != 0) HEDDLE_ENSURE(!waitqueue_active(&hdev.req_wait_q));
    });
    WRITE_ONCE(hdev.status, 1);
    wake_up(&hdev.req_wait_q);
    execution.JoinAll();
  });
  CHECK(results == Seen::Of(0, 1));
}

TEST_CASE("a timeout returns 0 if the condition is false, and at least 1 if it is true by then") {
  Seen results;
  ExecutionsOf({.preemptions = 2, .faults = 1}, [&](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] {
      const long left = wait_event_timeout(hdev.req_wait_q, READ_ONCE(hdev.status) != 0, 10);
      if (left == 0) {
        results.Add(0);
      } else {
        HEDDLE_ENSURE(hdev.status == 1);
        results.Add(jiffies == 10 ? 1 : 2);
        HEDDLE_ENSURE(left == (jiffies == 10 ? 1 : 10));
      }
    });
    WRITE_ONCE(hdev.status, 1);
    wake_up(&hdev.req_wait_q);
    execution.JoinAll();
  });
  CHECK(results == Seen::Of(0, 1, 2));
}

TEST_CASE("nobody left to wake, the time passes by itself; without time a wait only looks") {
  CHECK(ExecutionsOf({.preemptions = 0, .faults = 0}, [](Execution&) {
          controller hdev{};
          init_waitqueue_head(&hdev.req_wait_q);
          HEDDLE_ENSURE(wait_event_timeout(hdev.req_wait_q, false, 2 * HZ) == 0);
          HEDDLE_ENSURE(jiffies == 2 * HZ);
          HEDDLE_ENSURE(wait_event_timeout(hdev.req_wait_q, false, 0) == 0);
          HEDDLE_ENSURE(wait_event_timeout(hdev.req_wait_q, true, 0) == 1);
          HEDDLE_ENSURE(jiffies == 2 * HZ);
        }) == 1);
}

TEST_CASE("a wait with both ends in each of the three ways") {
  Seen results;
  ExecutionsOf({.preemptions = 1, .faults = 1}, [&](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] {
      const long left =
          wait_event_interruptible_timeout(hdev.req_wait_q, READ_ONCE(hdev.status) != 0, 10);
      results.Add(left > 0 ? 0 : left == 0 ? 1 : 2);
      HEDDLE_ENSURE(left >= 0 || left == -ERESTARTSYS);
    });
    WRITE_ONCE(hdev.status, 1);
    wake_up(&hdev.req_wait_q);
    execution.JoinAll();
  });
  CHECK(results == Seen::Of(0, 1, 2));
}

TEST_CASE("what the waker did happens before the waiter goes on") {
  ExecutionsOf({}, [](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    Past past;
    bool is_done = false;
    execution.Spawn("waiter", [&] {
      bool slept = false;
      wait_event(hdev.req_wait_q, is_done || (slept = true, false));
      if (slept) HEDDLE_ENSURE(past.HappensBeforeRunningTask());
    });
    execution.Yield();
    past = Past::OfRunningTask();
    is_done = true;
    wake_up(&hdev.req_wait_q);
    execution.JoinAll();
  });
}

// ---- Misuse

TEST_CASE("waiting sleeps, even if the condition is true") {
  CHECK(FailureOf({}, [](Execution&) {
          controller hdev{};
          init_waitqueue_head(&hdev.req_wait_q);
          preempt_disable();
          wait_event(hdev.req_wait_q, true);
        }).kind == FailureKind::kAtomicSleep);
}

TEST_CASE("a queue that somebody waits in is not initialised again") {
  const Failure failure = FailureOf({}, [](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] { wait_event(hdev.req_wait_q, false); });
    execution.Yield();
    init_waitqueue_head(&hdev.req_wait_q);
  });
  CHECK(failure.kind == FailureKind::kMisuse);
  CHECK(ObjectsOf(failure) == "hdev.req_wait_q");
}

TEST_CASE("a queue in memory that is freed is used by its waiter after the free") {
  const Failure failure = FailureOf({.preemptions = 1}, [](Execution& execution) {
    controller hdev{};
    init_waitqueue_head(&hdev.req_wait_q);
    execution.Spawn("waiter", [&] { wait_event(hdev.req_wait_q, false); });
    execution.Yield();
    execution.ForgetObjects(&hdev, sizeof(hdev));
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(ObjectsOf(failure) == "hdev.req_wait_q");
}

TEST_CASE("a queue that was never initialised cannot be used; a static one can") {
  CHECK(FailureOf({}, [](Execution&) {
          controller hdev{};
          wake_up(&hdev.req_wait_q);
        }).kind == FailureKind::kMisuse);
  static DECLARE_WAIT_QUEUE_HEAD(probe_waitqueue);
  ExecutionsOf({}, [](Execution&) { wake_up_all(&probe_waitqueue); });
}

}  // namespace
}  // namespace models::kernel
