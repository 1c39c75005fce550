// SPDX-License-Identifier: MIT
//
// Portfolio: samples by several strategies in turn, and gives the executions to the one that still
// finds new classes of schedules. The one to take if nothing is known of the program.
//
// After the multi-armed view of fuzzing as species discovery (Boehme, Manes, Cha: Boosting fuzzer
// efficiency, FSE 2020; Boehme: STADS, TOSEM 2018): the arms are random walk, PCT, POS and the
// uniform walk; a species is a class of schedules that differ only in the order of independent
// steps, known by its fingerprint; the next execution goes to the arm with the largest share of
// classes that no other execution has shown, by Good and Turing's estimate.
//
// Departures: the estimate counts what is new to the whole portfolio, not to the arm alone; each
// arm has a few executions before estimates count, and one more class to its credit than it showed,
// so that none is given up for good.
//
// Stops by itself when, with a likelihood of 19 in 20, less than one execution in kEnough would be
// of a new class. That says how much of what these samplers do was seen, and nothing about
// schedules that they hardly ever take: the search never counts as complete.
//
// INVARIANT: which arm comes next depends on the seed and the executions before, on no clock.

#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "heddle/strategy/census.h"
#include "heddle/strategy/fingerprint.h"
#include "heddle/strategy/strategy.h"

namespace heddle {

class Portfolio final : public Strategy {
 public:
  // REQUIRES: bug_depth >= 1, for PCT.
  Portfolio(uint64_t seed, uint32_t bug_depth, Bounds bounds);

  bool BeginExecution() override;
  Bounds ExecutionBounds() const override { return bounds_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& summary) override;
  StepLog* Steps() override;
  std::string ScheduleNote() const override;

  // Executions that each arm has before estimates count.
  static constexpr uint64_t kTrials = 8;
  static constexpr uint64_t kEnough = 1000;

  const Census& census() const { return census_; }

  // Says what was seen, what share of schedules was probably not, and by whom. Empty before the
  // first execution.
  std::string Statement() const;

 private:
  static constexpr size_t kArms = 4;

  struct Arm {
    std::string_view name;
    std::unique_ptr<Strategy> strategy;
  };

  size_t NextArm() const;

  Bounds bounds_;
  std::array<Arm, kArms> arms_;
  size_t arm_ = 0;  // Of the execution under way.
  StepLog log_;     // For arms without one of their own.
  Fingerprint fingerprint_;
  Census census_;
};

}  // namespace heddle
