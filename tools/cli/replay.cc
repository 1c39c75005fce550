// SPDX-License-Identifier: MIT

#include <ostream>
#include <string>

#include "heddle/core/divergence.h"
#include "heddle/core/schedule.h"
#include "heddle/explore/explore.h"
#include "heddle/report/failure_report.h"
#include "heddle/report/timeline.h"
#include "tools/cli/commands.h"
#include "tools/cli/row_options.h"
#include "tools/cli/selection.h"

namespace heddle::cli {

// A schedule that passes has no failure to report, but its course is what was asked for.
static std::string PassText(const RowRef& row, const ExplorationResult& result) {
  return row.name() + ": this schedule passes\n\n" + TimelineText(result.trace, Failure());
}

int Replay(const Arguments& arguments, const Registry& registry, const Streams& streams) {
  const Result<RowRef> row = FindRow(registry, arguments.row);
  if (!row.ok()) return Refuse(row.error(), streams);
  const Result<Schedule> schedule = ParseSchedule(arguments.schedule);
  if (!schedule.ok()) return Refuse(schedule.error(), streams);
  const Result<ExploreOptions> options = OptionsForReplay(row.value(), schedule.value());
  if (!options.ok()) return Refuse(options.error(), streams);
  const ExplorationResult result = Explore(options.value(), row.value().row->body);
  if (!result.divergence.empty()) return Refuse(DivergenceSentence(result.divergence), streams);
  if (result.findings.empty()) {
    streams.out << PassText(row.value(), result) << std::flush;
    return kNothingFound;
  }
  for (const Finding& finding : result.findings) {
    streams.out << FailureReport(result, finding,
                                 {.noun = "scenario",
                                  .place = row.value().scenario->place(),
                                  .replay_command = ReplayByProgram(finding.schedule)})
                << std::flush;
  }
  return kFailureFound;
}

}  // namespace heddle::cli
