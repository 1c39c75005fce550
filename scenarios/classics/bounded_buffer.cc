// SPDX-License-Identifier: MIT
//
// Two producers and two consumers share a buffer of one slot and one condition variable.
//
//   producer:  lock; while full: wait;  fill;  notify one; unlock
//   consumer:  lock; while empty: wait; empty; notify one; unlock
//
// Bug:    notify_one may wake a task of the wrong kind, which goes back to sleep; the one that
//         could go on is never woken.
// Expect: notify-one hangs without any preemption; notify-all, and a condition for each side, hold.

#include <mutex>

#include "heddle/sync/condition_variable.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

enum class Notification { kOneOfAll, kAll, kOneOfOtherSide };

namespace {

class BoundedBuffer {
 public:
  explicit BoundedBuffer(Notification notification) : notification_(notification) {}

  void Put() {
    std::unique_lock lock(mutex_);
    heddle::ConditionVariable& space = WaitingForSpace();
    while (is_full_) space.wait(lock);
    is_full_ = true;
    Notify(not_empty_);
  }

  void Take() {
    std::unique_lock lock(mutex_);
    while (!is_full_) not_empty_.wait(lock);
    is_full_ = false;
    Notify(WaitingForSpace());
  }

 private:
  heddle::ConditionVariable& WaitingForSpace() {
    return notification_ == Notification::kOneOfOtherSide ? not_full_ : not_empty_;
  }

  void Notify(heddle::ConditionVariable& condition) {
    if (notification_ == Notification::kAll) {
      condition.notify_all();
    } else {
      condition.notify_one();
    }
  }

  Notification notification_;
  heddle::Mutex mutex_{"buffer.mutex"};
  // With one condition for both sides, this is the one.
  heddle::ConditionVariable not_empty_{"buffer.changed"};
  heddle::ConditionVariable not_full_{"buffer.not_full"};
  bool is_full_ = false;
};

}  // namespace

static void RunBoundedBuffer(heddle::Execution& execution, const Notification& notification) {
  BoundedBuffer buffer(notification);
  for (const char* name : {"producer1", "producer2"}) execution.Spawn(name, [&] { buffer.Put(); });
  for (const char* name : {"consumer1", "consumer2"}) execution.Spawn(name, [&] { buffer.Take(); });
  execution.JoinAll();
}

static const bool bugs = heddle::RegisterBugs(
    "classics", {{.id = "notify-one-hang",
                  .kind = heddle::FailureKind::kHang,
                  .objects = {"buffer.changed"},
                  .sentence = "the one notification wakes a task that cannot use it"}});

static const bool bounded_buffer = heddle::Register<Notification>({
    .name = "classics/bounded_buffer",
    .story = "Two producers and two consumers share one slot.",
    .body = RunBoundedBuffer,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = {{.id = "notify-one",
                  .options = Notification::kOneOfAll,
                  .executions = 80,
                  .findings = {{.bug = "notify-one-hang"}}},
                 {.id = "notify-all",
                  .options = Notification::kAll,
                  .executions = 80,
                  .decides = {"notify-one-hang"}},
                 {.id = "two-conditions",
                  .options = Notification::kOneOfOtherSide,
                  .executions = 64,
                  .decides = {"notify-one-hang"}}},
});

}  // namespace scenarios
