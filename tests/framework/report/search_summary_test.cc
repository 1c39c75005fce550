// SPDX-License-Identifier: MIT
//
// What a search covered, in words: results are made by hand, so that each way to end is there.

#include "heddle/report/search_summary.h"

#include <doctest/doctest.h>

namespace heddle {
namespace {

ExplorationResult Exhausted() {
  ExplorationResult result{.strategy = "exhaustive", .bounds = {.preemptions = 2}};
  result.executions = 363;
  result.exhausted = true;
  result.levels = {{.bounds = {.preemptions = 0}, .executions = 12, .finished = true},
                   {.bounds = {.preemptions = 1}, .executions = 86, .finished = true},
                   {.bounds = {.preemptions = 2}, .executions = 265, .finished = true}};
  return result;
}

Finding FindingAt(uint64_t execution, uint32_t preemptions, uint32_t faults) {
  Finding finding{.execution = execution, .preemptions = preemptions, .faults = faults};
  for (uint32_t i = 0; i < preemptions; ++i) {
    finding.trace.events.push_back({.mark = SwitchMark::kPreemption, .step = 2 + 3 * i});
  }
  return finding;
}

TEST_CASE("a pass says its bounds and how many executions there were at each") {
  CHECK(SearchSummary(Exhausted()) ==
        "exhausted, preemption bound 2: 363 executions (12 + 86 + 265)");
}

TEST_CASE("bounds on faults and none at all are said") {
  ExplorationResult result = Exhausted();
  result.bounds.faults = 1;
  CHECK(SearchSummary(result).starts_with("exhausted, preemption bound 2, fault bound 1: 363"));
  result = {.strategy = "exhaustive", .executions = 70, .exhausted = true};
  result.levels = {{.executions = 70, .finished = true}};
  CHECK(SearchSummary(result) == "exhausted, unbounded: 70 executions");
}

TEST_CASE("partial order reduction says that it is meant") {
  const ExplorationResult result{.strategy = "dpor", .executions = 6, .exhausted = true};
  CHECK(SearchSummary(result) == "exhausted, dpor, unbounded: 6 executions");
  CHECK(SearchSection(result, FindingAt(4, 0, 0)) ==
        "search    dpor, unbounded\n          failed in execution 4\n");
}

TEST_CASE("a search that kept going counts what it found") {
  ExplorationResult result = Exhausted();
  result.findings = {FindingAt(6, 1, 0), FindingAt(9, 1, 0)};
  CHECK(SearchSummary(result) ==
        "exhausted, preemption bound 2: 363 executions (12 + 86 + 265), 2 distinct failures");
}

TEST_CASE("a search that was stopped never reads as a pass") {
  ExplorationResult result = Exhausted();
  result.exhausted = false;
  result.executions = 100;
  result.levels.pop_back();
  result.levels.back().executions = 88;
  result.stopped_by = StoppedBy::kExecutions;
  CHECK(SearchSummary(result) ==
        "stopped by --executions after 100 executions (12 + 88); not the whole space");
  result.stopped_by = StoppedBy::kTime;
  CHECK(SearchSummary(result) ==
        "stopped by --time after 100 executions (12 + 88); not the whole space");
  result.stopped_by = StoppedBy::kFailure;
  result.findings = {FindingAt(100, 1, 0)};
  CHECK(SearchSummary(result) ==
        "stopped at the first failure, in execution 100; not the whole space");
}

TEST_CASE("a sample is called a sample") {
  ExplorationResult result{.strategy = "random", .seed = 7, .executions = 1000};
  result.stopped_by = StoppedBy::kExecutions;
  CHECK(SearchSummary(result) ==
        "random, seed 7: 1000 executions, none failed; stopped by --executions; a sample, not the "
        "whole space");
}

TEST_CASE("PCT says how likely a bug of its depth was missed") {
  ExplorationResult result{.strategy = "pct", .seed = 7, .executions = 101, .bug_depth = 2};
  result.tasks_max_seen = 2;
  result.steps_max_seen = 10;
  result.steps_covered = 10;
  // 100 executions, each with a chance of 1/20: 0.95 ^ 100.
  CHECK(
      SearchSummary(result) ==
      "pct, depth 2, seed 7: 101 executions, none failed; a bug of depth 2 (2 tasks, 10 steps) is "
      "missed with probability at most 0.0059; a sample, not the whole space");
}

TEST_CASE("PCT promises nothing about what comes after the steps it expects") {
  ExplorationResult result{.strategy = "pct", .seed = 7, .executions = 101, .bug_depth = 2};
  result.tasks_max_seen = 2;
  result.steps_max_seen = 50;
  result.steps_covered = 10;
  CHECK(SearchSummary(result) ==
        "pct, depth 2, seed 7: 101 executions, none failed; a bug of depth 2 (2 tasks, in the "
        "first 10 of up to 50 steps) is missed with probability at most 0.0059; a sample, not the "
        "whole space");
}

TEST_CASE("a delay-bounded search counts its levels in delays") {
  ExplorationResult result{.strategy = "delay", .executions = 5, .exhausted = true, .delays = 1};
  result.levels = {{.executions = 1, .finished = true}, {.executions = 4, .finished = true}};
  CHECK(SearchSummary(result) == "exhausted, delay, delay bound 1: 5 executions (1 + 4)");
  Finding finding{.execution = 3, .preemptions = 1};
  finding.levels = {result.levels[0], {.executions = 2}};
  result.findings = {finding};
  CHECK(SearchSection(result, finding) ==
        "search    delay, delay bound 1\n"
        "          0 delays: 1 execution, exhausted, none failed\n"
        "          1 delay: failed in execution 3\n");
  CHECK(MinimalSection(result, finding) ==
        "Minimal\n"
        "  No schedule with fewer than 1 delay fails.\n");
}

TEST_CASE("the lines of a report go through the levels up to the failure") {
  ExplorationResult result = Exhausted();
  Finding finding = FindingAt(15, 1, 0);
  finding.levels = {result.levels[0], {.bounds = {.preemptions = 1}, .executions = 3}};
  result.findings = {finding};
  CHECK(SearchSection(result, finding) ==
        "search    exhaustive, preemption bound 2\n"
        "          bound 0: 12 executions, exhausted, none failed\n"
        "          bound 1: failed in execution 15\n");
}

TEST_CASE("after an earlier failure a level only had none of this kind") {
  ExplorationResult result = Exhausted();
  Finding finding = FindingAt(15, 1, 0);
  finding.levels = {result.levels[0], {.bounds = {.preemptions = 1}, .executions = 3}};
  result.findings = {FindingAt(2, 0, 0), finding};
  CHECK(SearchSection(result, finding)
            .find("bound 0: 12 executions, exhausted, none failed in this way\n") !=
        std::string::npos);
  CHECK(
      MinimalSection(result, finding).find("no schedule without a preemption fails in this way") !=
      std::string::npos);
}

TEST_CASE("scheduling points that the search added are named") {
  ExplorationResult result{.strategy = "random"};
  Finding finding = FindingAt(1, 0, 0);
  finding.schedule.racy_locations = {"hci_conn#1+8.6", "release conn->lock#1"};
  CHECK(SearchSection(result, finding)
            .find("scheduling points added: hci_conn#1+8.6 and release conn->lock#1\n") !=
        std::string::npos);
}

TEST_CASE("what the levels before the failure make necessary is said, and no more") {
  ExplorationResult result{.strategy = "exhaustive", .bounds = {.preemptions = 2, .faults = 0}};
  CHECK(MinimalSection(result, FindingAt(9, 0, 0)) ==
        "Minimal\n  The schedule has no preemption and no fault.\n");
  CHECK(MinimalSection(result, FindingAt(9, 1, 0)) ==
        "Minimal\n  The preemption before step 2 is necessary: no schedule without a preemption "
        "fails.\n");
  CHECK(MinimalSection(result, FindingAt(9, 2, 0)) ==
        "Minimal\n  The preemptions before steps 2 and 5 are necessary: no schedule with fewer "
        "preemptions fails.\n");
  result.bounds.faults = 1;
  CHECK(MinimalSection(result, FindingAt(9, 0, 1)) ==
        "Minimal\n  The fault is necessary: no schedule without a preemption or fault fails.\n");
  CHECK(
      MinimalSection(result, FindingAt(9, 1, 1)) ==
      "Minimal\n  The preemption before step 2 and the fault are necessary: no schedule with fewer "
      "of them fails.\n");
  result.bounds = {};
  CHECK(MinimalSection(result, FindingAt(9, 1, 0)).starts_with("Minimal\n  Unknown: "));
  result.bounds = {.preemptions = 2};
  CHECK(MinimalSection(result, FindingAt(9, 1, 3)).find("may be more than are necessary") !=
        std::string::npos);
}

TEST_CASE("a sampled schedule is as necessary as the trials without each part say") {
  const ExplorationResult result{.strategy = "random"};
  Finding finding = FindingAt(9, 1, 0);
  CHECK(MinimalSection(result, finding).starts_with("Minimal\n  Unknown: "));
  finding.necessity = {
      "The preemption before step 2 is necessary: without it the schedule passes."};
  CHECK(MinimalSection(result, finding) ==
        "Minimal\n  The preemption before step 2 is necessary: without it the schedule passes.\n");
}

}  // namespace
}  // namespace heddle
