// SPDX-License-Identifier: MIT
//
// The rows of scenarios that are linked into a program run as its cases: one scenario counts its
// bodies' runs, and a case that stands below it, and so comes later, looks at the counts. More is
// asked by doctest_main_test.py, from outside.

#include "heddle/testing/scenario_cases.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "heddle/testing/scenario.h"

namespace heddle {
namespace {

std::map<std::string, int>& Runs() {
  static std::map<std::string, int> runs;
  return runs;
}

void CountRun(Execution& /*execution*/, const std::string& variant) {
  ++Runs()[variant];
}

[[maybe_unused]] const bool kRegistered = Register<std::string>({
    .name = "sample/counted",
    .story = "Nothing happens, but that it happens is counted.",
    .body = CountRun,
    .bounds = {.preemptions = 0, .faults = 0},
    .variants = {{.id = "one", .options = "one", .executions = 1},
                 {.id = "other", .options = "other", .executions = 1}},
});

TEST_CASE("each row has run as a case of its own") {
  CHECK(Runs()["one"] > 0);
  CHECK(Runs()["other"] == Runs()["one"]);
}

}  // namespace
}  // namespace heddle
