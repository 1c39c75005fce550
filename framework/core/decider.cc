// SPDX-License-Identifier: MIT

#include "heddle/core/decider.h"

#include "heddle/base/check.h"
#include "heddle/core/execution.h"

namespace heddle {

void Decider::Begin(const Execution& execution, Strategy* strategy) {
  execution_ = &execution;
  strategy_ = strategy;
  prefix_ = strategy->Prefix();
  bounds_ = strategy->ExecutionBounds();
  is_by_trace_ = strategy->IsByTrace();
  decisions_.clear();
  preemptions_ = 0;
  faults_ = 0;
  preempted_ = false;
  diverged_ = false;
  given_up_ = false;
  decisions_before_choice_ = 0;
}

// Leaving a task that could go on costs a preemption. Ending a wait early, while some task could go
// on without that, costs a fault; when nobody else can, time simply passes.
TaskId Decider::Choose(const TaskList& tasks, TaskId running, bool may_continue, Outcome* outcome) {
  const TaskId task = decisions_.size() < prefix_.size()
                          ? FollowPrefix(tasks, running, may_continue)
                          : AskStrategy(tasks, running, may_continue);
  if (task == kNoTask) return kNoTask;
  if (!tasks.enabled().Has(task)) {
    *outcome = EndOfWait(tasks, tasks[task]);
    if (diverged_) return kNoTask;
    const bool is_free = is_by_trace_ && *outcome == Outcome::kTimedOut;
    if (!tasks.enabled().empty() && !is_free) ++faults_;
  }
  if (may_continue && task != running) {
    ++preemptions_;
    preempted_ = true;
  }
  return task;
}

bool Decider::MayTimeOut(const TaskList& tasks, const Task& task) const {
  const bool can_afford = is_by_trace_ || tasks.enabled().empty() || faults_ < bounds_.faults;
  const VirtualTime deadline = task.pending->deadline;
  return can_afford && deadline != kNever && deadline == tasks.EarliestDeadline();
}

// A signal does not come to the rescue when nobody can go on: that is the deadlock to report. And
// it does not come again before somebody else took a step, or a task that waits again would never
// end.
bool Decider::MayBeInterrupted(const TaskList& tasks, const Task& task) const {
  if (!task.pending->interruptible || tasks.enabled().empty()) return false;
  if (faults_ >= bounds_.faults) return false;
  return execution_->step() - task.steps != task.others_at_interruption;
}

// Returns what ends the wait of `task` early: a signal, its deadline, or whichever of the two is
// chosen.
Outcome Decider::EndOfWait(const TaskList& tasks, const Task& task) {
  if (!MayBeInterrupted(tasks, task)) return Outcome::kTimedOut;
  if (!MayTimeOut(tasks, task)) return Outcome::kInterrupted;
  return NextValue(2, /*is_fault=*/false, "signal or timeout") == 0 ? Outcome::kTimedOut
                                                                    : Outcome::kInterrupted;
}

TaskId Decider::FollowPrefix(const TaskList& tasks, TaskId running, bool may_continue) {
  const Decision decision = prefix_[decisions_.size()];
  TaskSet alternatives;
  CollectAlternatives(tasks, running, may_continue, &alternatives);
  if (alternatives.IsSingle() && tasks.enabled().empty()) return alternatives.First();
  if (alternatives.empty()) return kNoTask;
  decisions_.push_back(decision);
  if (decision.is_value) return Diverge();
  const bool offered = tasks.enabled().Has(decision.task()) || alternatives.Has(decision.task());
  return offered ? decision.task() : Diverge();
}

TaskId Decider::AskStrategy(const TaskList& tasks, TaskId running, bool may_continue) {
  TaskSet collected;
  const bool all_enabled =
      tasks.timed().empty() &&
      (may_continue ? preemptions_ < bounds_.preemptions : !tasks.enabled().Has(running));
  if (!all_enabled) CollectAlternatives(tasks, running, may_continue, &collected);
  const TaskSet& alternatives = all_enabled ? tasks.enabled() : collected;
  if (alternatives.empty()) return kNoTask;
  if (alternatives.IsSingle() && tasks.enabled().empty()) return alternatives.First();

  TaskId preferred = running;
  if (!may_continue) {
    const TaskSet& candidates = tasks.enabled().empty() ? alternatives : tasks.enabled();
    preferred = candidates.After(running);
    if (preferred == kNoTask) preferred = candidates.First();
    if (preferred == running) preferred = alternatives.First();
  }
  const TaskId task = strategy_->ChooseTask({.execution = *execution_,
                                             .alternatives = alternatives,
                                             .enabled = tasks.enabled(),
                                             .running = running,
                                             .preferred = preferred,
                                             .has_waiting = !tasks.timed().empty(),
                                             .is_preemptible = may_continue,
                                             .step = execution_->step()});
  if (task == kNoTask) {
    given_up_ = true;
    return kNoTask;
  }
  HEDDLE_CHECK(alternatives.Has(task))
      << "the strategy chose task " << task.value << ", which was not offered";
  decisions_.push_back(Decision::Task(task));
  return task;
}

void Decider::CollectAlternatives(const TaskList& tasks, TaskId running, bool may_continue,
                                  TaskSet* alternatives) const {
  const bool may_preempt = preemptions_ < bounds_.preemptions;
  if (may_continue && !may_preempt) {
    alternatives->Add(running);
    return;
  }
  *alternatives = tasks.enabled();
  // A task that gave way goes on only when no other task can.
  if (!may_continue && alternatives->Has(running) && !alternatives->IsSingle()) {
    alternatives->Remove(running);
  }
  if (tasks.timed().empty()) return;
  for (TaskId id = tasks.timed().First(); id != kNoTask; id = tasks.timed().After(id)) {
    const Task& task = tasks[id];
    if (MayTimeOut(tasks, task) || MayBeInterrupted(tasks, task)) alternatives->Add(id);
  }
}

TaskId Decider::Diverge() {
  diverged_ = true;
  return kNoTask;
}

uint32_t Decider::NextValue(uint32_t bound, bool is_fault, const char* site) {
  HEDDLE_CHECK(bound > 0) << "a choice among no values at " << site;
  if (bound == 1) return 0;
  uint32_t value = 0;
  if (decisions_.size() < prefix_.size()) {
    const Decision decision = prefix_[decisions_.size()];
    decisions_.push_back(decision);
    if (!decision.is_value || decision.value >= bound) {
      Diverge();
      return 0;
    }
    value = decision.value;
  } else {
    const uint32_t offered = is_fault && faults_ >= bounds_.faults ? 1 : bound;
    value = strategy_->ChooseValue({.execution = *execution_,
                                    .bound = offered,
                                    .is_fault = is_fault,
                                    .decision = static_cast<uint32_t>(decisions_.size()),
                                    .site = site});
    HEDDLE_CHECK(value < offered) << "the strategy chose value " << value << " of " << offered;
    decisions_.push_back(Decision::Value(value));
  }
  if (is_fault && value != 0) ++faults_;
  return value;
}

}  // namespace heddle
