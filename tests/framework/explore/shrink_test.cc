// SPDX-License-Identifier: MIT
//
// Shrinking: what is left is needed, what is not needed is gone, and the failure stays the same
// one. By random searches over a program whose smallest failing schedule is known.

#include "heddle/explore/shrink.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/strategy/guided.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

// Fails if the writer's two stores are torn by the reader, and the reader's allocation fails. Two
// bystanders add switches that do not matter.
void TornUnderFault(Execution& execution) {
  Atomic<int> x{0, "x"};
  Atomic<int> y{0, "y"};
  Atomic<int> noise{0, "noise"};
  for (int i = 0; i < 2; ++i) {
    execution.Spawn("bystander", [&] {
      for (int k = 0; k < 4; ++k) noise.store(k);
    });
  }
  execution.Spawn("writer", [&] {
    x.store(1);
    y.store(1);
  });
  execution.Spawn("reader", [&] {
    const bool failed = execution.MayFail("kmalloc");
    if (x.load() != y.load() && failed) {
      Execution::Current().Fail({.kind = FailureKind::kAssertion, .title = "torn"});
    }
  });
  execution.JoinAll();
}

TEST_CASE("a random failure is reduced to the one preemption and the one fault that it needs") {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const ExplorationResult result =
        Explore({.strategy = StrategyKind::kRandom, .executions_max = 100'000, .seed = seed},
                TornUnderFault);
    REQUIRE(result.findings.size() == 1);
    const Finding& finding = result.findings[0];
    CHECK(finding.failure.title == "torn");
    CHECK(finding.faults == 1);
    CHECK(finding.preemptions >= 1);
    CHECK(finding.preemptions <= 2);
    bool fault_is_necessary = false;
    for (const std::string& line : finding.necessity) {
      fault_is_necessary |= line.starts_with("The fault in step ") &&
                            line.ends_with("is necessary: without it the schedule passes.");
    }
    CHECK(fault_is_necessary);
  }
}

TEST_CASE("no deviation of a shrunk schedule can be left out") {
  const ExplorationResult result = Explore(
      {.strategy = StrategyKind::kRandom, .executions_max = 100'000, .seed = 3}, TornUnderFault);
  REQUIRE(result.findings.size() == 1);
  const std::vector<Decision>& decisions = result.findings[0].schedule.decisions;
  const Body body = TornUnderFault;
  internal::Runner runner({}, body);
  Guided recording = Guided::Recording(decisions);
  REQUIRE(runner.Run(recording, internal::Watch::kSearch).failed);
  for (size_t i = 0; i < recording.applied().size(); ++i) {
    std::vector<Deviation> fewer = recording.applied();
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    Guided guided(fewer);
    CHECK_FALSE(runner.Run(guided, internal::Watch::kSearch).failed);
  }
}

TEST_CASE("a schedule that does not fail as said is left alone") {
  const Body body = [](Execution&) {};
  internal::Runner runner({}, body);
  const std::vector<Decision> decisions;
  const internal::Shrunk shrunk = internal::Shrink(&runner, decisions, "deadlock||nothing");
  CHECK(shrunk.decisions.empty());
  CHECK(shrunk.necessity.empty());
}

}  // namespace
}  // namespace heddle
