// SPDX-License-Identifier: MIT
//
// Runner: runs a body once under some strategy, with everything that belongs to an execution set
// up: memory, race detection, scheduling locations. What Explore, shrinking and replay all stand
// on.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/locations.h"
#include "heddle/explore/options.h"
#include "heddle/memory/fault_handler.h"
#include "heddle/strategy/strategy.h"

namespace heddle::internal {

// How closely an execution is watched.
enum class Watch : uint8_t {
  kSearch,  // Decisions only.
  kDigest,  // And a digest of all operations.
  kTrace,   // And all events.
};

// An execution with the tasks, stacks and tables that an earlier search left: searches may be many
// and short.
class SpareExecution {
 public:
  SpareExecution();
  ~SpareExecution();
  SpareExecution(const SpareExecution&) = delete;
  SpareExecution& operator=(const SpareExecution&) = delete;
  Execution& get() { return *execution_; }

 private:
  std::unique_ptr<Execution> execution_;
};

class Runner {
 public:
  // REQUIRES: no other runner lives: both would answer the same faults.
  Runner(const ExploreOptions& options, const std::function<void(Execution&)>& body);

  // Runs one execution of `strategy`, from BeginExecution to EndExecution.
  // REQUIRES: BeginExecution has returned true.
  ExecutionSummary Run(Strategy& strategy, Watch watch);

  // Whether the schedules to run are by trace (Strategy::IsByTrace). They are not by default.
  void set_by_trace(bool is_by_trace) { is_by_trace_ = is_by_trace; }
  bool is_by_trace() const { return is_by_trace_; }

  // Runs `decisions` once, and default continuations after their end.
  ExecutionSummary RunSchedule(const std::vector<Decision>& decisions, Watch watch);

  // Of the last execution.
  const std::optional<Failure>& failure() const { return execution_.failure(); }
  const Trace& trace() const { return execution_.recorder().trace(); }
  uint64_t digest() const { return execution_.recorder().digest(); }
  const Execution& execution() const { return execution_; }

  SchedulingLocations& locations() { return locations_; }
  const SchedulingLocations& locations() const { return locations_; }

  // Whether the last execution needed the clocks that were off: the search has to start over, and
  // will be watched then.
  bool was_unwatched() const { return was_unwatched_; }

  // Executions run so far, of whatever kind.
  uint64_t runs() const { return runs_; }

 private:
  const std::function<void(Execution&)>& body_;
  ExecutionOptions execution_options_;
  SchedulingLocations locations_;
  FaultHandler faults_;
  SpareExecution spare_;
  Execution& execution_ = spare_.get();
  uint64_t runs_ = 0;
  bool was_unwatched_ = false;
  bool is_by_trace_ = false;
};

}  // namespace heddle::internal
