// SPDX-License-Identifier: MIT
//
// One producer, one consumer, a buffer of one slot, a mutex and a condition variable.
//
//   producer:  items x { lock; while full: wait;  fill;  notify; unlock }
//   consumer:  items x { lock; while empty: wait; empty; notify; unlock }
//
// Bug:    none: with one task on each side, waking one is waking the right one.
// Expect: default (4 items) is clean within two preemptions, in 44 schedules.

#include <mutex>

#include "heddle/sync/condition_variable.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct Nothing {};

static void ProduceAndConsume(heddle::Execution& execution, const Nothing& /*options*/) {
  const int64_t items = execution.Parameter("items");
  heddle::Mutex mutex{"mutex"};
  heddle::ConditionVariable changed{"changed"};
  bool is_full = false;
  const auto move_items = [&](bool filling) {
    for (int64_t i = 0; i < items; ++i) {
      std::unique_lock lock(mutex);
      while (is_full == filling) changed.wait(lock);
      is_full = filling;
      changed.notify_one();
    }
  };
  execution.Spawn("producer", [&] { move_items(true); });
  execution.Spawn("consumer", [&] { move_items(false); });
  execution.JoinAll();
}

static const bool prodcons = heddle::Register<Nothing>({
    .name = "litmus/prodcons",
    .story = "A producer hands items to a consumer through one slot.",
    .body = ProduceAndConsume,
    .bounds = {.preemptions = 2, .faults = 0},
    .parameters = {{"items", {4, 1, 1000}}},
    .variants = {{.id = "default", .options = {}, .executions = 44}},
});

}  // namespace scenarios
