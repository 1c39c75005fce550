// SPDX-License-Identifier: MIT
//
// ExplorationResult: what a search covered and what it found.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "heddle/core/choice.h"
#include "heddle/core/failure.h"
#include "heddle/core/schedule.h"
#include "heddle/core/trace.h"
#include "heddle/strategy/exhaustive.h"

namespace heddle {

// What ended a search before it was done.
enum class StoppedBy : uint8_t { kNothing, kExecutions, kTime, kFailure };

// One failure with the schedule that shows it.
struct Finding {
  Failure failure;
  Schedule schedule;
  Trace trace;
  uint64_t execution = 0;  // Number of the execution that failed, from 1; counts `executions` only.
  uint32_t preemptions = 0;
  uint32_t faults = 0;
  uint64_t steps = 0;
  // Levels searched before this failure was found, for the report; empty if the search has none.
  std::vector<LevelResult> levels;
  // For each preemption and fault that is left: what happens without it. Filled where the search
  // did not make the schedule minimal by itself.
  std::vector<std::string> necessity;
};

struct ExplorationResult {
  std::string name;
  std::string strategy;
  uint64_t seed = 0;
  Bounds bounds;
  std::map<std::string, int64_t, std::less<>> parameters;
  // Distinct complete executions of the final round, each counted once.
  uint64_t executions = 0;
  // All others: determinism checks, re-runs for tracing and shrinking, repetitions at higher
  // bounds, rounds given up.
  uint64_t extra_executions = 0;
  // Scheduling points passed in `executions`.
  uint64_t steps = 0;
  // Wall time of the whole exploration.
  double seconds = 0;
  // Every execution within the bounds was run, at the final set of scheduling locations.
  bool exhausted = false;
  StoppedBy stopped_by = StoppedBy::kNothing;
  std::vector<LevelResult> levels;
  // PCT's; 0 for other strategies.
  uint32_t bug_depth = 0;
  // PCT's k: how many steps of an execution its promise covers.
  uint64_t steps_covered = 0;
  // Of a delay-bounded search; its levels are those with 0, 1, ... delays.
  uint32_t delays = kUnbounded;
  // Most tasks and steps that a counted execution had.
  uint64_t tasks_max_seen = 0;
  uint64_t steps_max_seen = 0;
  // Distinct failures in the order found; at most one unless the search kept going.
  std::vector<Finding> findings;
  std::vector<std::string> warnings;
  std::vector<std::string> racy_locations;
  // Replays only: the events of the one execution, and where and why the schedule does not fit the
  // program ("decision 5: the schedule runs T2, but T2 is blocked on conn->lock"), or an empty
  // text.
  Trace trace;
  std::string divergence;
  // What the program did that the strategy cannot explore, as a sentence; the search ended there.
  std::string refusal;
  // Nothing was run: whoever runs the test asked for another one (see Interceptor).
  bool skipped = false;

  // The first failure, or null.
  const Failure* failure() const { return findings.empty() ? nullptr : &findings.front().failure; }
};

}  // namespace heddle
