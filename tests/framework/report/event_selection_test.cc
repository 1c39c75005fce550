// SPDX-License-Identifier: MIT
//
// What a report shows of short and of long traces. The long ones are made by hand: many steps of a
// bystander around the few that matter.

#include "heddle/report/event_selection.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace heddle {
namespace {

constexpr TaskId kMain{0};
constexpr TaskId kLeft{1};
constexpr TaskId kBystander{3};

void AddSteps(size_t count, TaskId task, const char* object, Trace* trace) {
  for (size_t i = 0; i < count; ++i) {
    trace->events.push_back(
        {.step = trace->events.size() + 1, .task = task, .verb = "load", .object = object});
  }
}

Failure LeftFails() {
  Failure failure{.kind = FailureKind::kAssertion, .objects = {"x"}};
  failure.task = kLeft;
  return failure;
}

size_t CountShown(const std::vector<bool>& shown) {
  return static_cast<size_t>(std::count(shown.begin(), shown.end(), true));
}

TEST_CASE("a short trace is shown whole") {
  Trace trace;
  AddSteps(30, kBystander, "y", &trace);
  AddSteps(30, kLeft, "x", &trace);
  const Failure failure = LeftFails();
  const EventSelection selection(trace, failure);
  CHECK(CountShown(selection.Select(selection.tasks())) == 60);
}

TEST_CASE("of a long trace the steps on the objects of the failure stay") {
  Trace trace;
  AddSteps(500, kBystander, "y", &trace);
  AddSteps(3, kLeft, "x", &trace);
  AddSteps(500, kBystander, "y", &trace);
  const Failure failure = LeftFails();
  const EventSelection selection(trace, failure);
  const std::vector<bool> shown = selection.Select(selection.tasks());
  CHECK(shown[0]);
  CHECK(shown[500]);
  CHECK(shown[502]);
  CHECK(shown[1002]);
  CHECK_FALSE(shown[250]);
  CHECK(CountShown(shown) < EventSelection::kRowsMax);
}

TEST_CASE("steps that the failure mentions stay, whoever took them") {
  Trace trace;
  AddSteps(2000, kBystander, "y", &trace);
  AddSteps(1, kLeft, "x", &trace);
  Failure failure = LeftFails();
  auto history = std::make_shared<MemoryHistory>();
  history->events.push_back({.what = "freed", .task = kBystander, .step = 777});
  failure.memory = history;
  const EventSelection selection(trace, failure);
  CHECK(selection.IsInvolved(kBystander));
  CHECK(selection.Select(selection.tasks())[776]);
}

TEST_CASE("preemptions, faults and early ends of waits stay") {
  Trace trace;
  AddSteps(900, kBystander, "y", &trace);
  trace.events[300].mark = SwitchMark::kPreemption;
  trace.events[400].verb = "fault";
  trace.events[500].detail = "timed out";
  const Failure failure = LeftFails();
  const EventSelection selection(trace, failure);
  const std::vector<bool> shown = selection.Select(selection.tasks());
  CHECK(shown[300]);
  CHECK(shown[400]);
  CHECK(shown[500]);
}

TEST_CASE("even too many steps that matter are cut, in the middle") {
  Trace trace;
  AddSteps(10000, kLeft, "x", &trace);
  for (Event& event : trace.events) event.mark = SwitchMark::kPreemption;
  const Failure failure = LeftFails();
  const EventSelection selection(trace, failure);
  const std::vector<bool> shown = selection.Select(selection.tasks());
  CHECK(shown.front());
  CHECK(shown.back());
  CHECK(CountShown(shown) <= EventSelection::kRowsMax + 1);
}

TEST_CASE("a gap of one event is filled") {
  Trace trace;
  AddSteps(200, kBystander, "y", &trace);
  trace.events[100].mark = SwitchMark::kPreemption;
  trace.events[102].mark = SwitchMark::kPreemption;
  const Failure failure = LeftFails();
  const EventSelection selection(trace, failure);
  CHECK(selection.Select(selection.tasks())[101]);
}

TEST_CASE("a task that only waits for the others' end has no column") {
  Trace trace;
  AddSteps(2, kLeft, "x", &trace);
  trace.events.push_back({.kind = EventKind::kBlocked, .task = kMain, .verb = "join all"});
  trace.events.push_back({.kind = EventKind::kBlocked, .task = kLeft, .verb = "lock"});
  Failure failure = LeftFails();
  failure.kind = FailureKind::kHang;
  failure.waits = {{.task = kLeft, .object = "x"}, {.task = kMain, .owners = {kLeft}}};
  const EventSelection selection(trace, failure);
  CHECK((selection.tasks() == std::vector<TaskId>{kLeft}));
  CHECK_FALSE(selection.Select(selection.tasks())[2]);
  CHECK(selection.Select(selection.tasks())[3]);
}

TEST_CASE("tasks that wait behind a cycle are no part of it") {
  Trace trace;
  AddSteps(1, kLeft, "x", &trace);
  Failure failure{.kind = FailureKind::kRecursiveDeadlock};
  failure.waits = {{.task = kLeft, .object = "x"}, {.task = kBystander, .object = "x"}};
  failure.cycle_size = 1;
  const EventSelection selection(trace, failure);
  CHECK(selection.IsInvolved(kLeft));
  CHECK_FALSE(selection.IsInvolved(kBystander));
}

}  // namespace
}  // namespace heddle
