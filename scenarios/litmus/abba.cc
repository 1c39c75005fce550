// SPDX-License-Identifier: MIT
//
// Two tasks, two locks, opposite order.
//
//   left:   lock a; lock b; unlock both
//   right:  lock b; lock a; unlock both
//
// Bug:    each holds one lock and waits for the other.
// Expect: abba deadlocks with one preemption. In oabba both take a first, and neither waits with
//         what the other needs.

#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct LockOrder {
  bool right_takes_a_first = false;
};

static void Abba(heddle::Execution& execution, const LockOrder& order) {
  heddle::Mutex a{"a"};
  heddle::Mutex b{"b"};
  const auto lock_both = [](heddle::Mutex& first, heddle::Mutex& second) {
    first.Lock();
    second.Lock();
    second.Unlock();
    first.Unlock();
  };
  execution.Spawn("left", [&] { lock_both(a, b); });
  execution.Spawn("right", [&] { order.right_takes_a_first ? lock_both(a, b) : lock_both(b, a); });
  execution.JoinAll();
}

static const bool bugs =
    heddle::RegisterBugs("litmus", {{.id = "default-deadlock",
                                     .kind = heddle::FailureKind::kDeadlock,
                                     .objects = {"a", "b"},
                                     .sentence = "two locks are taken in opposite order"}});

static const bool abba = heddle::Register<LockOrder>({
    .name = "litmus/abba",
    .story = "Two tasks take two locks in opposite order.",
    .body = Abba,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = {{.id = "default",
                  .options = {},
                  .executions = 4,
                  .findings = {{.bug = "default-deadlock", .preemptions = 1}}}},
});

static const bool oabba = heddle::Register<LockOrder>({
    .name = "litmus/oabba",
    .story = "Two tasks take two locks in one order.",
    .body = Abba,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = {{.id = "default",
                  .options = {.right_takes_a_first = true},
                  .executions = 2,
                  .decides = {"default-deadlock"}}},
});

}  // namespace scenarios
