// SPDX-License-Identifier: MIT

#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/report/failure_report.h"
#include "heddle/report/result_json.h"
#include "heddle/report/wording.h"
#include "heddle/testing/verdict.h"
#include "tools/cli/commands.h"
#include "tools/cli/row_options.h"
#include "tools/cli/selection.h"
#include "tools/cli/verdict_table.h"

namespace heddle::cli {

namespace {

RowVerdict JsonVerdict(const RowRef& row, const BugCatalogue& catalogue, const Verdict& verdict) {
  RowVerdict json{
      .bugs = DecidedBugs(*row.row), .bug_of_finding = verdict.bugs, .verdict = verdict.text()};
  for (const ExpectedFinding& expected : row.row->findings) {
    const BugPattern* bug = catalogue.Find(expected.bug);
    json.expected.push_back({.kind = std::string(FailureKindName(bug->kind)), .bug = expected.bug});
  }
  return json;
}

// The reports of failures that nobody expects follow their row at once.
std::string Unexpected(const RowRef& row, const ExplorationResult& result, const Verdict& verdict) {
  std::string text;
  for (const size_t index : verdict.unexpected) {
    const Finding& finding = result.findings[index];
    text += FailureReport(result, finding,
                          {.noun = "scenario",
                           .place = row.scenario->place(),
                           .replay_command = ReplayByProgram(finding.schedule)});
  }
  return text;
}

std::string TotalsText(const Totals& totals) {
  char seconds[32];
  std::snprintf(seconds, sizeof(seconds), "%.1f", totals.seconds);
  std::string text = CountOf(totals.rows, "row") + ": " + std::to_string(totals.good) +
                     " as pinned, " + std::to_string(totals.bad.size()) + " differ; " +
                     CountOf(totals.executions, "execution") + " and " +
                     std::to_string(totals.extra_executions) + " extra in " + seconds + " s\n";
  if (!totals.bad.empty()) text += Paragraph("Differ: ", ListOf(totals.bad));
  return text;
}

}  // namespace

int Check(const Arguments& arguments, const Registry& registry, const Streams& streams) {
  const Result<std::vector<RowRef>> rows = SelectRows(registry, arguments.patterns);
  if (!rows.ok()) return Refuse(rows.error(), streams);
  const VerdictTable table(rows.value());
  const auto explore = [&](const RowRef& row, const OnProgress& on_progress) {
    ExploreOptions options = OptionsForCheck(row, arguments);
    options.on_progress = on_progress;
    const ExplorationResult result = Explore(options, row.row->body);
    const BugCatalogue& catalogue = registry.Catalogue(row.scenario->family());
    const Verdict verdict = Judge(row, catalogue, result);
    const bool is_first = row.row == &row.scenario->rows.front();
    return RowOutcome{.is_good = verdict.is_as_pinned(),
                      .executions = result.executions,
                      .extra_executions = result.extra_executions,
                      .text = (is_first ? table.Heading(*row.scenario) : "") +
                              table.Row(row, result, verdict) + Unexpected(row, result, verdict),
                      .json = ResultJson(result, JsonVerdict(row, catalogue, verdict)).dump()};
  };
  const Result<Totals> totals = SweepRows(arguments, rows.value(), explore, streams);
  if (!totals.ok()) return Refuse(totals.error(), streams);
  if (arguments.json != "-") {
    streams.out << "\n" << VerdictTable::Legend() << TotalsText(totals.value()) << std::flush;
  }
  return totals.value().bad.empty() ? kNothingFound : kFailureFound;
}

}  // namespace heddle::cli
