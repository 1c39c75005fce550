// SPDX-License-Identifier: MIT
//
// What is said about two traces that should have been equal.

#include "heddle/explore/comparison.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace heddle {
namespace {

Trace TwoSteps() {
  Trace trace;
  trace.events.push_back({.step = 1, .task = TaskId{1}, .verb = "lock", .object = "a"});
  trace.events.push_back({.step = 2, .task = TaskId{2}, .verb = "load", .object = "x"});
  return trace;
}

TEST_CASE("the first event that differs is shown from both runs") {
  Trace other = TwoSteps();
  other.events[1].object = "y";
  other.events[1].function = "reader";
  other.task_names = {"main", "left", "right"};
  const Failure failure = internal::DescribeDifference(TwoSteps(), other);
  CHECK(failure.kind == FailureKind::kNondeterminism);
  CHECK(failure.step == 2);
  CHECK(failure.title == "equal schedules differ first in step 2");
  CHECK(failure.details ==
        std::vector<std::string>{"One run:   T2, load x", "The other: T2 right, load y in reader"});
}

TEST_CASE("a run that ended early is said to have ended") {
  Trace shorter = TwoSteps();
  shorter.events.pop_back();
  CHECK(internal::DescribeDifference(TwoSteps(), shorter).details ==
        std::vector<std::string>{"One run:   T2, load x",
                                 "The other: nothing, the execution has ended"});
}

TEST_CASE("equal traces are not blamed for a difference") {
  CHECK(internal::DescribeDifference(TwoSteps(), TwoSteps()).title ==
        "equal schedules gave different executions, but two more runs were equal");
}

}  // namespace
}  // namespace heddle
