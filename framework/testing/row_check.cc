// SPDX-License-Identifier: MIT

#include "heddle/testing/row_check.h"

#include "heddle/core/divergence.h"
#include "heddle/explore/explore.h"
#include "heddle/testing/test_report.h"
#include "heddle/testing/verdict.h"

namespace heddle {

static RowCheck CheckAsPinned(const RowRef& row, const BugCatalogue& catalogue,
                              const ExploreOptions& options) {
  const ExplorationResult result = Explore(options, row.row->body);
  const Verdict verdict = Judge(row, catalogue, result);
  RowCheck check;
  if (verdict.is_as_pinned()) return check;
  check.complaint = row.name() + " is not as pinned\n";
  for (const std::string& difference : verdict.differences) {
    check.complaint += "  " + difference + "\n";
  }
  for (const size_t index : verdict.unexpected) {
    check.complaint += TestReport(result, result.findings[index], row.scenario->place());
  }
  return check;
}

RowCheck CheckRow(const RowRef& row, const BugCatalogue& catalogue,
                  const Environment& environment) {
  ExploreOptions options = CheckOptions(row);
  if (!environment.overrides()) return CheckAsPinned(row, catalogue, options);
  // The pinned bounds are those of an exhaustive search; a random one would not leave them.
  if (environment.seed) options.bounds = {};
  if (!environment.Apply(&options)) return {.is_skipped = true};
  const ExplorationResult result = Explore(options, row.row->body);
  if (!result.divergence.empty()) return {.complaint = DivergenceSentence(result.divergence)};
  if (result.findings.empty()) return {};
  return {.complaint = row.name() + " fails\n" + TestReports(result, row.scenario->place())};
}

}  // namespace heddle
