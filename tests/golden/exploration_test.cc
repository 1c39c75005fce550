// SPDX-License-Identifier: MIT
//
// Reports of real explorations of small programs, byte for byte, and the promise that a search and
// the replay of its schedule tell the same story.

#include <doctest/doctest.h>

#include <string>

#include "heddle/explore/explore.h"
#include "heddle/report/failure_report.h"
#include "tests/golden/golden.h"
#include "tests/golden/programs.h"

namespace heddle {
namespace {

std::string ReportOf(const ExplorationResult& result) {
  REQUIRE(result.findings.size() == 1);
  const Finding& finding = result.findings[0];
  return FailureReport(result, finding,
                       {.noun = "scenario",
                        .place = "tests/golden/programs.cc",
                        .replay_command = ReplayByProgram(finding.schedule)});
}

// Explores, replays what is found, and compares the report with its golden file.
void CheckReport(const std::string& file, ExploreOptions options, const Body& body,
                 FailureKind kind) {
  const ExplorationResult found = Explore(options, body);
  REQUIRE(found.findings.size() == 1);
  CHECK(found.findings[0].failure.kind == kind);
  CHECK(golden::Difference(file, ReportOf(found)) == "");
  if (kind == FailureKind::kNondeterminism) return;

  options.strategy = StrategyKind::kReplay;
  options.schedule = found.findings[0].schedule;
  const ExplorationResult replayed = Explore(options, body);
  REQUIRE(replayed.findings.size() == 1);
  CHECK(replayed.divergence == "");
  CHECK(EvidenceText(replayed.findings[0]) == EvidenceText(found.findings[0]));
}

constexpr Bounds kTwo{.preemptions = 2, .faults = 1};

TEST_CASE("a deadlock of two tasks shows both columns, the cycle and the order of locks") {
  CheckReport("two_locks.txt", {.name = "golden/two_locks@default", .bounds = kTwo},
              golden::TwoLocks, FailureKind::kDeadlock);
}

TEST_CASE("a random search names its seed, and what is left of its schedule") {
  CheckReport("two_locks_random.txt",
              {.name = "golden/two_locks@default", .strategy = StrategyKind::kRandom, .seed = 3},
              golden::TwoLocks, FailureKind::kDeadlock);
}

TEST_CASE("PCT states what it promises") {
  CheckReport("two_locks_pct.txt",
              {.name = "golden/two_locks@default",
               .strategy = StrategyKind::kPct,
               .seed = 3,
               .bug_depth = 2},
              golden::TwoLocks, FailureKind::kDeadlock);
}

TEST_CASE("a task that waits for itself is a cycle of one") {
  CheckReport("lock_twice.txt", {.name = "golden/lock_twice@default", .bounds = kTwo},
              golden::LockTwice, FailureKind::kRecursiveDeadlock);
}

TEST_CASE("a cycle of three names each order that is part of it") {
  CheckReport("philosophers.txt", {.name = "golden/philosophers@default", .bounds = kTwo},
              golden::Philosophers, FailureKind::kDeadlock);
}

TEST_CASE("a hang names the dead owner and what it still holds") {
  CheckReport("dead_owner.txt", {.name = "golden/dead_owner@default", .bounds = kTwo},
              golden::DeadOwner, FailureKind::kHang);
}

TEST_CASE("an invariant is reported by its property and sentence, with the fault that it takes") {
  CheckReport("transfer.txt", {.name = "golden/transfer@default", .bounds = kTwo}, golden::Transfer,
              FailureKind::kInvariant);
}

TEST_CASE("an assertion is reported with its condition") {
  CheckReport("lost_update.txt", {.name = "golden/lost_update@default", .bounds = kTwo},
              golden::LostUpdate, FailureKind::kAssertion);
}

TEST_CASE("misuse of a primitive says which rule was broken where") {
  CheckReport("unlock_twice.txt", {.name = "golden/unlock_twice@default", .bounds = kTwo},
              golden::UnlockTwice, FailureKind::kMisuse);
}

TEST_CASE("an execution that never ends is shown by its ends") {
  CheckReport(
      "spin_for_ever.txt",
      {.name = "golden/spin_for_ever@default", .bounds = kTwo, .limits = {.steps_max = 500}},
      golden::SpinForEver, FailureKind::kStepLimit);
}

TEST_CASE("an exception that leaves a task is quoted") {
  CheckReport("uncaught.txt", {.name = "golden/throw@default", .bounds = kTwo}, golden::Throw,
              FailureKind::kUncaughtException);
}

TEST_CASE("a program that remembers earlier executions is shown where two runs differ") {
  CheckReport("forgetful.txt", {.name = "golden/forgetful@default", .bounds = kTwo},
              golden::Forgetful, FailureKind::kNondeterminism);
}

}  // namespace
}  // namespace heddle
