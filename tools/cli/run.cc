// SPDX-License-Identifier: MIT

#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/report/failure_report.h"
#include "heddle/report/result_json.h"
#include "heddle/report/search_summary.h"
#include "heddle/report/wording.h"
#include "heddle/testing/verdict.h"
#include "tools/cli/commands.h"
#include "tools/cli/row_options.h"
#include "tools/cli/selection.h"

namespace heddle::cli {

namespace {

// One report per failure; without one, or when the search went on, what was covered.
std::string RowText(const RowRef& row, const ExplorationResult& result) {
  std::string text;
  if (!result.refusal.empty()) return text;
  for (const Finding& finding : result.findings) {
    text += FailureReport(result, finding,
                          {.noun = "scenario",
                           .place = row.scenario->place(),
                           .replay_command = ReplayByProgram(finding.schedule)});
  }
  if (result.stopped_by != StoppedBy::kFailure) {
    text += Paragraph(row.name() + ": ", SearchSummary(result));
  }
  for (const std::string& warning : result.warnings) text += Paragraph("  warning: ", warning);
  return text;
}

RowVerdict JsonBugs(const RowRef& row, const BugCatalogue& catalogue,
                    const ExplorationResult& result) {
  RowVerdict json{.bugs = DecidedBugs(*row.row)};
  for (const Finding& finding : result.findings) {
    json.bug_of_finding.push_back(BugId(finding.failure, row.row->id, catalogue));
  }
  return json;
}

std::string TotalsText(const Totals& totals) {
  return CountOf(totals.rows, "row") + ": " + std::to_string(totals.good) + " without failure, " +
         std::to_string(totals.bad.size()) + " failed" +
         (totals.refused == 0 ? "" : ", " + std::to_string(totals.refused) + " not explored") +
         "\n";
}

}  // namespace

int Run(const Arguments& arguments, const Registry& registry, const Streams& streams) {
  const Result<std::vector<RowRef>> rows = SelectRows(registry, arguments.patterns);
  if (!rows.ok()) return Refuse(rows.error(), streams);
  // All of them before the first exploration: bad usage should not come after a minute's work.
  std::map<std::string, ExploreOptions> options;
  for (const RowRef& row : rows.value()) {
    Result<ExploreOptions> wanted = OptionsForRun(row, arguments);
    if (!wanted.ok()) return Refuse(wanted.error(), streams);
    options[row.name()] = std::move(wanted.value());
  }
  const auto explore = [&](const RowRef& row, const OnProgress& on_progress) {
    ExploreOptions& wanted = options[row.name()];
    wanted.on_progress = on_progress;
    const ExplorationResult result = Explore(wanted, row.row->body);
    const BugCatalogue& catalogue = registry.Catalogue(row.scenario->family());
    return RowOutcome{.is_good = result.findings.empty(),
                      .executions = result.executions,
                      .extra_executions = result.extra_executions,
                      .text = RowText(row, result),
                      .json = ResultJson(result, JsonBugs(row, catalogue, result)).dump(),
                      .refusal = result.refusal};
  };
  const Result<Totals> totals = SweepRows(arguments, rows.value(), explore, streams);
  if (!totals.ok()) return Refuse(totals.error(), streams);
  if (arguments.json != "-" && totals.value().rows > 1) {
    streams.out << TotalsText(totals.value()) << std::flush;
  }
  if (!totals.value().bad.empty()) return kFailureFound;
  return totals.value().refused == 0 ? kNothingFound : kBadUsage;
}

}  // namespace heddle::cli
