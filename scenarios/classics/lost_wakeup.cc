// SPDX-License-Identifier: MIT
//
// A consumer that looks before it sleeps.
//
//   consumer:  lock; look whether the item is there; unlock;      lock; wait; unlock
//   producer:                                          put item; notify
//
// Bug:    between looking and sleeping the consumer holds nothing, so a notification that comes
//         then is lost.
// Expect: look-then-wait hangs with one preemption; waiting in a loop under the lock holds.

#include <mutex>

#include "heddle/sync/condition_variable.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct WakeupOptions {
  bool looks_under_one_lock = true;
};

static void LostWakeup(heddle::Execution& execution, const WakeupOptions& options) {
  heddle::Mutex mutex{"mutex"};
  heddle::ConditionVariable changed{"changed"};
  bool is_there = false;
  execution.Spawn("consumer", [&] {
    std::unique_lock lock(mutex);
    if (options.looks_under_one_lock) {
      while (!is_there) changed.wait(lock);
      return;
    }
    const bool seen = is_there;
    lock.unlock();
    lock.lock();
    if (!seen) changed.wait(lock);
  });
  execution.Spawn("producer", [&] {
    const std::lock_guard lock(mutex);
    is_there = true;
    changed.notify_one();
  });
  execution.JoinAll();
}

static const bool bugs = heddle::RegisterBugs(
    "classics", {{.id = "look-then-wait-hang",
                  .kind = heddle::FailureKind::kHang,
                  .objects = {"changed"},
                  .sentence = "the notification comes before the wait, and nobody repeats it"}});

static const bool lost_wakeup = heddle::Register<WakeupOptions>({
    .name = "classics/lost_wakeup",
    .story = "A consumer looks for an item, and sleeps if there is none.",
    .body = LostWakeup,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = {{.id = "look-then-wait",
                  .options = {.looks_under_one_lock = false},
                  .executions = 6,
                  .findings = {{.bug = "look-then-wait-hang", .preemptions = 1}}},
                 {.id = "wait-in-loop",
                  .options = {},
                  .executions = 5,
                  .decides = {"look-then-wait-hang"}}},
});

}  // namespace scenarios
