// SPDX-License-Identifier: MIT

#include "heddle/explore/runner.h"

#include <utility>

#include "heddle/detect/lock_order.h"
#include "heddle/memory/task_memory.h"
#include "heddle/strategy/replay.h"

namespace heddle::internal {

static std::unique_ptr<Execution>& Spare() {
  static std::unique_ptr<Execution> spare;
  return spare;
}

SpareExecution::SpareExecution() : execution_(std::move(Spare())) {
  if (execution_ == nullptr) execution_ = std::make_unique<Execution>();
}

SpareExecution::~SpareExecution() {
  Spare() = std::move(execution_);
}

Runner::Runner(const ExploreOptions& options, const std::function<void(Execution&)>& body)
    : body_(body) {
  execution_options_.limits = options.limits;
  execution_options_.parameters = options.parameters;
  execution_options_.locations = &locations_;
  execution_options_.observer = &TaskMemory::Instance();
  TaskMemory::Instance().set_policy({.report_races = options.races == RacePolicy::kReport,
                                     .report_leaks = options.leaks == LeakPolicy::kReport});
  LockOrder::Instance().set_enabled(options.lock_order == LockOrderPolicy::kReport);
  for (const std::string& location : options.schedule.racy_locations) locations_.Add(location);
}

ExecutionSummary Runner::Run(Strategy& strategy, Watch watch) {
  ++runs_;
  execution_options_.tracing = watch == Watch::kTrace;
  execution_options_.digesting = watch != Watch::kSearch;
  LockOrder::Instance().Reset();
  const ExecutionSummary summary = execution_.Run(strategy, body_, execution_options_);
  strategy.EndExecution(summary);
  // A program that makes no plain access needs no vector clocks. Should it make one later, they are
  // switched on.
  const bool needs_clocks =
      TaskMemory::Instance().saw_accesses() || execution_.happens_before().is_demanded();
  was_unwatched_ = needs_clocks && !execution_options_.happens_before;
  execution_options_.happens_before =
      needs_clocks || (execution_options_.happens_before && runs_ > 1);
  return summary;
}

ExecutionSummary Runner::RunSchedule(const std::vector<Decision>& decisions, Watch watch) {
  Replay replay(decisions, is_by_trace_);
  replay.BeginExecution();
  return Run(replay, watch);
}

}  // namespace heddle::internal
