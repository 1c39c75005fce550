// SPDX-License-Identifier: MIT
//
// Pos: partial order sampling (Yuan, Yang, Gu: Partial order aware concurrency sampling, CAV 2018).
//
// Each pending operation has a random priority of its own, and the highest one is performed. When
// an operation has been performed, those that it races with get new priorities: what was learnt of
// an operation by losing to this one says nothing about its order with the ones to come. No
// parameter; spinning tasks draw anew with each operation and starve nobody.
//
// Departures from the paper: priorities are drawn when they are first compared, which is the same
// distribution; operations race if they touch one object that one of them writes, so an acquire
// races with those that wait for the lock, and a release, which is no operation of its own, with
// none; events from outside are rare, as in the random walk.
//
// INVARIANT: a priority that is not 0 belongs to the operation that its task stands at, and no
// operation that races with it was performed since it was drawn.

#pragma once

#include <cstdint>
#include <vector>

#include "heddle/base/random.h"
#include "heddle/strategy/strategy.h"

namespace heddle {

class Pos final : public Strategy {
 public:
  Pos(uint64_t seed, Bounds bounds) : random_(seed), bounds_(bounds) {}

  bool BeginExecution() override;
  Bounds ExecutionBounds() const override { return bounds_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& /*summary*/) override {}

  // Returns the priority that was last drawn for an operation of `task`, or 0 if what it stands at
  // has lost its own.
  uint64_t Priority(TaskId task) const {
    return task.value < drawn_.size() ? drawn_[task.value].priority : 0;
  }

 private:
  struct Drawn {
    uint64_t priority = 0;
    uint64_t steps = 0;  // Of its task, by which an operation is known.
  };

  void ForgetRacing(const Execution& execution, TaskId performing);
  uint64_t PriorityOf(const Execution& execution, TaskId task);

  Random random_;
  Bounds bounds_;
  std::vector<Drawn> drawn_;  // By task id.
};

}  // namespace heddle
