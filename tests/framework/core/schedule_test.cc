// SPDX-License-Identifier: MIT
//
// Schedules as text: what is written is read again, it is one shell word, and each malformed text
// is refused with a sentence that says where and what was expected.

#include "heddle/core/schedule.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle {
namespace {

Decision Task(uint16_t task) {
  return Decision::Task(TaskId{task});
}

Schedule Full() {
  return {
      .name = "bluetooth/update_vs_connect@B0",
      .parameters = {{"items", -4}, {"tasks", 3}},
      .steps_max = 50,
      .found = "pct/3/2/41",
      .racy_locations = {"hci_conn#1+8.6", "release conn->lock#1", "stack of main#1+0.4"},
      .decisions = {Task(1), Task(1), Task(2), Decision::Value(3), Decision::Value(3), Task(1)}};
}

TEST_CASE("the text is one word of plain characters, with run lengths") {
  const Schedule schedule{.name = "litmus/racy@default", .decisions = Full().decisions};
  CHECK(ScheduleText(schedule) == "w1:litmus/racy@default:1x2.2.v3x2.1");
  CHECK(ScheduleText({.name = "a"}) == "w1:a:-");
  CHECK(ScheduleText(Full()) ==
        "w1:bluetooth/update_vs_connect@B0:param.items=-4,param.tasks=3,steps=50,found=pct/3/2/41,"
        "racy=hci_conn%231+8.6,racy=release%20conn-%3elock%231,racy=stack%20of%20main%231+0.4:"
        "1x2.2.v3x2.1");
}

TEST_CASE("what is written is read again, whatever its names are made of") {
  Schedule strange = Full();
  strange.name = "a test, with: 100 % of \"everything\" $(x)\n\x01\xff";
  strange.parameters = {{"a=b,c", 1}, {"\xc3\xa9", INT64_MIN}};
  strange.found = "x:y,z=%";
  strange.decisions.push_back(Decision::Value(0x7fffffff));
  strange.decisions.push_back(Task(1023));
  for (const Schedule& schedule : {Schedule{.name = "a"}, Full(), strange}) {
    const std::string text = ScheduleText(schedule);
    CHECK(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "_./@+-:,=%") == std::string::npos);
    const Result<Schedule> read = ParseSchedule(text);
    REQUIRE(read.ok());
    CHECK(read.value() == schedule);
  }
}

std::string ErrorOf(std::string_view text) {
  const Result<Schedule> read = ParseSchedule(text);
  return read.ok() ? "was read" : read.error();
}

TEST_CASE("a text of another version, or none, says so") {
  CHECK(ErrorOf("w2:a:1") == "the schedule has format version 'w2'; expected 'w1'");
  CHECK(ErrorOf("") == "the schedule has format version ''; expected 'w1'");
  CHECK(ErrorOf(" w1:a:1") == "the schedule has format version ' w1'; expected 'w1'");
}

TEST_CASE("too few or too many fields are counted") {
  for (const auto& [text, count] :
       {std::pair("w1", 1), {"w1:a", 2}, {"w1:a:found=x:1:2", 5}, {"w1:::::", 6}}) {
    CHECK(ErrorOf(text) == "the schedule has " + std::to_string(count) +
                               " fields; expected w1:NAME:DECISIONS or w1:NAME:EXTRAS:DECISIONS");
  }
}

TEST_CASE("a name that is empty or not escaped is refused") {
  for (const char* name : {"", "a b", "a%2", "a%", "a%2G", "a%2A", "a%zz", "$x", "a=b"}) {
    CHECK(ErrorOf("w1:" + std::string(name) + ":1") == "the schedule's name '" + std::string(name) +
                                                           "' is malformed; expected "
                                                           "scenario@variant");
  }
}

TEST_CASE("an extra without a value, with an unknown key or no number is refused") {
  for (const char* extra :
       {"", "found", "found=", "=x", "steps=0", "steps=-1", "steps=1x",
        "steps=", "racy=", "racy=a b", "param.=1", "param.x=", "param.x=one", "param.x=1.5",
        "param.a%2=1", "param=1", "unknown=1", "param.x=99999999999999999999"}) {
    CHECK(ErrorOf("w1:a:" + std::string(extra) + ":1") ==
          "the schedule's extra '" + std::string(extra) +
              "' is malformed; expected param.NAME=NUMBER, steps=NUMBER, found=HOW or "
              "racy=LOCATION, separated by commas");
  }
  CHECK(ErrorOf("w1:a:found=x,,steps=1:1").find("extra ''") != std::string::npos);
}

TEST_CASE("a decision that is no task, value or run length is refused, and numbered") {
  for (const char* decision :
       {"", "a", "-1", "1x", "x3", "1x0", "1x-1", "1y2", "v", "vx2", "vv1", "1024", "v2147483648",
        "1x10000001", "1x18446744073709551615", "1x99999999999999999999", "+1", "1 "}) {
    CHECK(ErrorOf("w1:a:1." + std::string(decision)) ==
          "the schedule's decision 2 '" + std::string(decision) +
              "' is malformed; expected a task number N or a value vN, optionally followed by "
              "xCOUNT");
  }
  CHECK(ErrorOf("w1:a:-.1").find("decision 1 '-'") != std::string::npos);
}

TEST_CASE("equal decisions that follow each other read the same in one run or several") {
  const Result<Schedule> one = ParseSchedule("w1:a:1x3.v2x2");
  const Result<Schedule> several = ParseSchedule("w1:a:1.1x2.v2.v2");
  REQUIRE(one.ok());
  REQUIRE(several.ok());
  CHECK(one.value() == several.value());
}

}  // namespace
}  // namespace heddle
