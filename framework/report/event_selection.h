// SPDX-License-Identifier: MIT
//
// EventSelection: which events of a trace a report shows.
//
// A short trace is shown whole: a trace with gaps is hard to believe. Of a long one the report
// shows what bears on the failure (how the tasks came to hold what they hold, the accesses to the
// memory in question, preemptions, faults, what was done to the objects), the beginning and the
// end.
//
// INVARIANT: every event that the rest of the report refers to by its step is shown, unless there
// are more of them than rows.

#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "heddle/core/failure.h"
#include "heddle/core/trace.h"

namespace heddle {

class EventSelection {
 public:
  // Most rows of a timeline, give or take the lines that stand for gaps.
  static constexpr size_t kRowsMax = 60;

  // REQUIRES: both outlive the selection.
  EventSelection(const Trace& trace, const Failure& failure);

  // Whether a task is part of the failure: of its cycle, its waits, its accesses.
  bool IsInvolved(TaskId task) const { return involved_.count(task) > 0; }

  // Tasks that have something to show, in order of their ids. A task that does nothing but wait for
  // the others' end is none of them, nor is an idle one.
  const std::vector<TaskId>& tasks() const { return tasks_; }

  // For each event whether it is shown; only those of `tasks` can be.
  std::vector<bool> Select(const std::vector<TaskId>& tasks) const;

 private:
  enum class Weight : uint8_t { kNone, kBackground, kInvolved, kRelated, kNeeded };

  void FindInvolved(const Failure& failure);
  void FindTasks();
  Weight WeightOf(const Event& event) const;

  const Trace& trace_;
  std::set<TaskId> involved_;
  std::set<std::string> objects_;
  // Steps that the rest of the report mentions.
  std::set<std::pair<uint64_t, TaskId>> mentioned_;
  std::vector<TaskId> tasks_;
};

}  // namespace heddle
