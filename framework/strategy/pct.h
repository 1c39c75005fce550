// SPDX-License-Identifier: MIT
//
// Pct: probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS
// 2010).
//
// Each task gets a random priority, the highest enabled one runs, and at d - 1 random steps the
// running task falls below all others. With n tasks and k steps an execution shows a given bug of
// depth d with probability at least 1 / (n k^(d-1)).
//
// Departures from the paper: n and k are the largest seen in earlier executions (the first one is
// run without change points for that); priorities are drawn when a task first shows up, so tasks
// may be spawned at any time; a change point takes effect at the first choice point at or after its
// step.
//
// Priorities alone let a spinning task starve the one it waits for. So a task that gives way falls
// below all others, and an execution of more than k steps goes on as a random walk: its fair tail.
// Tails lengthen executions, and k with them; it is kept below kLengthRatio times the shortest
// execution, so that it does not creep up without end.
//
// INVARIANT: tasks that fell at a change point rank below all others, the latest lowest.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/base/random.h"
#include "heddle/strategy/strategy.h"

namespace heddle {

class Pct final : public Strategy {
 public:
  // REQUIRES: bug_depth >= 1.
  Pct(uint64_t seed, uint32_t bug_depth, Bounds bounds);

  bool BeginExecution() override;
  Bounds ExecutionBounds() const override { return bounds_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& summary) override;
  std::string ScheduleNote() const override;

  // An execution is expected to be at most so many times as long as the shortest one.
  static constexpr uint64_t kLengthRatio = 8;
  // Steps before the fair tail of an execution of which nothing is known.
  static constexpr uint64_t kPatience = 256;

  // Returns the largest numbers of tasks and steps learnt so far.
  uint64_t tasks() const { return tasks_; }
  uint64_t steps() const { return steps_; }

 private:
  uint64_t PriorityOf(TaskId task);
  void Demote(TaskId task);

  Random random_;
  uint32_t bug_depth_;
  Bounds bounds_;
  uint64_t tasks_ = 0;
  uint64_t steps_ = 0;
  uint64_t shortest_ = 0;  // Steps of the shortest execution that did not fail; 0: there is none.
  // Of the execution under way.
  uint64_t tasks_used_ = 0;
  uint64_t steps_used_ = 0;
  uint64_t lowest_ = 0;
  size_t next_change_ = 0;
  std::vector<uint64_t> change_points_;  // Ascending.
  std::vector<uint64_t> priorities_;     // By task id; 0 for one not drawn yet.
};

}  // namespace heddle
