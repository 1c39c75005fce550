// SPDX-License-Identifier: MIT

#include "heddle/strategy/pct.h"

#include <algorithm>

#include "heddle/base/check.h"
#include "heddle/strategy/random_walk.h"

namespace heddle {

// Drawn priorities have this bit; demoted tasks count down from below it.
static constexpr uint64_t kDrawn = uint64_t{1} << 63;

Pct::Pct(uint64_t seed, uint32_t bug_depth, Bounds bounds)
    : random_(seed), bug_depth_(bug_depth), bounds_(bounds) {
  HEDDLE_CHECK(bug_depth >= 1) << "PCT's depth is at least 1";
}

bool Pct::BeginExecution() {
  tasks_used_ = tasks_;
  steps_used_ = steps_;
  lowest_ = kDrawn;
  next_change_ = 0;
  priorities_.clear();
  change_points_.clear();
  if (steps_ > 0) {
    for (uint32_t i = 1; i < bug_depth_; ++i) change_points_.push_back(1 + random_.Below(steps_));
    std::sort(change_points_.begin(), change_points_.end());
  }
  return true;
}

uint64_t Pct::PriorityOf(TaskId task) {
  if (task.value >= priorities_.size()) priorities_.resize(size_t{task.value} + 1, 0);
  uint64_t& priority = priorities_[task.value];
  if (priority == 0) priority = kDrawn | random_.Next();
  return priority;
}

void Pct::Demote(TaskId task) {
  PriorityOf(task);
  priorities_[task.value] = --lowest_;
}

TaskId Pct::ChooseTask(const ChoicePoint& point) {
  const uint64_t tail_from = steps_used_ > 0 ? steps_used_ : kPatience;
  if (point.step >= tail_from) return internal::SampleTask(point, &random_);
  const bool gave_way = !point.is_preemptible && point.enabled.Has(point.running);
  if (gave_way) Demote(point.running);
  while (next_change_ < change_points_.size() && point.step >= change_points_[next_change_]) {
    Demote(point.running);
    ++next_change_;
  }
  TaskSet storage;
  const TaskSet& candidates = internal::SampleAlternatives(point, &random_, &storage);
  TaskId best = candidates.First();
  for (TaskId id = candidates.After(best); id != kNoTask; id = candidates.After(id)) {
    if (PriorityOf(id) > PriorityOf(best)) best = id;
  }
  return best;
}

uint32_t Pct::ChooseValue(const ValueChoice& choice) {
  return internal::SampleValue(choice, &random_);
}

void Pct::EndExecution(const ExecutionSummary& summary) {
  tasks_ = std::max<uint64_t>(tasks_, summary.tasks);
  steps_ = std::max(steps_, summary.steps);
  if (!summary.failed) {
    shortest_ = shortest_ == 0 ? summary.steps : std::min(shortest_, summary.steps);
  }
  if (shortest_ > 0) steps_ = std::min(steps_, kLengthRatio * shortest_);
}

std::string Pct::ScheduleNote() const {
  return "pct/" + std::to_string(bug_depth_) + "/" + std::to_string(tasks_used_) + "/" +
         std::to_string(steps_used_);
}

}  // namespace heddle
