// SPDX-License-Identifier: MIT
//
// How the parts of a report are put together. What the parts say is tested beside them, whole
// reports in tests/golden.

#include "heddle/report/failure_report.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/report/wording.h"

namespace heddle {
namespace {

Finding SmallFinding() {
  Finding finding{.execution = 3, .preemptions = 1, .steps = 2};
  finding.failure = {.kind = FailureKind::kInvariant,
                     .property = "INV-B1",
                     .title = "the peer was told ACCEPTED, the controller was not told at all",
                     .step = 2,
                     .task = TaskId{1}};
  finding.schedule = {.name = "bluetooth/update@B0",
                      .decisions = {Decision::Task(TaskId{1}), Decision::Task(TaskId{2})}};
  finding.trace.task_names = {"main", "left", "right"};
  finding.trace.events = {
      {.mark = SwitchMark::kSwitch, .step = 1, .task = TaskId{1}, .verb = "lock"},
      {.mark = SwitchMark::kPreemption, .step = 2, .task = TaskId{2}, .verb = "lock"}};
  return finding;
}

ExplorationResult ResultOf(const Finding& finding, const std::string& strategy) {
  ExplorationResult result{.strategy = strategy, .bounds = {.preemptions = 2}};
  result.findings = {finding};
  return result;
}

size_t LongestLine(const std::string& text) {
  size_t longest = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

TEST_CASE("a search and a replay differ only in how the failure was found and why it is minimal") {
  const Finding finding = SmallFinding();
  const std::string searched = FailureReport(ResultOf(finding, "exhaustive"), finding, {});
  const std::string replayed = FailureReport(ResultOf(finding, "replay"), finding, {});
  const std::string evidence = EvidenceText(finding);
  CHECK(evidence.starts_with("schedule  w1:bluetooth/update@B0:1.2"));
  CHECK(searched.find("\n" + evidence) != std::string::npos);
  CHECK(replayed.find("\n" + evidence) != std::string::npos);
  CHECK(searched.find("\nsearch  ") != std::string::npos);
  CHECK(searched.find("\nMinimal\n") != std::string::npos);
  CHECK(replayed.find("\nsearch  ") == std::string::npos);
  CHECK(replayed.find("\nMinimal\n") == std::string::npos);
}

TEST_CASE("the head says what failed, in what and where") {
  Finding finding = SmallFinding();
  finding.schedule.parameters = {{"rounds", 2}, {"tasks", 3}};
  const std::string text = FailureReport(ResultOf(finding, "replay"), finding,
                                         {.noun = "scenario", .place = "scenarios/update.cc:9"});
  CHECK(
      text.find("\nFAILURE   invariant INV-B1: the peer was told ACCEPTED, the controller was not "
                "told at all\n"
                "scenario  bluetooth/update@B0   with rounds = 2 and tasks = 3\n"
                "          scenarios/update.cc:9\n"
                "schedule  ") != std::string::npos);
}

TEST_CASE("a name that is a sentence is quoted") {
  Finding finding = SmallFinding();
  finding.schedule.name = "a push is lost";
  CHECK(FailureReport(ResultOf(finding, "replay"), finding, {})
            .find("\ntest      \"a push is lost\"\n") != std::string::npos);
}

TEST_CASE("a long schedule can be copied from the report") {
  Finding finding = SmallFinding();
  finding.schedule.decisions.clear();
  for (uint16_t i = 0; i < 300; ++i) {
    finding.schedule.decisions.push_back(Decision::Task(TaskId{i}));
  }
  const std::string text = FailureReport(ResultOf(finding, "replay"), finding,
                                         {.replay_command = ReplayByProgram(finding.schedule)});
  CHECK(LongestLine(text) <= kReportColumns);
  std::string joined = text;
  for (size_t at = joined.find("\\\n"); at != std::string::npos; at = joined.find("\\\n")) {
    joined.erase(at, 2);
  }
  const std::string schedule = ScheduleText(finding.schedule);
  CHECK(joined.find("schedule  " + schedule + "\n") != std::string::npos);
  CHECK(joined.find("heddle replay bluetooth/update@B0     " + schedule + "\n") !=
        std::string::npos);
}

TEST_CASE("an invariant's report names the property, the step and the functions") {
  Finding finding = SmallFinding();
  finding.failure.functions = {"hci_le_conn_update"};
  CHECK(
      EvidenceText(finding).find(
          "\nProperty\n"
          "  INV-B1 does not hold: the peer was told ACCEPTED, the controller was not told at all\n"
          "  First seen after step 2, by T1 left.\n"
          "  Functions: hci_le_conn_update\n") != std::string::npos);
}

TEST_CASE("details of a failure are never lost") {
  for (int kind = 0; kind <= static_cast<int>(FailureKind::kNondeterminism); ++kind) {
    Finding finding = SmallFinding();
    finding.failure.kind = static_cast<FailureKind>(kind);
    finding.failure.details = {"The barometer stands low."};
    CHECK(EvidenceText(finding).find("  The barometer stands low.\n") != std::string::npos);
  }
}

TEST_CASE("what does not stop is counted by task") {
  Finding finding = SmallFinding();
  finding.failure.kind = FailureKind::kLivelock;
  CHECK(EvidenceText(finding).find("\nSteps\n  T1 left: 1 step\n  T2 right: 1 step\n") !=
        std::string::npos);
}

TEST_CASE("a failure before any step is one") {
  Finding finding = SmallFinding();
  finding.failure = {.kind = FailureKind::kAbort, .title = "abort() was called", .task = TaskId{1}};
  finding.trace.events.clear();
  CHECK(EvidenceText(finding).find("\nWhere\n  T1 left, before the first step\n") !=
        std::string::npos);
}

}  // namespace
}  // namespace heddle
