// SPDX-License-Identifier: MIT
//
// The JSON of a result, field by field.

#include "heddle/report/result_json.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace heddle {
namespace {

ExplorationResult SmallResult() {
  ExplorationResult result{.name = "bluetooth/update@B0",
                           .strategy = "exhaustive",
                           .seed = 0,
                           .bounds = {.preemptions = 2},
                           .parameters = {{"tasks", 3}},
                           .executions = 18,
                           .extra_executions = 31,
                           .steps = 412,
                           .seconds = 0.000412345};
  result.exhausted = true;
  Finding finding{.execution = 6, .preemptions = 1, .faults = 0, .steps = 9};
  finding.failure = {.kind = FailureKind::kDeadlock, .title = "conn->lock, hdev->lock"};
  finding.failure.objects = {"conn->lock", "hdev->lock"};
  finding.failure.tasks = {"kworker/hci0-rx", "bluetoothd"};
  finding.schedule = {.name = "bluetooth/update@B0", .decisions = {Decision::Task(TaskId{1})}};
  result.findings = {finding};
  result.warnings = {"nothing was contended"};
  return result;
}

TEST_CASE("a checked row has all fields, in a fixed order") {
  const RowVerdict row{.bugs = {"B0-deadlock"},
                       .bug_of_finding = {"B0-deadlock"},
                       .expected = {{.kind = "deadlock", .bug = "B0-deadlock"}},
                       .verdict = "as pinned"};
  CHECK(ResultJson(SmallResult(), row).dump() ==
        R"({"name":"bluetooth/update@B0","strategy":"exhaustive","seed":0,"params":{"tasks":3},)"
        R"("executions":18,"extra_executions":31,"steps":412,"seconds":0.000412345,)"
        R"("exhausted":true,"stopped_by":null,"bounds":{"preemptions":2,"faults":null},)"
        R"("bugs":["B0-deadlock"],"failures":[{"kind":"deadlock","property":null,)"
        R"("title":"conn->lock, hdev->lock","objects":["conn->lock","hdev->lock"],)"
        R"("tasks":["kworker/hci0-rx","bluetoothd"],"bug":"B0-deadlock",)"
        R"("schedule":"w1:bluetooth/update@B0:1","execution":6,"preemptions":1,"faults":0,)"
        R"("steps":9}],"warnings":["nothing was contended"],)"
        R"("expected":[{"kind":"deadlock","bug":"B0-deadlock"}],"verdict":"as pinned"})");
}

TEST_CASE("a row that is not checked has neither an expectation nor a verdict") {
  const auto json = ResultJson(SmallResult(), {});
  CHECK_FALSE(json.contains("expected"));
  CHECK_FALSE(json.contains("verdict"));
  CHECK(json["failures"][0]["bug"].is_null());
}

TEST_CASE("what stopped a search is named") {
  ExplorationResult result = SmallResult();
  result.stopped_by = StoppedBy::kExecutions;
  CHECK(ResultJson(result, {})["stopped_by"] == "executions");
  result.stopped_by = StoppedBy::kTime;
  CHECK(ResultJson(result, {})["stopped_by"] == "time");
  result.stopped_by = StoppedBy::kFailure;
  CHECK(ResultJson(result, {})["stopped_by"] == "failure");
}

TEST_CASE("a failed invariant names its property") {
  ExplorationResult result = SmallResult();
  result.findings[0].failure.kind = FailureKind::kInvariant;
  result.findings[0].failure.property = "INV-B1";
  CHECK(ResultJson(result, {})["failures"][0]["property"] == "INV-B1");
}

TEST_CASE("bytes that are no UTF-8 do not break the document") {
  ExplorationResult result = SmallResult();
  result.findings[0].failure.title = "caf\xe9 \x01 caf\xc3\xa9";
  const std::string text = ResultJson(result, {}).dump();
  CHECK(nlohmann::json::parse(text)["failures"][0]["title"] == "caf\xef\xbf\xbd \x01 caf\xc3\xa9");
}

}  // namespace
}  // namespace heddle
