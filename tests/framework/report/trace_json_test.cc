// SPDX-License-Identifier: MIT
//
// The trace of a finding as a viewer reads it.

#include "heddle/report/trace_json.h"

#include <doctest/doctest.h>

namespace heddle {
namespace {

Finding SmallFinding() {
  Finding finding;
  finding.failure = {.kind = FailureKind::kHang, .title = "x"};
  finding.schedule = {.name = "a/b@c"};
  finding.trace.task_names = {"main", "left"};
  finding.trace.events = {
      {.mark = SwitchMark::kPreemption,
       .step = 1,
       .task = TaskId{1},
       .verb = "lock",
       .object = "x"},
      {.kind = EventKind::kNote, .step = 1, .task = TaskId{1}, .verb = "fault"},
      {.step = 2,
       .task = TaskId{0},
       .verb = "load",
       .object = "y",
       .detail = "= 3",
       .function = "f",
       .file = "f.cc",
       .line = 9},
      {.kind = EventKind::kBlocked, .step = 2, .task = TaskId{1}, .verb = "lock"},
  };
  return finding;
}

TEST_CASE("each task has a row with its name") {
  const auto events = TraceJson(SmallFinding())["traceEvents"];
  CHECK(events[0]["ph"] == "M");
  CHECK(events[0]["tid"] == 0);
  CHECK(events[0]["args"]["name"] == "T0 main");
  CHECK(events[1]["args"]["name"] == "T1 left");
}

TEST_CASE("a step is a slice, a note an instant inside it, a wait lasts to the end") {
  const auto events = TraceJson(SmallFinding())["traceEvents"];
  REQUIRE(events.size() == 6);
  CHECK(events[2]["ph"] == "X");
  CHECK(events[2]["ts"] == 1000);
  CHECK(events[2]["dur"] == 1000);
  CHECK(events[3]["ph"] == "i");
  CHECK(events[3]["ts"] == 1500);
  CHECK(events[5]["ph"] == "X");
  CHECK(events[5]["ts"] == 2000);
  CHECK(events[5]["dur"] == 2000);
}

TEST_CASE("slices carry what the table of the report shows") {
  const auto event = TraceJson(SmallFinding())["traceEvents"][4];
  CHECK(event["name"] == "load y = 3");
  CHECK(event["args"].dump() ==
        R"({"step":2,"mark":"none","verb":"load","object":"y","detail":"= 3","function":"f",)"
        R"("file":"f.cc","line":9})");
}

TEST_CASE("the document says which failure and schedule it shows") {
  const auto other = TraceJson(SmallFinding())["otherData"];
  CHECK(other.dump() == R"({"schedule":"w1:a/b@c:-","failure":"hang","title":"x"})");
}

}  // namespace
}  // namespace heddle
