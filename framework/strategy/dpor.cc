// SPDX-License-Identifier: MIT

#include "heddle/strategy/dpor.h"

#include <algorithm>
#include <utility>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"

namespace heddle {

Dpor::Dpor(Bounds bounds) : bounds_(bounds) {
  HEDDLE_CHECK(bounds.preemptions == kUnbounded)
      << "dpor explores whole traces; a bound on preemptions cuts some of them off";
}

bool Dpor::BeginExecution() {
  if (done_) return false;
  started_ = true;
  gave_up_ = false;
  was_blocked_ = false;
  pending_ = std::exchange(resumed_.rest, {});
  pending_values_ = std::exchange(resumed_.step.values, {});
  next_pending_value_ = 0;
  log_.Clear();
  return true;
}

// ---- During an execution

std::vector<Dpor::Sleeper> Dpor::SleepAfter(size_t step) const {
  std::vector<Sleeper> sleep;
  for (const Sleeper& sleeper : nodes_[step].sleep) {
    if (sleeper.task == nodes_[step].task) continue;
    if (!AreDependent(sleeper.accesses, log_.Accesses(step))) sleep.push_back(sleeper);
  }
  return sleep;
}

bool Dpor::IsAsleep(const Node& node, TaskId task) const {
  return std::any_of(node.sleep.begin(), node.sleep.end(),
                     [&](const Sleeper& sleeper) { return sleeper.task == task; });
}

// Adds the node before the next step, which `task` will take.
void Dpor::OpenNode(TaskId task) {
  Node node;
  node.task = task;
  if (!nodes_.empty()) node.sleep = SleepAfter(nodes_.size() - 1);
  nodes_.push_back(std::move(node));
}

// Steps that only one task could take were not asked about; they get their nodes now.
void Dpor::FollowForcedSteps() {
  while (nodes_.size() < log_.size()) {
    const TaskId task = log_[nodes_.size()].task;
    OpenNode(task);
    Node& node = nodes_.back();
    if (IsAsleep(node, task)) gave_up_ = true;
    pending_values_.clear();
    next_pending_value_ = 0;
    if (!pending_.empty() && pending_.First().step.task == task) {
      WakeupTree planned = std::move(pending_);
      TakePending(&node, &planned);
    } else {
      pending_ = WakeupTree();
    }
  }
}

// Plans what `tree` wants first: the values of the node's step, and what comes after it.
void Dpor::TakePending(Node* node, WakeupTree* tree) {
  node->other_values = tree->TakeFirst();
  pending_values_ = std::move(node->other_values.front().step.values);
  pending_ = std::move(node->other_values.front().rest);
  node->other_values.erase(node->other_values.begin());
}

// Returns the task that the node's wakeup tree wants first, or else one that does not sleep.
TaskId Dpor::Pick(const ChoicePoint& point, Node* node) {
  while (!node->wakeups.empty()) {
    const TaskId task = node->wakeups.First().step.task;
    if (!point.alternatives.Has(task)) {  // The reversed step has to wait for the other one.
      node->wakeups.TakeFirst();
      continue;
    }
    TakePending(node, &node->wakeups);
    return task;
  }
  if (!IsAsleep(*node, point.preferred)) return point.preferred;
  for (TaskId id = point.alternatives.First(); id != kNoTask; id = point.alternatives.After(id)) {
    if (!IsAsleep(*node, id)) return id;
  }
  return kNoTask;
}

TaskId Dpor::ChooseTask(const ChoicePoint& point) {
  FollowForcedSteps();
  pending_values_.clear();
  next_pending_value_ = 0;
  if (gave_up_) return kNoTask;
  if (resuming_task_) {
    resuming_task_ = false;
    HEDDLE_CHECK(nodes_.size() == log_.size() + 1) << "the program did not come back to its choice";
  } else {
    OpenNode(kNoTask);
    nodes_.back().wakeups = std::move(pending_);
    pending_ = WakeupTree();
  }
  Node& node = nodes_.back();
  node.is_choice = true;
  node.values.clear();
  node.explored.clear();
  node.other_values.clear();
  node.alternatives.clear();
  const TaskSet& offered = point.alternatives;
  for (TaskId id = offered.First(); id != kNoTask; id = offered.After(id)) {
    node.alternatives.push_back(id);
  }
  node.task = Pick(point, &node);
  if (point.has_waiting) TryEndsOfWaits(point, &node);
  if (node.task == kNoTask) gave_up_ = true;
  return node.task;
}

bool Dpor::IsOffered(const Node& node, TaskId task) {
  return std::find(node.alternatives.begin(), node.alternatives.end(), task) !=
         node.alternatives.end();
}

// No race leads there: that the wait ends, no other step has to make possible.
void Dpor::TryEndsOfWaits(const ChoicePoint& point, Node* node) {
  const TaskSet& all = point.alternatives;
  for (TaskId id = all.First(); id != kNoTask; id = all.After(id)) {
    if (point.enabled.Has(id) || id == node->task || IsAsleep(*node, id)) continue;
    node->wakeups.InsertFirst(
        {.task = id, .accesses = point.execution.AccessesAtPoint(id), .values = {}});
  }
}

uint32_t Dpor::ChooseValue(const ValueChoice& choice) {
  FollowForcedSteps();
  if (resuming_value_) {
    resuming_value_ = false;
    return nodes_.back().values.back().value;
  }
  uint32_t value = 0;
  if (next_pending_value_ < pending_values_.size()) {
    value = std::min(pending_values_[next_pending_value_++], choice.bound - 1);
  }
  nodes_.back().values.push_back(
      {.value = value, .bound = choice.bound, .preferred = value, .decision = choice.decision});
  return value;
}

// ---- After an execution

void Dpor::EndExecution(const ExecutionSummary& summary) {
  FollowForcedSteps();
  decisions_.assign(summary.decisions.begin(), summary.decisions.end());
  was_blocked_ = gave_up_;
  if (gave_up_) ++blocked_;
  ReverseRaces();
  Backtrack();
}

WakeupStep Dpor::StepOf(size_t index) const {
  WakeupStep step;
  step.task = log_[index].task;
  const std::span<const StepAccess> accesses = log_.Accesses(index);
  step.accesses.assign(accesses.begin(), accesses.end());
  for (const ValueNode& value : nodes_[index].values) step.values.push_back(value.value);
  return step;
}

void Dpor::ReverseRaces() {
  order_.Truncate(std::min(unchanged_, order_.size()));
  std::vector<std::pair<uint32_t, uint32_t>> races;
  for (size_t i = order_.size(); i < log_.size(); ++i) {
    for (const uint32_t first : order_.Append(log_[i].task, log_.Accesses(i), log_[i].is_barrier)) {
      races.emplace_back(first, static_cast<uint32_t>(i));
    }
  }
  for (const auto& [first, second] : races) Reverse(first, StepOf(second), second);
  ReverseRacesOfWaiting();
}

void Dpor::ReverseRacesOfWaiting() {
  for (const StepLog::Waiting& waiting : log_.waiting()) {
    const std::span<const StepAccess> accesses(waiting.accesses);
    const std::span<const uint32_t> found = order_.RacesOfWaiting(waiting.task, accesses);
    const std::vector<uint32_t> firsts(found.begin(), found.end());
    for (const uint32_t first : firsts) {
      Reverse(first, {.task = waiting.task, .accesses = waiting.accesses, .values = {}},
              log_.size());
    }
    if (waiting.could_go_on) TryEverywhere(waiting);
  }
}

// From the end to the beginning, so that the task's next step is known at each point.
void Dpor::TryEverywhere(const StepLog::Waiting& cut_short) {
  const TaskId task = cut_short.task;
  std::vector<StepAccess> next = cut_short.accesses;
  for (size_t i = std::min(nodes_.size(), log_.size()); i > 0; --i) {
    Node& node = nodes_[i - 1];
    if (log_[i - 1].task == task) {
      const std::span<const StepAccess> accesses = log_.Accesses(i - 1);
      next.assign(accesses.begin(), accesses.end());
    } else if (node.is_choice && IsOffered(node, task) && !IsAsleep(node, task)) {
      node.wakeups.InsertFirst({.task = task, .accesses = next, .values = {}});
    }
  }
}

// Plans an execution in which `second` comes before step `first`: from the point before it, all
// that does not depend on it, and then `second`.
void Dpor::Reverse(size_t first, const WakeupStep& second, size_t second_index) {
  WakeupTree::Sequence sequence;
  std::vector<uint32_t> indices;
  for (size_t i = first + 1; i < log_.size(); ++i) {
    if (i != second_index && !order_.IsBefore(first, i))
      indices.push_back(static_cast<uint32_t>(i));
  }
  for (const uint32_t index : indices) {
    std::vector<uint32_t> before;
    for (uint32_t k = 0; k < sequence.steps.size(); ++k) {
      if (order_.IsBefore(indices[k], index)) before.push_back(k);
    }
    sequence.steps.push_back(StepOf(index));
    sequence.before.push_back(std::move(before));
  }
  // In the execution `second` may come after steps of the sequence only by way of the lock that
  // `first` took; that way is not there in the sequence.
  std::vector<uint32_t> before;
  for (uint32_t k = 0; k < sequence.steps.size(); ++k) {
    const WakeupStep& step = sequence.steps[k];
    if (step.task == second.task || AreDependent(step.accesses, second.accesses))
      before.push_back(k);
  }
  sequence.steps.push_back(second);
  sequence.before.push_back(std::move(before));
  if (!IsCovered(nodes_[first], sequence)) nodes_[first].wakeups.Insert(sequence);
}

// Returns whether a task that sleeps at `node` could begin a sequence equivalent to `sequence`.
bool Dpor::IsCovered(const Node& node, const WakeupTree::Sequence& sequence) const {
  for (const Sleeper& sleeper : node.sleep) {
    bool initial = true;
    for (size_t i = 0; i < sequence.steps.size() && initial; ++i) {
      if (sequence.steps[i].task == sleeper.task) {
        initial = sequence.before[i].empty();
        break;
      }
      initial = !AreDependent(sequence.steps[i].accesses, sleeper.accesses);
    }
    if (initial) return true;
  }
  return false;
}

// Goes back to the last node with something left to explore: another value of its step, or another
// task.
void Dpor::Backtrack() {
  while (!nodes_.empty()) {
    const size_t step = nodes_.size() - 1;
    Node& node = nodes_.back();
    if (step < log_.size()) {
      const std::span<const StepAccess> accesses = log_.Accesses(step);
      node.explored.insert(node.explored.end(), accesses.begin(), accesses.end());
    }
    if (TryNextValue(&node)) {
      Resume(step, node.values.back().decision);
      ResumeValue(&node);
      return;
    }
    if (node.task != kNoTask && step < log_.size()) {
      node.sleep.push_back({.task = node.task, .accesses = node.explored});
    }
    if (!node.wakeups.empty() && node.is_choice && step < log_.size()) {
      Resume(step, log_[step].decisions_before);
      resuming_task_ = true;
      return;
    }
    nodes_.pop_back();
  }
  done_ = true;
}

bool Dpor::TryNextValue(Node* node) {
  while (!node->values.empty()) {
    ValueNode& last = node->values.back();
    if (last.tried < last.bound) {
      // The preferred value came first, the others follow in order.
      uint32_t value = last.tried - 1;
      if (value >= last.preferred) ++value;
      last.value = value;
      ++last.tried;
      return true;
    }
    node->values.pop_back();
  }
  return false;
}

// Takes up the plan for the values that the step begins with now, if there is one.
void Dpor::ResumeValue(Node* node) {
  resuming_value_ = true;
  const std::vector<ValueNode>& values = node->values;
  const auto begins_so = [&](const WakeupTree::Branch& branch) {
    return branch.step.values.size() >= values.size() &&
           std::equal(values.begin(), values.end(), branch.step.values.begin(),
                      [](const ValueNode& a, uint32_t b) { return a.value == b; });
  };
  std::vector<WakeupTree::Branch>& branches = node->other_values;
  const auto found = std::find_if(branches.begin(), branches.end(), begins_so);
  if (found == branches.end()) return;
  resumed_ = std::move(*found);
  branches.erase(found);
  std::vector<uint32_t>& later = resumed_.step.values;
  later.erase(later.begin(), later.begin() + static_cast<std::ptrdiff_t>(values.size()));
}

void Dpor::Resume(size_t step, uint32_t decisions) {
  prefix_.assign(decisions_.begin(), decisions_.begin() + decisions);
  unchanged_ = step;
}

}  // namespace heddle
