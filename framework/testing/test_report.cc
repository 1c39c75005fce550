// SPDX-License-Identifier: MIT

#include "heddle/testing/test_report.h"

#include <cerrno>
#include <cstdlib>

#include "heddle/report/failure_report.h"

namespace heddle {

std::vector<std::string> TestReplayCommand(const Schedule& schedule) {
  const std::string variable = "HEDDLE_SCHEDULE=" + ScheduleText(schedule);
  const char* target = std::getenv("TEST_TARGET");
  if (target == nullptr || target[0] == '\0') return {variable, program_invocation_name};
  return {"bazel", "test", target, "--test_env=" + variable};
}

std::string TestReport(const ExplorationResult& result, const Finding& finding,
                       std::string_view place) {
  return FailureReport(result, finding,
                       {.noun = place.empty() ? "test" : "scenario",
                        .place = place,
                        .replay_command = TestReplayCommand(finding.schedule)});
}

std::string TestReports(const ExplorationResult& result, std::string_view place) {
  std::string text;
  for (const Finding& finding : result.findings) text += TestReport(result, finding, place);
  return text;
}

}  // namespace heddle
