// SPDX-License-Identifier: MIT
//
// Tasks insert into one hash table of atomics by compare and swap.
//
//   each task:  4 x { w = next value; h = (w * 7) mod 128
//                     while table[h] is taken: h = (h + 1) mod 128 }
//
// Bug:    none is asserted; a benchmark of partial-order reduction (Flanagan, Godefroid, POPL
// 2005):
//         with up to eleven tasks no two of them meet at one place of the table.
// Expect: default (12 tasks) is clean in the first 10000 schedules; the plain space is far too
// large.

#include <memory>
#include <vector>

#include "heddle/sync/atomic.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct Nothing {};

static constexpr size_t kTableSize = 128;
static constexpr int64_t kInsertions = 4;

using Table = std::vector<std::unique_ptr<heddle::Atomic<int64_t>>>;

static void InsertAll(Table* table, int64_t task) {
  for (int64_t m = 1; m <= kInsertions; ++m) {
    const int64_t w = m * 11 + task;
    auto h = static_cast<size_t>(w * 7) % kTableSize;
    int64_t expected = 0;
    while (!(*table)[h]->compare_exchange_strong(expected, w)) {
      expected = 0;
      h = (h + 1) % kTableSize;
    }
  }
}

static void Indexer(heddle::Execution& execution, const Nothing& /*options*/) {
  const int64_t tasks = execution.Parameter("tasks");
  Table table;
  for (size_t i = 0; i < kTableSize; ++i) {
    table.push_back(std::make_unique<heddle::Atomic<int64_t>>(0, "table"));
  }
  for (int64_t t = 0; t < tasks; ++t) {
    execution.Spawn("indexer", [&table, t] { InsertAll(&table, t); });
  }
  execution.JoinAll();
}

static const bool indexer = heddle::Register<Nothing>({
    .name = "litmus/indexer",
    .story = "Tasks insert into one hash table by compare and swap.",
    .body = Indexer,
    .bounds = {.preemptions = 0, .faults = 0},
    .parameters = {{"tasks", {12, 1, 64}}},
    .variants = {{.id = "default",
                  .options = {},
                  .executions = 10'000,
                  .exhausted = false,
                  .note = "there are 12! orders of the tasks alone"}},
});

}  // namespace scenarios
