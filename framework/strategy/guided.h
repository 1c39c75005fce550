// SPDX-License-Identifier: MIT
//
// Guided: follows a list of deviations from the default schedule, each tied to a place in the life
// of a task.
//
// A deviation says "when task A has taken k steps, go on with B" or "the n-th value chosen by A is
// v". Other than a list of decisions by number it keeps its meaning when another deviation is left
// out, which is what shrinking needs (delta debugging, Zeller and Hildebrandt 2002, over deviations
// instead of decisions).
//
// A deviation whose place is not reached, or whose task cannot run there, is skipped; applied()
// lists the others.

#pragma once

#include <cstdint>
#include <vector>

#include "heddle/strategy/strategy.h"

namespace heddle {

enum class DeviationKind : uint8_t {
  kPreemption,  // Leaves a task that could go on.
  kSwitch,      // Another choice of the next task where the running one cannot go on.
  kExpiry,      // Ends a wait early.
  kFault,       // A fault site fails.
  kValue,       // A free choice other than 0.
};

struct Deviation {
  DeviationKind kind = DeviationKind::kPreemption;
  TaskId at;           // The task that took the last step, or that chooses the value.
  uint64_t count = 0;  // Its steps so far, or its earlier value choices.
  uint32_t value = 0;  // The task to go on with, or the value.
  uint64_t step = 0;   // Of the execution it was last applied in, for reports.

  bool SamePlace(const Deviation& other) const;
};

class Guided final : public Strategy {
 public:
  explicit Guided(std::vector<Deviation> deviations) : deviations_(std::move(deviations)) {}

  // Follows `decisions` by number instead, so that applied() tells what they deviate in.
  static Guided Recording(std::vector<Decision> decisions);

  bool BeginExecution() override { return true; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& /*summary*/) override {}

  // The deviations that took effect, in order.
  const std::vector<Deviation>& applied() const { return applied_; }

 private:
  const Deviation* Find(const Deviation& place) const;
  uint64_t CountValueChoice(TaskId task);

  std::vector<Deviation> deviations_;
  std::vector<Deviation> applied_;
  std::vector<uint64_t> value_choices_;  // By task id.
  bool is_recording_ = false;
  std::vector<Decision> decisions_;
  size_t next_decision_ = 0;
};

}  // namespace heddle
