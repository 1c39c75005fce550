// SPDX-License-Identifier: MIT

#include "heddle/strategy/random_walk.h"

namespace heddle {

namespace internal {

uint32_t SampleValue(const ValueChoice& choice, Random* random) {
  if (choice.is_fault && (choice.bound == 1 || random->Below(kRareEvery) != 0)) return 0;
  if (!choice.is_fault) return static_cast<uint32_t>(random->Below(choice.bound));
  return 1 + static_cast<uint32_t>(random->Below(choice.bound - 1));
}

const TaskSet& SampleAlternatives(const ChoicePoint& point, Random* random, TaskSet* storage) {
  if (!point.has_waiting) [[likely]]
    return point.alternatives;
  TaskSet& enabled = *storage;
  enabled.Clear();
  bool has_waiting = false;
  for (TaskId id = point.alternatives.First(); id != kNoTask; id = point.alternatives.After(id)) {
    if (point.enabled.Has(id)) {
      enabled.Add(id);
    } else {
      has_waiting = true;
    }
  }
  if (enabled.empty()) return point.alternatives;
  if (has_waiting && random->Below(kRareEvery) == 0) return point.alternatives;
  return enabled;
}

TaskId SampleTask(const ChoicePoint& point, Random* random) {
  TaskSet storage;
  const TaskSet& candidates = SampleAlternatives(point, random, &storage);
  uint64_t skip = random->Below(candidates.size());
  TaskId id = candidates.First();
  for (; skip > 0; --skip) id = candidates.After(id);
  return id;
}

}  // namespace internal

TaskId RandomWalk::ChooseTask(const ChoicePoint& point) {
  return internal::SampleTask(point, &random_);
}

uint32_t RandomWalk::ChooseValue(const ValueChoice& choice) {
  return internal::SampleValue(choice, &random_);
}

}  // namespace heddle
