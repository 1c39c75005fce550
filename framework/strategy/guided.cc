// SPDX-License-Identifier: MIT

#include "heddle/strategy/guided.h"

#include "heddle/core/execution.h"

namespace heddle {

static bool IsAboutValue(DeviationKind kind) {
  return kind == DeviationKind::kFault || kind == DeviationKind::kValue;
}

bool Deviation::SamePlace(const Deviation& other) const {
  return IsAboutValue(kind) == IsAboutValue(other.kind) && at == other.at && count == other.count;
}

Guided Guided::Recording(std::vector<Decision> decisions) {
  Guided guided({});
  guided.is_recording_ = true;
  guided.decisions_ = std::move(decisions);
  return guided;
}

const Deviation* Guided::Find(const Deviation& place) const {
  for (const Deviation& deviation : deviations_) {
    if (deviation.SamePlace(place)) return &deviation;
  }
  return nullptr;
}

TaskId Guided::ChooseTask(const ChoicePoint& point) {
  Deviation place{.kind = DeviationKind::kPreemption,
                  .at = point.running,
                  .count = point.execution.tasks()[point.running].steps,
                  .step = point.step + 1};
  TaskId wanted = point.preferred;
  if (is_recording_) {
    if (next_decision_ < decisions_.size()) wanted = decisions_[next_decision_].task();
    ++next_decision_;
  } else if (const Deviation* deviation = Find(place)) {
    wanted = TaskId{static_cast<uint16_t>(deviation->value)};
  }
  if (wanted == point.preferred || !point.alternatives.Has(wanted)) return point.preferred;
  if (!point.enabled.Has(wanted)) {
    place.kind = DeviationKind::kExpiry;
  } else if (!point.is_preemptible) {
    place.kind = DeviationKind::kSwitch;
  }
  place.value = wanted.value;
  applied_.push_back(place);
  return wanted;
}

uint64_t Guided::CountValueChoice(TaskId task) {
  if (task.value >= value_choices_.size()) value_choices_.resize(size_t{task.value} + 1, 0);
  return value_choices_[task.value]++;
}

uint32_t Guided::ChooseValue(const ValueChoice& choice) {
  const TaskId task = choice.execution.running().id;
  Deviation place{.kind = choice.is_fault ? DeviationKind::kFault : DeviationKind::kValue,
                  .at = task,
                  .count = CountValueChoice(task),
                  .step = choice.execution.step()};
  uint32_t wanted = 0;
  if (is_recording_) {
    if (next_decision_ < decisions_.size()) wanted = decisions_[next_decision_].value;
    ++next_decision_;
  } else if (const Deviation* deviation = Find(place)) {
    wanted = deviation->value;
  }
  if (wanted == 0 || wanted >= choice.bound) return 0;
  place.value = wanted;
  applied_.push_back(place);
  return wanted;
}

}  // namespace heddle
