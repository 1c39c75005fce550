// SPDX-License-Identifier: MIT
//
// Dpor: optimal dynamic partial-order reduction. Explores one execution per Mazurkiewicz trace.
//
// After Abdulla, Aronsson, Jonsson, Sagonas: Optimal dynamic partial order reduction (POPL 2014),
// and Source sets (JACM 2017): after each execution its races are reversed; a reversal goes into
// the wakeup tree of the point before the earlier step of the race, unless a task that sleeps
// there, or a path of that tree, covers it.
//
// Departures:
//   - Locks: the race is between two acquires; a release only orders. Operations that wait for
//   another task's step
//     are tried in reverse like all others; where the reversed sequence turns out infeasible the
//     execution is given up (blocked()), which costs time and loses nothing.
//   - Value choices belong to the step of the task that makes them: all values are explored below
//   each step, depth
//     first. A sleeping task stands for all its values.
//   - After a failure the operations that tasks stand at are raced as well, for the execution was
//   cut short.
//
// Sound for final states, failures and deadlocks; not for properties of single intermediate states,
// which the caller has to refuse.
//
// INVARIANT: node i describes the state before step i of the current execution; nodes below the top
// have their task fixed until everything behind them is explored.

#pragma once

#include <cstdint>
#include <vector>

#include "heddle/strategy/dependence.h"
#include "heddle/strategy/strategy.h"
#include "heddle/strategy/wakeup_tree.h"

namespace heddle {

class Dpor final : public Strategy {
 public:
  // REQUIRES: bounds.preemptions is kUnbounded. A bound on faults is a property of traces and
  // allowed.
  explicit Dpor(Bounds bounds);

  bool BeginExecution() override;
  std::span<const Decision> Prefix() const override { return prefix_; }
  Bounds ExecutionBounds() const override { return bounds_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& summary) override;
  bool IsRepetition() const override { return was_blocked_; }
  bool IsComplete() const override { return true; }
  StepLog* Steps() override { return &log_; }

  // Executions given up because a reversed race turned out infeasible, or led to what was explored
  // already.
  uint64_t blocked() const { return blocked_; }

 private:
  struct Sleeper {
    TaskId task;
    std::vector<StepAccess> accesses;
  };
  // One value that a step chose.
  struct ValueNode {
    uint32_t value = 0;
    uint32_t bound = 0;
    uint32_t tried = 1;      // How many values were tried, this one included.
    uint32_t preferred = 0;  // The one tried first.
    uint32_t decision = 0;   // Its number among the decisions.
  };
  struct Node {
    TaskId task;
    bool is_choice = false;  // The strategy was asked; else only `task` could go on.
    std::vector<Sleeper> sleep;
    WakeupTree wakeups;
    std::vector<ValueNode> values;
    std::vector<StepAccess> explored;  // Accesses of `task`'s step, with all values so far.
  };

  void FollowForcedSteps();
  void OpenNode(TaskId task);
  std::vector<Sleeper> SleepAfter(size_t step) const;
  bool IsAsleep(const Node& node, TaskId task) const;
  TaskId Pick(const ChoicePoint& point, Node* node);
  void ReverseRaces();
  void Reverse(size_t first, const WakeupStep& second, size_t second_index);
  bool IsCovered(const Node& node, const WakeupTree::Sequence& sequence) const;
  WakeupStep StepOf(size_t index) const;
  void Backtrack();
  bool TryNextValue(Node* node);
  void Resume(size_t step, uint32_t decisions);

  Bounds bounds_;
  StepLog log_;
  DependenceOrder order_;
  std::vector<Node> nodes_;
  WakeupTree pending_;                    // What the next new node has to explore first.
  std::vector<uint32_t> pending_values_;  // What the step under way has to choose first.
  size_t next_pending_value_ = 0;
  size_t unchanged_ = 0;  // Steps that are those of the execution before.
  bool resuming_task_ = false;
  bool resuming_value_ = false;
  bool gave_up_ = false;
  bool was_blocked_ = false;
  bool started_ = false;
  bool done_ = false;
  uint64_t blocked_ = 0;
  std::vector<Decision> prefix_;
  std::vector<Decision> decisions_;
};

}  // namespace heddle
