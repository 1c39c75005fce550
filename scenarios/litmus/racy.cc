// SPDX-License-Identifier: MIT
//
// Tasks that add to one atomic counter by a load and a store.
//
//   each task:  rounds x { load x; store x + 1 }
//
// Bug:    none is asserted; the size of the space is what is compared. With T tasks and K rounds it
//         has (2KT)! / ((2K)!)^T schedules, the ways to merge the tasks' accesses.
// Expect: default (2 tasks, 2 rounds) is exhausted after C(8,4) = 70 schedules.

#include "heddle/sync/atomic.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct Nothing {};

static void Racy(heddle::Execution& execution, const Nothing& /*options*/) {
  const int64_t tasks = execution.Parameter("tasks");
  const int64_t rounds = execution.Parameter("rounds");
  heddle::Atomic<int64_t> x{0, "x"};
  for (int64_t t = 0; t < tasks; ++t) {
    execution.Spawn("racer", [&x, rounds] {
      for (int64_t i = 0; i < rounds; ++i) x.store(x.load() + 1);
    });
  }
  execution.JoinAll();
}

static const bool racy = heddle::Register<Nothing>({
    .name = "litmus/racy",
    .story = "Each task adds to one atomic by a load and a store.",
    .body = Racy,
    .bounds = {},
    .parameters = {{"tasks", {2, 1, 64}}, {"rounds", 2}},
    .variants = {{.id = "default", .options = {}, .executions = 70}},
});

}  // namespace scenarios
