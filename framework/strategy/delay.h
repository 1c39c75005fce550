// SPDX-License-Identifier: MIT
//
// Delay: delay-bounded search (Emmi, Qadeer, Rakamaric: Delay-bounded scheduling, POPL 2011). All
// schedules with no delay first, then those with exactly one, and so on.
//
// Without delays the schedule is the default one: a task goes on as long as it can, then the next
// one in the order of spawning, round and round. A delay passes over the task whose turn it is, so
// that going on with the k-th one after it costs k. There are fewer schedules within a bound than
// with as many preemptions, for a preemption may go to any task.
//
// Departures from the paper: an event from outside (a fault, a timeout or signal while some task
// can go on) counts as one delay, so that the first failure has the fewest deviations of any kind;
// free choices of the environment cost nothing. Each level is a depth-first pass of its own that
// meets the executions of smaller levels again (IsRepetition), as in Exhaustive. Bounds on
// preemptions and faults hold besides.
//
// Complete within the bound on delays; without one, the search ends with the level that leaves out
// nothing, and is complete.
//
// INVARIANT: the costs of all choices on the stack sum up to at most the level.

#pragma once

#include <cstdint>
#include <vector>

#include "heddle/strategy/exhaustive.h"
#include "heddle/strategy/strategy.h"

namespace heddle {

class Delay final : public Strategy {
 public:
  // At most `delays` delays, or kUnbounded.
  Delay(uint32_t delays, Bounds bounds);

  bool BeginExecution() override;
  std::span<const Decision> Prefix() const override;
  Bounds ExecutionBounds() const override { return bounds_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& summary) override;

  // Returns whether the execution that just ended has fewer delays than the level, and was counted
  // before.
  bool IsRepetition() const override { return is_repetition_; }
  bool IsComplete() const override { return true; }

  // What each level came to. The bounds in it are those of the whole search.
  const std::vector<LevelResult>& levels() const { return levels_; }

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};

  // What the choice on the stack costs, and the number of the alternative to be tried after it.
  struct Choice {
    uint32_t cost = 0;
    uint32_t next = kNone;
  };

  template <class Question>
  uint32_t Take(const Question& question);

  uint32_t delays_;
  Bounds bounds_;
  bool in_level_ = false;
  bool cut_ = false;  // Some alternative of this level would have cost too much.
  bool is_repetition_ = false;
  // Whether the choice at the top of the stack is the next one to be changed.
  bool resuming_ = false;
  size_t depth_ = 0;
  uint32_t spent_ = 0;  // By the choices below depth_.
  std::vector<Choice> stack_;
  std::vector<Decision> prefix_;  // Of equal size.
  std::vector<LevelResult> levels_;
};

}  // namespace heddle
