// SPDX-License-Identifier: MIT
//
// DependenceOrder: the happens-before order of the steps of an execution that dependence gives, and
// its races.
//
// Two steps are dependent if they belong to one task, or touch an object that at least one of them
// writes; a step that lets go of a lock, spawns or ends a task is ordered before the steps that
// waited for it. The order is the transitive closure; executions with equal orders are one
// Mazurkiewicz trace.
//
// A race is a pair of dependent steps of different tasks with nothing in between in this order, of
// which the second could have come first. Of two acquires of one lock these are the acquires: the
// release in between only orders, and what was done while the lock was held could not have come
// second. Other operations that may block race with all that was done to their object: the latest
// may be what they waited for, and only an earlier one could have come second.
//
// Steps can be taken back, so that the next execution with the same prefix goes on from there.
//
// INVARIANTS
//   1. clock(j)[t] is the number of steps of task t that are before or equal to step j in the
//   order.
//   2. Histories list, per object, the accesses of the steps that are there, in order.

#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "heddle/core/step_log.h"

namespace heddle {

class DependenceOrder {
 public:
  void Clear();

  // Forgets all steps from `count` on.
  void Truncate(size_t count);

  // Adds a step and returns the earlier steps that it races with, latest first. Valid until the
  // next call. A barrier is after all steps so far.
  std::span<const uint32_t> Append(TaskId task, std::span<const StepAccess> accesses,
                                   bool is_barrier);

  // Returns the races that a step would have that `task` cannot take, for it waits.
  std::span<const uint32_t> RacesOfWaiting(TaskId task, std::span<const StepAccess> accesses);

  size_t size() const { return steps_.size(); }
  TaskId task(size_t step) const { return steps_[step].task; }

  // Returns whether step `first` is before step `second`. REQUIRES: first < second < size().
  bool IsBefore(size_t first, size_t second) const {
    return Entry(second, steps_[first].task) >= steps_[first].index_in_task;
  }

 private:
  struct StepInfo {
    TaskId task;
    uint32_t index_in_task = 0;     // From 1.
    uint32_t previous_of_task = 0;  // Index of the step plus one; 0: none.
  };
  struct HistoryEntry {
    uint32_t step = 0;
    AccessMode mode = AccessMode::kWrite;
    bool orders_only = false;
    bool was_held = false;
  };

  uint32_t Entry(size_t step, TaskId task) const { return clocks_[step * width_ + task.value]; }
  void Widen(size_t tasks);
  void CollectRacing(const StepAccess& access, std::vector<uint32_t>* steps) const;
  void FindRaces(std::span<const StepAccess> accesses);
  void AddRacesOfOperation(const StepAccess& access);
  void AddRacesLatestFirst();
  void AddOrder(const StepAccess& access);
  void Include(uint32_t step);
  bool IsKnown(uint32_t step) const;
  void BeginClock(TaskId task);

  size_t width_ = 8;
  std::vector<StepInfo> steps_;
  std::vector<uint32_t> clocks_;
  std::vector<uint32_t> last_of_task_;  // Index plus one.
  std::map<uint64_t, std::vector<HistoryEntry>> histories_;
  std::vector<uint32_t> current_;  // Clock of the step being added.
  std::vector<uint32_t> races_;
  std::vector<uint32_t> candidates_;
};

}  // namespace heddle
