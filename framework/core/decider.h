// SPDX-License-Identifier: MIT
//
// Decider: takes the decisions of one execution, within its bounds, and keeps them.
//
// Decisions come from the strategy's prefix while it lasts and from the strategy itself afterwards.
// Every choice point with more than one alternative is recorded, also when the bounds left only
// one: so a schedule means the same whatever bounds it was found under.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/core/choice.h"
#include "heddle/core/task_list.h"
#include "heddle/strategy/strategy.h"

namespace heddle {

class Decider {
 public:
  // Begins an execution of `strategy`.
  void Begin(const Execution& execution, Strategy* strategy);

  // Returns the task that takes the next step, or kNoTask if no task can, or if the prefix asks for
  // one that cannot (see diverged()). `running` took the last step; `may_continue` says that it
  // could go on and did not give way. `*outcome` says how the task's wait ends.
  TaskId NextTask(const TaskList& tasks, TaskId running, bool may_continue, Outcome* outcome);

  // Returns a value below `bound`; values other than 0 are faults if `is_fault`.
  uint32_t NextValue(uint32_t bound, bool is_fault, const char* site);

  std::span<const Decision> decisions() const { return decisions_; }
  uint32_t preemptions() const { return preemptions_; }
  uint32_t faults() const { return faults_; }
  // Whether the last task decision was a preemption.
  bool preempted() const { return preempted_; }
  // Whether the program did not offer what the prefix asked for; the last decision is the one.
  bool diverged() const { return diverged_; }
  bool allows_faults() const { return bounds_.faults != 0; }
  // Whether the strategy gave the execution up.
  bool given_up() const { return given_up_; }
  // Number of decisions taken before the last task was chosen.
  uint32_t decisions_before_choice() const { return decisions_before_choice_; }

 private:
  TaskId Choose(const TaskList& tasks, TaskId running, bool may_continue, Outcome* outcome);
  bool MayTimeOut(const TaskList& tasks, const Task& task) const;
  bool MayBeInterrupted(const TaskList& tasks, const Task& task) const;
  Outcome EndOfWait(const TaskList& tasks, const Task& task);
  TaskId FollowPrefix(const TaskList& tasks, TaskId running, bool may_continue);
  TaskId AskStrategy(const TaskList& tasks, TaskId running, bool may_continue);
  void CollectAlternatives(const TaskList& tasks, TaskId running, bool may_continue,
                           TaskSet* alternatives) const;
  TaskId Diverge();

  const Execution* execution_ = nullptr;
  Strategy* strategy_ = nullptr;
  std::span<const Decision> prefix_;
  Bounds bounds_;
  bool is_by_trace_ = false;
  std::vector<Decision> decisions_;
  uint32_t preemptions_ = 0;
  uint32_t faults_ = 0;
  bool preempted_ = false;
  bool diverged_ = false;
  bool given_up_ = false;
  uint32_t decisions_before_choice_ = 0;
};

// ---- Implementation

inline TaskId Decider::NextTask(const TaskList& tasks, TaskId running, bool may_continue,
                                Outcome* outcome) {
  *outcome = Outcome::kReady;
  preempted_ = false;
  decisions_before_choice_ = static_cast<uint32_t>(decisions_.size());
  if (tasks.timed().empty()) [[likely]] {
    const TaskSet& enabled = tasks.enabled();
    if (enabled.IsSingle()) return enabled.First();
    if (enabled.empty()) return kNoTask;
    // The way of nearly all choices of a depth-first search: nothing to ask, nothing to work out.
    if (decisions_.size() < prefix_.size()) {
      const Decision decision = prefix_[decisions_.size()];
      if (!decision.is_value && enabled.Has(decision.task())) [[likely]] {
        decisions_.push_back(decision);
        preempted_ = may_continue && decision.task() != running;
        preemptions_ += preempted_ ? 1 : 0;
        return decision.task();
      }
    }
  }
  return Choose(tasks, running, may_continue, outcome);
}

}  // namespace heddle
