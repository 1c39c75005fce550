// SPDX-License-Identifier: MIT
//
// Red and green twins: the variants of a scenario differ in the code that is explored, and in
// nothing else. A fix that holds against fewer actors or faults, or within narrower bounds, than
// broke the code before it, would show nothing.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/testing/registry.h"
#include "models/kernel/slab.h"

namespace heddle {
namespace {

// What a row runs with, seen in the execution that no decision disturbs.
struct Cast {
  std::set<std::string> actors;
  std::set<std::string> faults;
  bool ran_to_its_end = false;
};

// A work queue whose items run concurrently has as many workers as there are items at once, which
// is a matter of schedules: "kworker/events:1".
bool IsOneOfAPool(std::string_view task) {
  const size_t colon = task.rfind(':');
  return colon != std::string_view::npos && task.starts_with("kworker/") &&
         task.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

Cast CastOf(const RowRef& row) {
  Cast cast;
  ExploreOptions options = CheckOptions(row);
  options.strategy = StrategyKind::kReplay;
  const ExplorationResult result = Explore(options, [&](Execution& execution) {
    row.row->body(execution);
    const internal::RuntimeScope scope;
    cast.ran_to_its_end = true;
    for (const std::string_view site : models::kernel::slab_faults()) cast.faults.emplace(site);
  });
  REQUIRE_MESSAGE(result.divergence.empty(), row.name(), ": ", result.divergence);
  for (const std::string& task : result.trace.task_names) {
    if (!IsOneOfAPool(task)) cast.actors.insert(task);
  }
  return cast;
}

std::string Listed(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The rows of each scenario.
std::vector<std::vector<RowRef>> Families() {
  std::vector<std::vector<RowRef>> families;
  for (const RowRef& row : Registry::Global().Rows()) {
    if (families.empty() || families.back().front().scenario != row.scenario)
      families.push_back({});
    families.back().push_back(row);
  }
  return families;
}

TEST_CASE("all scenarios of the tree are here, and well defined") {
  CHECK(Registry::Global().scenarios().size() >= 30);
  CHECK(Registry::Global().Problems().empty());
}

TEST_CASE("the variants of a scenario have the same actors") {
  for (const std::vector<RowRef>& rows : Families()) {
    const std::string first = Listed(CastOf(rows.front()).actors);
    CHECK_MESSAGE(!first.empty(), rows.front().name(), " has no actors");
    for (const RowRef& row : rows) {
      const std::string actors = Listed(CastOf(row).actors);
      CHECK_MESSAGE(actors == first, row.name(), " has ", actors, "; ", rows.front().row->id,
                    " has ", first);
    }
  }
}

TEST_CASE("the variants of a scenario let the same allocations fail") {
  for (const std::vector<RowRef>& rows : Families()) {
    const Cast* first = nullptr;
    std::vector<Cast> casts;
    for (const RowRef& row : rows) casts.push_back(CastOf(row));
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!casts[i].ran_to_its_end) continue;
      if (first == nullptr) first = &casts[i];
      CHECK_MESSAGE(casts[i].faults == first->faults, rows[i].name(), " lets fail ",
                    Listed(casts[i].faults), "; others ", Listed(first->faults));
    }
    // Where every version fails whatever the schedule, as is pinned, none is left to compare.
    const bool all_fail = std::ranges::all_of(rows, [](const RowRef& row) {
      return std::ranges::any_of(row.row->findings, [](const ExpectedFinding& finding) {
        return finding.preemptions == 0 && finding.faults == 0;
      });
    });
    CHECK_MESSAGE((first != nullptr || all_fail), "no row of ", rows.front().scenario->name,
                  " comes to its end undisturbed");
  }
}

TEST_CASE("the variants of a scenario have the same bounds, or a note that says why not") {
  for (const std::vector<RowRef>& rows : Families()) {
    // What most rows have.
    const auto count = [&](const Bounds& bounds) {
      return std::ranges::count_if(rows,
                                   [&](const RowRef& row) { return row.row->bounds == bounds; });
    };
    const RowRef& usual = *std::ranges::max_element(
        rows, {}, [&](const RowRef& row) { return count(row.row->bounds); });
    for (const RowRef& row : rows) {
      const bool is_told = row.row->bounds == usual.row->bounds || !row.row->note.empty();
      CHECK_MESSAGE(is_told, row.name(), " has other bounds than ", usual.row->id, ", and no note");
    }
  }
}

// Executions of the row without preemptions, with so many faults.
uint64_t ExecutionsWith(const RowRef& row, uint32_t faults) {
  ExploreOptions options = CheckOptions(row);
  options.bounds = {.preemptions = 0, .faults = faults};
  return Explore(options, row.row->body).executions;
}

// Scenarios that owe a fault, or no budget for one. Only ever remove a name.
const std::set<std::string> kNothingCanFail = {"cxl/emit_vs_removal", "cxl/error_vs_unbind",
                                               "cxl/inject_vs_unbind"};

TEST_CASE("a scenario with a budget for faults has a row in which one can happen") {
  for (const std::vector<RowRef>& rows : Families()) {
    const bool has_budget =
        std::ranges::any_of(rows, [](const RowRef& row) { return row.row->bounds.faults > 0; });
    if (!has_budget || rows.front().row->bounds.faults == kUnbounded) continue;
    if (kNothingCanFail.contains(rows.front().scenario->name)) continue;
    const bool one_happens = std::ranges::any_of(
        rows, [](const RowRef& row) { return ExecutionsWith(row, 1) > ExecutionsWith(row, 0); });
    CHECK_MESSAGE(one_happens, "nothing can fail in ", rows.front().scenario->name);
  }
}

TEST_CASE("a search that was not finished says so in a note") {
  for (const RowRef& row : Registry::Global().Rows()) {
    const bool is_told = row.row->exhausted || !row.row->note.empty();
    CHECK_MESSAGE(is_told, row.name(), " is not exhausted, and has no note");
  }
}

}  // namespace
}  // namespace heddle
