// SPDX-License-Identifier: MIT
//
// doctest's macros inside of tasks, where they do not belong. This program's own main watches them.

#include "heddle/testing/stray_assertion.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/testing/test_report.h"

namespace heddle {
namespace {

ExplorationResult ExploreIn(void (*body)()) {
  return Explore({}, [body](Execution& execution) {
    execution.Spawn("checker", [body] { body(); });
    execution.JoinAll();
  });
}

TEST_CASE("a check that fails in a task is an assertion of that task, with its line") {
  const int line = __LINE__ + 1;
  const ExplorationResult result = ExploreIn([] { CHECK(1 + 1 == 3); });
  REQUIRE(result.failure() != nullptr);
  const Failure& failure = *result.failure();
  CHECK(failure.kind == FailureKind::kAssertion);
  CHECK(failure.tasks == std::vector<std::string>{"checker"});
  REQUIRE(failure.frames.size() == 1);
  CHECK(failure.frames[0].line == line);
  const std::string report = TestReport(result, result.findings[0]);
  CHECK(report.find("CHECK(1 + 1 == 3) is not correct") != std::string::npos);
}

TEST_CASE("a requirement that fails in a task is an exception that nobody catches") {
  const ExplorationResult result = ExploreIn([] { REQUIRE_FALSE(true); });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kUncaughtException);
  CHECK(result.failure()->title.find("REQUIRE_FALSE(true) is not correct") == 0);
}

TEST_CASE("messages that fail a test are failures, those that do not are none") {
  const ExplorationResult result = ExploreIn([] { FAIL_CHECK("no way"); });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAssertion);
  CHECK(result.failure()->title.find("no way") == 0);
  CHECK(ExploreIn([] { WARN(1 == 2); }).failure() == nullptr);
}

TEST_CASE("a check that holds in a task is let pass") {
  const ExplorationResult result = ExploreIn([] { CHECK(1 + 1 == 2); });
  CHECK(result.failure() == nullptr);
}

}  // namespace
}  // namespace heddle
