// SPDX-License-Identifier: MIT

#include "heddle/core/step_log.h"

#include "heddle/core/runtime_scope.h"

namespace heddle {

void StepLog::Clear() {
  steps_.clear();
  accesses_.clear();
  waiting_.clear();
  is_replaced_.clear();
  refusal_ = nullptr;
}

void StepLog::BeginStep(TaskId task, uint32_t decisions_before, bool is_barrier) {
  const internal::RuntimeScope scope;
  steps_.push_back({.task = task,
                    .first_access = static_cast<uint32_t>(accesses_.size()),
                    .decisions_before = decisions_before,
                    .is_barrier = is_barrier});
  if (task.value >= is_replaced_.size() || !is_replaced_[task.value]) return;
  is_replaced_[task.value] = false;
  Order(ReplacementKey(task), AccessMode::kRead);
}

// Returns what the step under way does to an object, or null.
StepAccess* StepLog::Find(uint64_t object) {
  for (size_t i = steps_.back().first_access; i < accesses_.size(); ++i) {
    if (accesses_[i].object == object) return &accesses_[i];
  }
  return nullptr;
}

void StepLog::TouchByOperation(const StepAccess& access) {
  if (access.mode == AccessMode::kNone) return;
  const internal::RuntimeScope scope;
  accesses_.push_back(access);
  accesses_.back().is_operation = true;
}

void StepLog::Touch(uint64_t object, AccessMode mode) {
  StepAccess* const known = Find(object);
  if (known == nullptr) {
    const internal::RuntimeScope scope;
    accesses_.push_back({.object = object, .mode = mode});
  } else if (!known->is_operation && !known->orders_only && mode == AccessMode::kWrite) {
    known->mode = mode;
  }
}

void StepLog::Order(uint64_t object, AccessMode mode) {
  const internal::RuntimeScope scope;
  accesses_.push_back({.object = object, .mode = mode, .orders_only = true});
}

void StepLog::OrderByRelease(uint64_t lock, AccessMode mode) {
  StepAccess* const known = Find(lock);
  if (known == nullptr) {
    Order(lock, mode);
  } else if (!known->is_operation) {
    *known = {.object = lock, .mode = mode, .orders_only = true};
  }
}

void StepLog::Replace(TaskId task) {
  const internal::RuntimeScope scope;
  if (task.value >= is_replaced_.size()) is_replaced_.resize(size_t{task.value} + 1);
  is_replaced_[task.value] = true;
  Order(ReplacementKey(task), AccessMode::kWrite);
}

}  // namespace heddle
