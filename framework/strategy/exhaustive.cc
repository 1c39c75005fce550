// SPDX-License-Identifier: MIT

#include "heddle/strategy/exhaustive.h"

#include "heddle/base/check.h"

namespace heddle {

Exhaustive::Exhaustive(Bounds bounds) : bounds_(bounds) {
  Restart();
}

void Exhaustive::Restart() {
  level_ = {};
  diagonal_ = 0;
  in_level_ = false;
  resuming_ = false;
  prefix_.clear();
  untried_.clear();
  counts_.clear();
  levels_.clear();
}

bool Exhaustive::BeginExecution() {
  if (!in_level_ && !NextLevel()) return false;
  depth_ = resuming_ ? prefix_.size() - 1 : 0;
  return true;
}

// While resuming, the last choice is asked for again, so that its next alternative can be
// determined.
std::span<const Decision> Exhaustive::Prefix() const {
  return {prefix_.data(), resuming_ ? prefix_.size() - 1 : 0};
}

// Takes the alternative due at this depth and remembers the one after it.
uint32_t Exhaustive::Take(uint32_t first, uint32_t (*following)(const void*, uint32_t),
                          const void* context, bool is_value) {
  const bool changes = resuming_ && depth_ + 1 == prefix_.size();
  const uint32_t chosen = changes ? untried_.back() : first;
  const Decision decision =
      is_value ? Decision::Value(chosen) : Decision::Task(TaskId{static_cast<uint16_t>(chosen)});
  const uint32_t next = following(context, chosen);
  if (changes) {
    prefix_.back() = decision;
    untried_.back() = next;
    resuming_ = false;
  } else {
    prefix_.push_back(decision);
    untried_.push_back(next);
  }
  ++depth_;
  return chosen;
}

// Alternatives in order: the preferred one, then all others from the lowest id up.
static uint32_t FollowingTask(const void* context, uint32_t chosen) {
  const auto& point = *static_cast<const ChoicePoint*>(context);
  const TaskId task{static_cast<uint16_t>(chosen)};
  TaskId next =
      task == point.preferred ? point.alternatives.First() : point.alternatives.After(task);
  if (next == point.preferred) next = point.alternatives.After(next);
  return next == kNoTask ? ~uint32_t{0} : next.value;
}

static uint32_t FollowingValue(const void* context, uint32_t chosen) {
  const auto& choice = *static_cast<const ValueChoice*>(context);
  return chosen + 1 < choice.bound ? chosen + 1 : ~uint32_t{0};
}

TaskId Exhaustive::ChooseTask(const ChoicePoint& point) {
  const uint32_t task = Take(point.preferred.value, FollowingTask, &point, /*is_value=*/false);
  return TaskId{static_cast<uint16_t>(task)};
}

uint32_t Exhaustive::ChooseValue(const ValueChoice& choice) {
  return Take(0, FollowingValue, &choice, /*is_value=*/true);
}

void Exhaustive::EndExecution(const ExecutionSummary& summary) {
  // A program that is not deterministic may end before the choice that was to be changed.
  resuming_ = false;
  const bool one_pass = level_.preemptions == kUnbounded;
  const bool exact = one_pass || (summary.preemptions == level_.preemptions &&
                                  (level_.faults == kUnbounded || summary.faults == level_.faults));
  is_repetition_ = !exact;
  if (exact) {
    ++levels_.back().executions;
    ++counts_[{level_.preemptions, level_.faults}];
  }
  while (!untried_.empty() && untried_.back() == kNone) {
    untried_.pop_back();
    prefix_.pop_back();
  }
  resuming_ = !untried_.empty();
  if (!resuming_) {
    in_level_ = false;
    levels_.back().finished = true;
  }
}

// Walks the diagonals preemptions + faults = 0, 1, 2, ... with fewer faults first. An unbounded
// dimension has only one value, namely kUnbounded.
bool Exhaustive::NextLevel() {
  const bool p_open = bounds_.preemptions == kUnbounded;
  const bool f_open = bounds_.faults == kUnbounded;
  if (p_open) {
    if (!levels_.empty()) return false;
    level_ = bounds_;
  } else {
    const uint64_t last = uint64_t{bounds_.preemptions} + (f_open ? 0 : bounds_.faults);
    bool found = false;
    uint32_t faults = levels_.empty() || f_open ? 0 : level_.faults + 1;
    if (f_open && !levels_.empty()) ++diagonal_;
    while (!found && diagonal_ <= last) {
      for (; faults <= diagonal_ && (f_open ? faults == 0 : faults <= bounds_.faults); ++faults) {
        level_ = {.preemptions = diagonal_ - faults, .faults = f_open ? kUnbounded : faults};
        if (level_.preemptions <= bounds_.preemptions && IsWorthwhile(level_)) {
          found = true;
          break;
        }
      }
      if (!found) {
        ++diagonal_;
        faults = 0;
      }
    }
    if (!found) return false;
  }
  levels_.push_back({.bounds = level_});
  in_level_ = true;
  return true;
}

// An execution with p preemptions and f faults, its last deviation left out, is one with fewer: if
// nothing was found there, nothing will be here.
bool Exhaustive::IsWorthwhile(const Bounds& level) const {
  uint64_t fewer_preemptions = 0;
  uint64_t fewer_faults = 0;
  for (const auto& [bound, count] : counts_) {
    const auto& [preemptions, faults] = bound;
    if (preemptions + 1 == level.preemptions && faults <= level.faults) fewer_preemptions += count;
    if (faults + 1 == level.faults && preemptions <= level.preemptions) fewer_faults += count;
  }
  const bool preemptions_ok = level.preemptions == 0 || fewer_preemptions > 0;
  const bool faults_ok = level.faults == kUnbounded || level.faults == 0 || fewer_faults > 0;
  return preemptions_ok && faults_ok;
}

}  // namespace heddle
