// SPDX-License-Identifier: MIT
//
// The forms that a timeline takes, from two tasks side by side to a list of many. Whole reports are
// compared in tests/golden.

#include "heddle/report/timeline.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/report/wording.h"

namespace heddle {
namespace {

Event Step(uint64_t step, uint16_t task, const char* verb, const std::string& object,
           SwitchMark mark = SwitchMark::kNone) {
  return {.mark = mark,
          .step = step,
          .task = TaskId{task},
          .verb = verb,
          .object = object,
          .function = "Function",
          .file = "folder/file.cc",
          .line = 12};
}

Failure FailureOf(uint16_t task) {
  Failure failure{.kind = FailureKind::kAssertion};
  failure.task = TaskId{task};
  return failure;
}

Trace OneStepEach(uint16_t tasks) {
  Trace trace;
  for (uint16_t i = 0; i < tasks; ++i) {
    trace.task_names.push_back("worker_number_" + std::to_string(i));
    trace.events.push_back(Step(i + 1U, i, "lock", "container->object_lock", SwitchMark::kSwitch));
  }
  return trace;
}

void CheckWidth(const std::string& text) {
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    REQUIRE(end != std::string::npos);
    CHECK(end - begin <= kReportColumns);
    if (end > begin) CHECK(text[end - 1] != ' ');
    begin = end + 1;
  }
}

TEST_CASE("two tasks have a column each, a number for each step and none for a note") {
  Trace trace{.task_names = {"main", "left", "right"}};
  trace.events.push_back(Step(1, 1, "lock", "a", SwitchMark::kSwitch));
  trace.events.push_back(Step(2, 2, "load", "x", SwitchMark::kPreemption));
  trace.events.push_back(Step(2, 2, "unlock", "a"));
  trace.events.back().kind = EventKind::kNote;
  trace.events.push_back(Step(2, 1, "lock", "b"));
  trace.events.back().kind = EventKind::kBlocked;
  trace.events.back().detail = "waits";
  Failure failure{.kind = FailureKind::kRecursiveDeadlock};
  failure.waits = {{.task = TaskId{1}, .object = "b"}};
  CHECK(TimelineText(trace, failure) ==
        " step  T1 left           T2 right   where\n"
        " ----  ----------------  ---------  --------------------\n"
        " S  1  lock    a                    Function  file.cc:12\n"
        " P  2                    load    x  Function  file.cc:12\n"
        "                         unlock  a  Function  file.cc:12\n"
        "       lock    b  waits             Function  file.cc:12\n"
        "\n"
        " P preemption: the previous task could have gone on.   S switch: it was blocked or had "
        "finished.\n");
}

TEST_CASE("columns that do not fit overlap, with one heading above the other") {
  const std::string text = TimelineText(OneStepEach(4), FailureOf(0));
  CheckWidth(text);
  CHECK(text.find("T0 worker_number_0\n") != std::string::npos);
  CHECK(text.find("|  ") != std::string::npos);
  const size_t first = text.find("lock    container->object_lock");
  const size_t second = text.find("lock    container->object_lock", first + 1);
  REQUIRE(second != std::string::npos);
  const size_t line_of_first = text.rfind('\n', first);
  const size_t line_of_second = text.rfind('\n', second);
  CHECK(second - line_of_second > first - line_of_first);
}

TEST_CASE("where columns never fit, bystanders are folded") {
  Trace trace = OneStepEach(20);
  const std::string text = TimelineText(trace, FailureOf(5));
  CheckWidth(text);
  CHECK(text.find("T5 worker_number_5") != std::string::npos);
  CHECK(text.find("... 5 steps of 5 tasks ...") != std::string::npos);
  CHECK(text.find("... 14 steps of 14 tasks ...") != std::string::npos);
}

TEST_CASE("a list names the task of each row where everybody is involved") {
  Trace trace = OneStepEach(12);
  Failure failure{.kind = FailureKind::kDeadlock};
  for (uint16_t i = 0; i < 12; ++i) {
    failure.waits.push_back({.task = TaskId{i}, .object = "container->object_lock"});
  }
  failure.cycle_size = 12;
  const std::string text = TimelineText(trace, failure);
  CheckWidth(text);
  CHECK(text.starts_with(" step  task"));
  CHECK(text.find(" S 12  T11 worker_number_11  lock    container->object_lock  "
                  "Function  file.cc:12\n") != std::string::npos);
}

TEST_CASE("names of any length are cut to fit") {
  Trace trace;
  for (uint16_t i = 0; i < 8; ++i) {
    trace.task_names.push_back(std::string(120, 't'));
    trace.events.push_back(Step(100000 + i, i, "a_verb_that_is_long", std::string(200, 'o')));
    trace.events.back().function = std::string(150, 'f');
    trace.events.back().file = std::string(150, 'p');
  }
  Failure failure{.kind = FailureKind::kDeadlock};
  for (uint16_t i = 0; i < 8; ++i) failure.waits.push_back({.task = TaskId{i}});
  for (const size_t cycle : {size_t{1}, size_t{2}, size_t{5}, size_t{8}}) {
    failure.cycle_size = cycle;
    CheckWidth(TimelineText(trace, failure));
  }
}

TEST_CASE("a gap says how many steps of whom it stands for, and how many preemptions") {
  Trace trace{.task_names = {"main", "left", "right"}};
  for (uint64_t i = 1; i <= 300; ++i)
    trace.events.push_back(Step(i, i % 3 == 0 ? 2 : 1, "load", "x"));
  for (Event& event : trace.events) event.mark = SwitchMark::kPreemption;
  const std::string text = TimelineText(trace, FailureOf(1));
  CheckWidth(text);
  CHECK(text.find("... 160 steps of T1 left and 80 steps of T2 right, 240 preemptions ...") !=
        std::string::npos);
}

TEST_CASE("an execution without a scheduling point has no table") {
  CHECK(TimelineText({}, FailureOf(0)) == " no task came to a scheduling point\n");
}

}  // namespace
}  // namespace heddle
