// SPDX-License-Identifier: MIT
//
// Replay: follows the decisions of a schedule once, and goes on without preemptions or faults after
// its end.
//
// A program that does not offer a decision of the schedule ends as kNondeterminism, naming the
// decision.

#pragma once

#include <span>
#include <utility>
#include <vector>

#include "heddle/strategy/strategy.h"

namespace heddle {

class Replay final : public Strategy {
 public:
  explicit Replay(std::vector<Decision> decisions, bool is_by_trace = false)
      : decisions_(std::move(decisions)), is_by_trace_(is_by_trace) {}

  bool BeginExecution() override { return !std::exchange(done_, true); }
  std::span<const Decision> Prefix() const override { return decisions_; }
  TaskId ChooseTask(const ChoicePoint& point) override { return point.preferred; }
  uint32_t ChooseValue(const ValueChoice& /*choice*/) override { return 0; }
  void EndExecution(const ExecutionSummary& /*summary*/) override {}

  bool IsByTrace() const override { return is_by_trace_; }

  // Lets the same schedule be followed once more.
  void Rewind() { done_ = false; }

 private:
  std::vector<Decision> decisions_;
  bool is_by_trace_;  // What a strategy found that is (strategy.h).
  bool done_ = false;
};

}  // namespace heddle
