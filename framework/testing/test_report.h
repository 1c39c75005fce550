// SPDX-License-Identifier: MIT
//
// TestReport: what a failing test prints: the report of each failure, and the line that runs it
// again.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "heddle/core/schedule.h"
#include "heddle/explore/result.h"

namespace heddle {

// Returns the words of the command that replays `schedule` in this test program: `bazel test TARGET
// --test_env=HEDDLE_SCHEDULE=...` where Bazel runs it, else the program itself with the variable
// set.
std::vector<std::string> TestReplayCommand(const Schedule& schedule);

// Returns the report of one finding, ending in its replay command. `place` is where the scenario is
// defined; a test that explores by itself gives none.
std::string TestReport(const ExplorationResult& result, const Finding& finding,
                       std::string_view place = {});

// Returns the reports of all findings.
std::string TestReports(const ExplorationResult& result, std::string_view place = {});

}  // namespace heddle
