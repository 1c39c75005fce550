// SPDX-License-Identifier: MIT
//
// The line that a failing test prints for whoever wants to run the failure again.

#include "heddle/testing/test_report.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "heddle/explore/result.h"

namespace heddle {
namespace {

const Schedule kSchedule = {.name = "litmus/abba@default",
                            .decisions = {Decision::Task(TaskId{1}), Decision::Task(TaskId{2})}};

TEST_CASE("Bazel's name of the target stands in the command") {
  setenv("TEST_TARGET", "//scenarios/litmus:abba_test", 1);
  const std::vector<std::string> expected = {
      "bazel", "test", "//scenarios/litmus:abba_test",
      "--test_env=HEDDLE_SCHEDULE=w1:litmus/abba@default:1.2"};
  CHECK((TestReplayCommand(kSchedule) == expected));
}

TEST_CASE("without Bazel the command is this program with the variable") {
  unsetenv("TEST_TARGET");
  const std::vector<std::string> words = TestReplayCommand(kSchedule);
  REQUIRE(words.size() == 2);
  CHECK(words[0] == "HEDDLE_SCHEDULE=w1:litmus/abba@default:1.2");
  CHECK(words[1].ends_with("test_report_test"));
}

TEST_CASE("there is one report for each finding") {
  const Finding finding = {.failure = {.kind = FailureKind::kHang, .title = "nobody signals"},
                           .schedule = kSchedule};
  const ExplorationResult result{.findings = {finding, finding}};
  const std::string one = TestReport(result, finding);
  CHECK(one.find("hang: nobody signals") != std::string::npos);
  CHECK(one.find("w1:litmus/abba@default:1.2") != std::string::npos);
  CHECK(one.find("scenario  ") == std::string::npos);
  CHECK(TestReport(result, finding, "scenarios/a.cc:7").find("scenarios/a.cc:7") !=
        std::string::npos);
  CHECK(TestReports(result).size() >= 2 * one.size());
  CHECK(TestReports({}) == "");
}

}  // namespace
}  // namespace heddle
