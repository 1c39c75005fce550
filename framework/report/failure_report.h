// SPDX-License-Identifier: MIT
//
// FailureReport: everything a person needs to know about one finding, as text.
//
// In this order: what failed and where; how it was found; the schedule; the timeline; what explains
// the failure (wait cycle, lock order, memory history, broken property); why the schedule is
// minimal; the line to copy.
//
// INVARIANT: plain ASCII, at most 100 columns, no addresses and no times: equal findings give equal
// bytes. From the `schedule` line to the last explaining section the text depends on the finding
// alone, so a search and the replay of its schedule print the same.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "heddle/explore/result.h"

namespace heddle {

// What the report says besides the finding.
struct ReportContext {
  // What was explored: "scenario" or "test". At most eight letters.
  std::string_view noun = "test";
  // Where it is defined, "scenarios/bluetooth/update_vs_connect.cc:27"; may be empty.
  std::string_view place;
  // The command that replays the schedule, word by word; see ReplayByProgram. Empty: none
  // is shown.
  std::vector<std::string> replay_command;
};

// Returns the report of one finding of `result`. What belongs to a search is left out if `result`
// is a replay.
std::string FailureReport(const ExplorationResult& result, const Finding& finding,
                          const ReportContext& context);

// Returns "heddle replay NAME SCHEDULE".
std::vector<std::string> ReplayByProgram(const Schedule& schedule);

// Returns the part of a report that a search and a replay have in common, byte for byte.
std::string EvidenceText(const Finding& finding);

}  // namespace heddle
