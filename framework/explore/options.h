// SPDX-License-Identifier: MIT
//
// ExploreOptions: what to search, how far, and what counts as a finding. An aggregate with
// defaults, to be filled with designated initialisers:
//
//   heddle::Explore({.bounds = {.preemptions = 2, .faults = 1}}, body);

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "heddle/core/choice.h"
#include "heddle/core/limits.h"
#include "heddle/core/schedule.h"

namespace heddle {

enum class StrategyKind : uint8_t {
  kExhaustive,  // Depth first, bound by bound.
  kDpor,        // One schedule per Mazurkiewicz trace, any number of preemptions.
  kRandom,      // Each decision uniformly at random.
  kPct,         // Probabilistic concurrency testing.
  kPos,         // Partial order sampling.
  kUrw,         // Each way to merge the tasks' steps about equally likely.
  kDelay,       // All schedules, by the number of delays.
  kPortfolio,   // Random, PCT, POS and URW, whichever still shows new classes of schedules.
  kReplay,      // One given schedule.
};

// What a data race in plain accesses is.
enum class RacePolicy : uint8_t {
  kLocate,  // Not a finding; its location becomes a scheduling point.
  kReport,  // Both a finding and a scheduling point.
};

// What memory that is live and unreachable at the end is.
enum class LeakPolicy : uint8_t { kReport, kIgnore };

// What an order of locks is that could deadlock in another schedule.
enum class LockOrderPolicy : uint8_t {
  kIgnore,
  kReport,  // A finding, at the acquire that contradicts an earlier one (detect/lock_order.h).
};

struct Progress {
  uint64_t executions = 0;
  uint64_t extra_executions = 0;
  double seconds = 0;
  Bounds level;  // What is being searched now.
  size_t failures = 0;
};

struct ExploreOptions {
  // Stands in the schedule: scenario@variant, or what a test calls this exploration. In a test
  // program one without a name gets that of its test case, the second one in a case with "@2" after
  // it.
  std::string name = "test";
  StrategyKind strategy = StrategyKind::kExhaustive;
  // Exhaustive: searched level by level up to these. Others: never exceeded.
  Bounds bounds;
  // Most executions to count; 0 for no limit. Random strategies stop at 1000 if neither this nor
  // `seconds_max` is set, the portfolio at 10,000; it may stop earlier by itself.
  uint64_t executions_max = 0;
  // Longest wall time to search, in seconds; 0 for no limit. Never influences a decision.
  double seconds_max = 0;
  uint64_t seed = 0;
  // Most delays of a delay-bounded search.
  uint32_t delays = kUnbounded;
  // PCT's bug depth d: d - 1 priority change points per execution. At least 1.
  uint32_t bug_depth = 3;
  Limits limits;
  std::map<std::string, int64_t, std::less<>> parameters;
  // Go on after a failure and collect the distinct ones.
  bool keep_going = false;
  RacePolicy races = RacePolicy::kReport;
  LeakPolicy leaks = LeakPolicy::kReport;
  LockOrderPolicy lock_order = LockOrderPolicy::kIgnore;
  // The first executions are run twice and compared; a difference is the finding kNondeterminism.
  uint32_t determinism_checks = 3;
  // For kReplay.
  Schedule schedule;
  // Called now and then, never from a task.
  std::function<void(const Progress&)> on_progress;
};

}  // namespace heddle
