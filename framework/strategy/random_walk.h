// SPDX-License-Identifier: MIT
//
// RandomWalk: each task decision uniformly at random among the tasks that can go on.
//
// Finds shallow bugs fast, but favours schedules with many early switches. Events from outside (a
// timeout while others can go on, a fault) come with probability 1/kRareEvery: taken as often as
// not, they would hide what the program does without them.

#pragma once

#include <cstdint>

#include "heddle/base/random.h"
#include "heddle/strategy/strategy.h"

namespace heddle {

// One in so many timeouts, signals and faults that may happen does happen in a sampled execution.
inline constexpr uint64_t kRareEvery = 8;

class RandomWalk final : public Strategy {
 public:
  RandomWalk(uint64_t seed, Bounds bounds) : random_(seed), bounds_(bounds) {}

  bool BeginExecution() override { return true; }
  Bounds ExecutionBounds() const override { return bounds_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& /*summary*/) override {}

 private:
  Random random_;
  Bounds bounds_;
};

namespace internal {

// Returns a value for `choice` as sampling strategies draw it.
uint32_t SampleValue(const ValueChoice& choice, Random* random);

// Returns one of the tasks among which a sampling strategy chooses now, each as likely as another.
TaskId SampleTask(const ChoicePoint& point, Random* random);

// Returns the alternatives among which a sampling strategy chooses now: the enabled ones, or,
// rarely or if there is no other, all. `*storage` keeps the set if it has to be made.
const TaskSet& SampleAlternatives(const ChoicePoint& point, Random* random, TaskSet* storage);

}  // namespace internal

}  // namespace heddle
