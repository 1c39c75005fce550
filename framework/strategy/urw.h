// SPDX-License-Identifier: MIT
//
// Urw: uniform random walk. Each enabled task is chosen with a probability proportional to the
// steps it has left, so that each way to merge the tasks' steps is about equally likely.
//
// After Zhao, Wolff, Mathur, Roychoudhury: Selectively uniform concurrency testing (ASPLOS 2025).
// The plain random walk favours schedules in which all tasks advance alike; of two tasks with n
// steps each it takes "one after the other" with probability 2^-n, a uniform one with 1 in C(2n,n).
// The steps left count those of tasks that have yet to be spawned with whoever will spawn them, as
// in the paper.
//
// Departures: the paper is given the numbers of steps; here they are the means of the earlier
// executions of the same search that did not fail, by the name of the task and its number among the
// tasks of that name, and the first execution is a plain random walk. Steps are all scheduling
// points, not selected ones. A task that has taken more steps than expected counts as having one
// left, so a spinning one starves nobody.
//
// INVARIANT: a profile comes after that of its parent.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/base/random.h"
#include "heddle/strategy/strategy.h"

namespace heddle {

class Urw final : public Strategy {
 public:
  Urw(uint64_t seed, Bounds bounds) : random_(seed), bounds_(bounds) {}

  bool BeginExecution() override;
  Bounds ExecutionBounds() const override { return bounds_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& summary) override;
  StepLog* Steps() override { return &log_; }

  // Returns the weight that `task` has in the execution under way, in parts of kStep: the steps it
  // is expected to have left, at least one. REQUIRES: the task was there at the last choice point.
  uint64_t Weight(const Execution& execution, TaskId task) const;

  // The weight of one step; means have fractions.
  static constexpr int64_t kStep = 64;

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};

  // What is known of a task, across executions.
  struct Profile {
    uint32_t parent = kNone;
    uint64_t executions = 0;  // In which it was there to the end.
    uint64_t steps = 0;       // In all of these.
    int64_t left = kStep;     // Expected in one execution in which it exists.
    int64_t unborn = 0;       // The part of `left` that is its descendants'.
    int64_t share = 0;        // Expected in any execution, descendants included.
  };
  struct Namesakes {
    std::vector<uint32_t> profiles;  // By order of spawning.
    size_t there = 0;                // How many of them are in the execution under way.
  };
  struct Present {
    uint32_t profile = 0;
    int64_t budget = kStep;  // At its spawning, less what children took over since.
  };

  void MeetTasks(const Execution& execution);
  void Meet(std::string_view name, TaskId parent);
  uint32_t FindProfile(std::string_view name, uint32_t parent);
  void Expect();

  Random random_;
  Bounds bounds_;
  StepLog log_;
  std::vector<Profile> profiles_;
  std::map<std::string, Namesakes, std::less<>> names_;
  uint64_t executions_ = 0;  // Learnt from.
  // Of the execution under way.
  const Execution* execution_ = nullptr;
  size_t seen_ = 0;               // Steps of the log that have been looked at.
  std::vector<Present> present_;  // By task id.
};

}  // namespace heddle
