// SPDX-License-Identifier: MIT

#include "heddle/strategy/dependence.h"

#include <algorithm>

namespace heddle {

static bool Conflict(AccessMode a, AccessMode b) {
  return a == AccessMode::kWrite || b == AccessMode::kWrite;
}

void DependenceOrder::Clear() {
  Truncate(0);
  histories_.clear();
}

void DependenceOrder::Truncate(size_t count) {
  while (steps_.size() > count) {
    const StepInfo& last = steps_.back();
    last_of_task_[last.task.value] = last.previous_of_task;
    steps_.pop_back();
  }
  clocks_.resize(count * width_);
  for (auto& [object, history] : histories_) {
    while (!history.empty() && history.back().step >= count) history.pop_back();
  }
}

void DependenceOrder::Widen(size_t tasks) {
  const size_t old_width = width_;
  while (width_ < tasks) width_ *= 2;
  std::vector<uint32_t> wide(steps_.size() * width_, 0);
  for (size_t step = 0; step < steps_.size(); ++step) {
    std::copy_n(&clocks_[step * old_width], old_width, &wide[step * width_]);
  }
  clocks_.swap(wide);
}

void DependenceOrder::BeginClock(TaskId task) {
  if (task.value >= width_) Widen(size_t{task.value} + 1);
  if (task.value >= last_of_task_.size()) last_of_task_.resize(size_t{task.value} + 1, 0);
  current_.assign(width_, 0);
  const uint32_t previous = last_of_task_[task.value];
  if (previous != 0) Include(previous - 1);
}

void DependenceOrder::Include(uint32_t step) {
  for (size_t i = 0; i < width_; ++i) {
    current_[i] = std::max(current_[i], clocks_[step * width_ + i]);
  }
}

bool DependenceOrder::IsKnown(uint32_t step) const {
  return current_[steps_[step].task.value] >= steps_[step].index_in_task;
}

// Adds the steps that conflict with an access, and are not ordered before it yet.
void DependenceOrder::CollectRacing(const StepAccess& access, std::vector<uint32_t>* steps) const {
  if (access.orders_only) return;
  const auto found = histories_.find(access.object);
  if (found == histories_.end()) return;
  for (const HistoryEntry& entry : found->second) {
    const bool is_possible = access.blocking != Blocking::kWhileHeld || !entry.was_held;
    const bool races = is_possible && !entry.orders_only && Conflict(entry.mode, access.mode);
    if (races && !IsKnown(entry.step)) steps->push_back(entry.step);
  }
}

// The step cannot come before what its operation waited for: that orders it first, and only then
// it is asked what else it could have come before.
void DependenceOrder::AddRacesOfOperation(const StepAccess& access) {
  candidates_.clear();
  CollectRacing(access, &candidates_);
  if (access.blocking == Blocking::kWhileHeld) {
    AddRacesLatestFirst();
  } else {
    races_.insert(races_.end(), candidates_.rbegin(), candidates_.rend());
  }
  AddOrder(access);
}

// One that is not ordered by what came after it is a race, and from then on orders itself.
void DependenceOrder::AddRacesLatestFirst() {
  std::sort(candidates_.rbegin(), candidates_.rend());
  for (const uint32_t step : candidates_) {
    if (IsKnown(step)) continue;
    races_.push_back(step);
    Include(step);
  }
}

void DependenceOrder::FindRaces(std::span<const StepAccess> accesses) {
  races_.clear();
  for (const StepAccess& access : accesses) {
    if (access.blocking != Blocking::kNo) AddRacesOfOperation(access);
    if (access.orders_only) AddOrder(access);
  }
  candidates_.clear();
  for (const StepAccess& access : accesses) CollectRacing(access, &candidates_);
  AddRacesLatestFirst();
}

void DependenceOrder::AddOrder(const StepAccess& access) {
  const auto found = histories_.find(access.object);
  if (found == histories_.end()) return;
  for (const HistoryEntry& entry : found->second) {
    if (Conflict(entry.mode, access.mode) && !IsKnown(entry.step)) Include(entry.step);
  }
}

std::span<const uint32_t> DependenceOrder::Append(TaskId task, std::span<const StepAccess> accesses,
                                                  bool is_barrier) {
  BeginClock(task);
  if (is_barrier) {
    for (const uint32_t last : last_of_task_) {
      if (last != 0) Include(last - 1);
    }
  }
  FindRaces(accesses);
  for (const StepAccess& access : accesses) AddOrder(access);
  const auto index = static_cast<uint32_t>(steps_.size());
  const uint32_t previous = last_of_task_[task.value];
  const uint32_t index_in_task = previous == 0 ? 1 : steps_[previous - 1].index_in_task + 1;
  current_[task.value] = index_in_task;
  steps_.push_back({.task = task, .index_in_task = index_in_task, .previous_of_task = previous});
  clocks_.insert(clocks_.end(), current_.begin(), current_.end());
  last_of_task_[task.value] = index + 1;
  for (const StepAccess& access : accesses) {
    histories_[access.object].push_back({.step = index,
                                         .mode = access.mode,
                                         .orders_only = access.orders_only,
                                         .was_held = access.was_held});
  }
  return races_;
}

std::span<const uint32_t> DependenceOrder::RacesOfWaiting(TaskId task,
                                                          std::span<const StepAccess> accesses) {
  BeginClock(task);
  FindRaces(accesses);
  return races_;
}

}  // namespace heddle
