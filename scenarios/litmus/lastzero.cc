// SPDX-License-Identifier: MIT
//
// One task looks for the last zero of an array while the others write to it.
//
//   task 0:       i = n; while array[i] != 0: i = i - 1
//   task j >= 1:  array[j] = array[j-1] + 1
//
// Bug:    none is asserted; a benchmark of partial-order reduction (Abdulla, Aronsson, Jonsson,
//         Sagonas, POPL 2014): most accesses are independent, so the plain search is far larger
//         than the set of traces.
// Expect: default (n = 5) is clean within two preemptions, in 78872 schedules.

#include <memory>
#include <vector>

#include "heddle/sync/atomic.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct Nothing {};

static void LastZero(heddle::Execution& execution, const Nothing& /*options*/) {
  const auto n = static_cast<size_t>(execution.Parameter("n"));
  std::vector<std::unique_ptr<heddle::Atomic<int64_t>>> array;
  for (size_t i = 0; i <= n; ++i) {
    array.push_back(std::make_unique<heddle::Atomic<int64_t>>(
        0, execution.Intern("array[" + std::to_string(i) + "]")));
  }
  execution.Spawn("searcher", [&] {
    size_t i = n;
    while (array[i]->load() != 0) --i;
  });
  for (size_t j = 1; j <= n; ++j) {
    execution.Spawn("writer" + std::to_string(j),
                    [&array, j] { array[j]->store(array[j - 1]->load() + 1); });
  }
  execution.JoinAll();
}

static const bool lastzero = heddle::Register<Nothing>({
    .name = "litmus/lastzero",
    .story = "One task looks for the last zero of an array that others fill.",
    .body = LastZero,
    .bounds = {.preemptions = 2, .faults = 0},
    .parameters = {{"n", {5, 1, 64}}},
    .variants = {{.id = "default", .options = {}, .executions = 78'872}},
});

}  // namespace scenarios
