// SPDX-License-Identifier: MIT

#include "heddle/strategy/delay.h"

namespace heddle {

// One of the answers to a question, in the order in which they are tried.
struct Alternative {
  uint32_t value = ~uint32_t{0};
  uint32_t cost = 0;
  bool exists() const { return value != ~uint32_t{0}; }
};

Delay::Delay(uint32_t delays, Bounds bounds) : delays_(delays), bounds_(bounds) {}

bool Delay::BeginExecution() {
  if (!in_level_) {
    // Level n + 1 exists only if level n left something out.
    const bool is_last = !levels_.empty() && (!cut_ || levels_.size() - 1 == delays_);
    if (is_last) return false;
    levels_.push_back({.bounds = bounds_});
    in_level_ = true;
    cut_ = false;
  }
  depth_ = resuming_ ? stack_.size() - 1 : 0;
  spent_ = 0;
  for (size_t i = 0; i < depth_; ++i) spent_ += stack_[i].cost;
  return true;
}

// While resuming, the last choice is asked for again, so that the alternative after its next one
// can be determined.
std::span<const Decision> Delay::Prefix() const {
  return {prefix_.data(), resuming_ ? prefix_.size() - 1 : 0};
}

// The turns come in a circle from the preferred task on; then the waits that may end early.
static Alternative AlternativeOf(const ChoicePoint& point, uint32_t index) {
  if (index == 0) return {.value = point.preferred.value};
  const TaskSet& all = point.alternatives;
  const auto after = [&](TaskId id) {
    const TaskId next = all.After(id);
    return next == kNoTask ? all.First() : next;
  };
  const bool can_go_on = !point.enabled.empty();
  uint32_t seen = 0;
  for (const bool waits : {false, true}) {
    uint32_t passed_over = 0;
    for (TaskId id = after(point.preferred); id != point.preferred; id = after(id)) {
      if ((can_go_on && !point.enabled.Has(id)) != waits) continue;
      ++passed_over;
      if (++seen == index) return {.value = id.value, .cost = waits ? 1 : passed_over};
    }
  }
  return {};
}

static Alternative AlternativeOf(const ValueChoice& choice, uint32_t index) {
  if (index >= choice.bound) return {};
  return {.value = index, .cost = choice.is_fault && index > 0 ? uint32_t{1} : 0};
}

// Takes the alternative due at this depth and looks for the next one that is not too expensive.
// Not all that follow a too expensive one are so: events from outside come after the turns.
template <class Question>
uint32_t Delay::Take(const Question& question) {
  const bool changes = resuming_ && depth_ + 1 == stack_.size();
  const uint32_t index = changes ? stack_.back().next : 0;
  const Alternative taken = AlternativeOf(question, index);
  Choice choice{.cost = taken.cost, .next = index + 1};
  const auto level = static_cast<uint32_t>(levels_.size() - 1);
  Alternative next = AlternativeOf(question, choice.next);
  while (next.exists() && spent_ + next.cost > level) {
    cut_ = true;
    next = AlternativeOf(question, ++choice.next);
  }
  if (!next.exists()) choice.next = kNone;
  if (changes) {
    stack_.pop_back();
    prefix_.pop_back();
    resuming_ = false;
  }
  stack_.push_back(choice);
  spent_ += taken.cost;
  ++depth_;
  return taken.value;
}

TaskId Delay::ChooseTask(const ChoicePoint& point) {
  const TaskId task{static_cast<uint16_t>(Take(point))};
  prefix_.push_back(Decision::Task(task));
  return task;
}

uint32_t Delay::ChooseValue(const ValueChoice& choice) {
  const uint32_t value = Take(choice);
  prefix_.push_back(Decision::Value(value));
  return value;
}

void Delay::EndExecution(const ExecutionSummary& /*summary*/) {
  // A program that is not deterministic may end before the choice that was to be changed.
  resuming_ = false;
  is_repetition_ = spent_ != levels_.size() - 1;
  if (!is_repetition_) ++levels_.back().executions;
  while (!stack_.empty() && stack_.back().next == kNone) {
    stack_.pop_back();
    prefix_.pop_back();
  }
  resuming_ = !stack_.empty();
  if (resuming_) return;
  in_level_ = false;
  levels_.back().finished = true;
}

}  // namespace heddle
