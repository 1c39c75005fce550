// SPDX-License-Identifier: MIT
//
// Tasks that lock and unlock one mutex.
//
//   each task:  rounds x { lock m; unlock m }
//
// Bug:    none is asserted; the size of the space is what is compared. Releases are no scheduling
//         points, so T tasks with K rounds have (KT)! / (K!)^T schedules, the ways to merge the
//         acquires.
// Expect: default (2 tasks, 2 rounds) is exhausted after C(4,2) = 6 schedules.

#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct Nothing {};

static void Lock(heddle::Execution& execution, const Nothing& /*options*/) {
  const int64_t tasks = execution.Parameter("tasks");
  const int64_t rounds = execution.Parameter("rounds");
  heddle::Mutex m{"m"};
  for (int64_t t = 0; t < tasks; ++t) {
    execution.Spawn("locker", [&m, rounds] {
      for (int64_t i = 0; i < rounds; ++i) {
        m.Lock();
        m.Unlock();
      }
    });
  }
  execution.JoinAll();
}

static const bool lock = heddle::Register<Nothing>({
    .name = "litmus/lock",
    .story = "Each task locks and unlocks one mutex.",
    .body = Lock,
    .bounds = {},
    .parameters = {{"tasks", {2, 1, 64}}, {"rounds", 2}},
    .variants = {{.id = "default", .options = {}, .executions = 6}},
});

}  // namespace scenarios
