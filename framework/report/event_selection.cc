// SPDX-License-Identifier: MIT

#include "heddle/report/event_selection.h"

#include <algorithm>

namespace heddle {

// Rows kept at both ends of a trace that is too long even for what is needed.
static constexpr size_t kFirstRows = 4;
static constexpr size_t kLastRows = 8;

EventSelection::EventSelection(const Trace& trace, const Failure& failure)
    : trace_(trace), objects_(failure.objects.begin(), failure.objects.end()) {
  FindInvolved(failure);
  FindTasks();
}

// With a cycle the waits behind it are consequences; without one, waits for the end of other tasks
// are.
void EventSelection::FindInvolved(const Failure& failure) {
  const size_t waits = failure.cycle_size > 0 ? failure.cycle_size : failure.waits.size();
  for (size_t i = 0; i < waits; ++i) {
    const WaitEdge& edge = failure.waits[i];
    if (failure.cycle_size == 0 && edge.object.empty() && !edge.is_dead) continue;
    involved_.insert(edge.task);
    for (const HeldObject& held : edge.holdings) mentioned_.insert({held.step, edge.task});
  }
  if (failure.waits.empty() && failure.task != kNoTask) involved_.insert(failure.task);
  if (failure.memory == nullptr) return;
  for (const MemoryEvent& event : failure.memory->events) {
    involved_.insert(event.task);
    mentioned_.insert({event.step, event.task});
  }
}

void EventSelection::FindTasks() {
  std::set<TaskId> tasks;
  for (const Event& event : trace_.events) {
    if (event.kind != EventKind::kBlocked || IsInvolved(event.task)) tasks.insert(event.task);
  }
  tasks_.assign(tasks.begin(), tasks.end());
}

EventSelection::Weight EventSelection::WeightOf(const Event& event) const {
  const bool deviates = event.mark == SwitchMark::kPreemption || event.verb == "fault" ||
                        event.detail == "timed out" || event.detail == "interrupted";
  if (deviates || mentioned_.count({event.step, event.task}) > 0) return Weight::kNeeded;
  if (event.kind == EventKind::kBlocked && IsInvolved(event.task)) return Weight::kNeeded;
  if (objects_.count(event.object) > 0) return Weight::kRelated;
  return IsInvolved(event.task) ? Weight::kInvolved : Weight::kBackground;
}

std::vector<bool> EventSelection::Select(const std::vector<TaskId>& tasks) const {
  const size_t size = trace_.events.size();
  std::vector<Weight> weights(size, Weight::kNone);
  std::vector<size_t> counts(static_cast<size_t>(Weight::kNeeded) + 1);
  for (size_t i = 0; i < size; ++i) {
    const Event& event = trace_.events[i];
    if (!std::binary_search(tasks.begin(), tasks.end(), event.task)) continue;
    weights[i] = WeightOf(event);
    ++counts[static_cast<size_t>(weights[i])];
  }
  // The lowest weight from which all can be shown.
  size_t least = static_cast<size_t>(Weight::kNeeded);
  size_t shown_count = counts[least];
  while (least > 1 && shown_count + counts[least - 1] <= kRowsMax) shown_count += counts[--least];

  std::vector<bool> shown(size);
  size_t nth = 0;
  for (size_t i = 0; i < size; ++i) {
    const bool heavy = static_cast<size_t>(weights[i]) >= least;
    // Of too many, the first and the last.
    const bool within = nth < kRowsMax / 4 || nth + kRowsMax * 3 / 4 >= shown_count;
    const bool at_end = i < kFirstRows || i + kLastRows >= size;
    shown[i] = (heavy && within) || (at_end && weights[i] != Weight::kNone);
    if (heavy) ++nth;
  }
  // A gap of one event is not worth its line.
  for (size_t i = 1; i + 1 < size; ++i) {
    if (shown[i - 1] && shown[i + 1] && weights[i] != Weight::kNone) shown[i] = true;
  }
  return shown;
}

}  // namespace heddle
