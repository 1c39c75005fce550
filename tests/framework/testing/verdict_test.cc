// SPDX-License-Identifier: MIT
//
// Verdicts over made-up results: what is as pinned, and how each difference is put into words.

#include "heddle/testing/verdict.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/explore/result.h"
#include "heddle/testing/bug.h"
#include "heddle/testing/row.h"

namespace heddle {
namespace {

struct Fixture {
  Fixture() {
    catalogue.Add({.id = "R1", .kind = FailureKind::kDeadlock, .objects = {"a", "b"}});
    catalogue.Add({.id = "R2", .kind = FailureKind::kLeak});
    scenario = {
        .name = "family/scene",
        .rows = {{.id = "B0", .executions = 363, .findings = {{.bug = "R1", .preemptions = 1}}}}};
    result = {.executions = 363, .exhausted = true, .findings = {Deadlock("a", "b", 1, 0)}};
  }

  static Finding Deadlock(const char* first, const char* second, uint32_t preemptions,
                          uint32_t faults) {
    return {.failure = {.kind = FailureKind::kDeadlock,
                        .title = std::string(first) + ", " + second,
                        .objects = {first, second}},
            .preemptions = preemptions,
            .faults = faults};
  }

  Verdict Judged() const { return Judge({&scenario, &scenario.rows[0]}, catalogue, result); }
  ScenarioRow& row() { return scenario.rows[0]; }

  BugCatalogue catalogue;
  RegisteredScenario scenario;
  ExplorationResult result;
};

TEST_CASE_FIXTURE(Fixture, "a result that equals its pins is as pinned") {
  CHECK(Judged().is_as_pinned());
  CHECK(Judged().text() == "as pinned");
  CHECK((Judged().bugs == std::vector<std::string>{"R1"}));
}

TEST_CASE_FIXTURE(Fixture, "a changed number of executions is a difference") {
  result.executions = 365;
  CHECK(Judged().text() == "expected 363 executions, saw 365");
  row().executions = 1;
  CHECK(Judged().text() == "expected 1 execution, saw 365");
}

TEST_CASE_FIXTURE(Fixture, "a row without a pinned number is never as pinned") {
  row().executions = 0;
  CHECK(Judged().text() == "no number of executions is pinned yet, saw 363");
}

TEST_CASE_FIXTURE(Fixture, "a pinned bug that is not found is a difference") {
  result.findings.clear();
  CHECK(Judged().text() == "expected R1 with 1 preemption and 0 faults, did not find it");
}

TEST_CASE_FIXTURE(Fixture, "a known bug that the row does not expect is a difference") {
  result.findings.push_back({.failure = {.kind = FailureKind::kLeak, .title = "conn"}});
  CHECK(Judged().text() == "unexpected leak (R2): conn");
  CHECK((Judged().unexpected == std::vector<size_t>{1}));
  CHECK((Judged().bugs == std::vector<std::string>{"R1", "R2"}));
}

TEST_CASE_FIXTURE(Fixture, "a failure that no pattern knows is called by variant and kind") {
  result.findings.push_back(Deadlock("a", "c", 2, 0));
  CHECK(Judged().text() == "unexpected deadlock (B0-deadlock): a, c");
}

TEST_CASE_FIXTURE(Fixture, "an unknown failure is no pin's, even where an id looks like it") {
  catalogue.Add({.id = "B0-deadlock", .kind = FailureKind::kDeadlock, .objects = {"x", "y"}});
  row().findings = {{.bug = "B0-deadlock"}};
  result.findings = {Deadlock("a", "c", 0, 0)};
  CHECK(Judged().text() ==
        "unexpected deadlock (B0-deadlock-unknown): a, c; "
        "expected B0-deadlock with 0 preemptions and 0 faults, did not find it");
}

TEST_CASE_FIXTURE(Fixture, "the fewest preemptions and faults of a bug are compared") {
  result.findings = {Deadlock("a", "b", 2, 0), Deadlock("a", "b", 0, 1)};
  CHECK(Judged().text() ==
        "expected R1 with 1 preemption and 0 faults, found it with 0 preemptions and 1 fault");
  // Equally many deviations: fewer faults are less.
  result.findings.push_back(Deadlock("b", "a", 1, 0));
  CHECK(Judged().is_as_pinned());
}

TEST_CASE_FIXTURE(Fixture, "a search that stopped early is not as pinned") {
  result.exhausted = false;
  result.stopped_by = StoppedBy::kTime;
  CHECK(Judged().text() ==
        "expected every execution within the bounds, but the limit of time stopped the search");
}

TEST_CASE_FIXTURE(Fixture, "a space that is pinned as too large must not be exhausted") {
  row().exhausted = false;
  CHECK(Judged().text() == "expected a space too large to finish, but it was exhausted");
  result.exhausted = false;
  CHECK(Judged().is_as_pinned());
}

}  // namespace
}  // namespace heddle
