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
//   - An operation that may block is raced with all that was done to its object since its task came
//     there (dependence.h). A reversal that turns out infeasible is dropped, and the execution
//     given up if nothing new is left (blocked()): that costs time and loses nothing.
//   - Value choices belong to the step of the task that makes them: all values are explored below
//     each step, depth first. A sleeping task stands for all its values.
//   - A wait that a deadline or a signal could end is tried at each point where it could.
//   - After a failure the execution is cut short. The operations that tasks stand at are raced as
//     well; and what tasks that could have gone on would have done is not known, so they are tried
//     at every point where they could.
//
// Sound for final states, failures and deadlocks; not for properties of single intermediate states,
// nor for yields and spurious failures: the execution refuses those (step_log.h).
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
  bool IsByTrace() const override { return true; }
  StepLog* Steps() override { return &log_; }
  const char* Refusal() const override { return log_.refusal(); }

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
    std::vector<TaskId> alternatives;
    std::vector<Sleeper> sleep;
    WakeupTree wakeups;
    // What to explore first where the step takes other values than the first time.
    std::vector<WakeupTree::Branch> other_values;
    std::vector<ValueNode> values;
    std::vector<StepAccess> explored;  // Accesses of `task`'s step, with all values so far.
  };

  void FollowForcedSteps();
  void OpenNode(TaskId task);
  std::vector<Sleeper> SleepAfter(size_t step) const;
  bool IsAsleep(const Node& node, TaskId task) const;
  TaskId Pick(const ChoicePoint& point, Node* node);
  static bool IsOffered(const Node& node, TaskId task);
  void TryEndsOfWaits(const ChoicePoint& point, Node* node);
  void TryEverywhere(const StepLog::Waiting& cut_short);
  void ReverseRaces();
  void ReverseRacesOfWaiting();
  void Reverse(size_t first, const WakeupStep& second, size_t second_index);
  bool IsCovered(const Node& node, const WakeupTree::Sequence& sequence) const;
  WakeupStep StepOf(size_t index) const;
  void Backtrack();
  void TakePending(Node* node, WakeupTree* tree);
  bool TryNextValue(Node* node);
  void ResumeValue(Node* node);
  void Resume(size_t step, uint32_t decisions);

  Bounds bounds_;
  StepLog log_;
  DependenceOrder order_;
  std::vector<Node> nodes_;
  WakeupTree::Branch resumed_;            // What to explore first with the next value.
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
