// SPDX-License-Identifier: MIT
//
// Environment: what the variables around a test program override about its explorations, so that CI
// replays a seed or a schedule without a rebuild.
//
//   HEDDLE_SCHEDULE=w1:...    run this one schedule of the test it names, and skip all others
//   HEDDLE_SEED=7             sample from this seed, by a portfolio or as the test does
//   HEDDLE_EXECUTIONS=1000    stop each search after so many executions
//   HEDDLE_TIME=30            stop each search after so many seconds
//
// Under an override pins are not asserted: a test fails if and only if a failure is found.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "heddle/base/result.h"
#include "heddle/core/schedule.h"
#include "heddle/explore/options.h"

namespace heddle {

struct Environment {
  std::optional<Schedule> schedule;
  std::optional<uint64_t> seed;
  std::optional<uint64_t> executions_max;
  std::optional<double> seconds_max;

  // Whether anything is overridden.
  bool overrides() const { return schedule || seed || executions_max || seconds_max; }

  // Changes `options` accordingly. Returns false if the exploration is to be skipped, because the
  // schedule is for another one.
  bool Apply(ExploreOptions* options) const;
};

// Returns the value of a variable, or null; as getenv does.
using VariableLookup = std::function<const char*(const char* name)>;

// Reads the four variables; one that is set to nothing is not set. The error names the variable.
Result<Environment> ReadEnvironment(const VariableLookup& lookup);

}  // namespace heddle
