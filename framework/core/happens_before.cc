// SPDX-License-Identifier: MIT

#include "heddle/core/happens_before.h"

#include <algorithm>

#include "heddle/base/check.h"
#include "heddle/core/runtime_scope.h"

namespace heddle {

void HappensBefore::Reset() {
  task_rows_ = 0;
  object_rows_ = 0;
  is_demanded_ = false;
}

void HappensBefore::Spawn(TaskId parent, TaskId child) {
  if (!enabled_) return;
  if (child.value >= width_) Widen(size_t{child.value} + 1);
  HEDDLE_DCHECK(child.value == task_rows_) << "tasks are spawned in order of their ids";
  task_rows_ = size_t{child.value} + 1;
  if (clocks_.size() < task_rows_ * width_) clocks_.resize(task_rows_ * width_);
  uint32_t* row = &clocks_[Row(child)];
  if (parent == kNoTask) {
    std::fill_n(row, width_, 0U);
  } else {
    std::copy_n(&clocks_[Row(parent)], width_, row);
    Advance(parent);
  }
  row[child.value] = 1;
}

void HappensBefore::AcquireFrom(TaskId task, uint32_t clock) {
  if (!enabled_ || clock == 0) return;
  Merge(&clocks_[Row(task)], &object_clocks_[(clock - 1) * width_]);
}

void HappensBefore::ReleaseTo(TaskId task, uint32_t* clock) {
  if (!enabled_) return;
  Merge(ObjectRow(clock), &clocks_[Row(task)]);
  Advance(task);
}

void HappensBefore::ReleaseStore(TaskId task, Object* object) {
  if (!enabled_) return;
  std::copy_n(&clocks_[Row(task)], width_, ObjectRow(&object->clock));
  Advance(task);
}

void HappensBefore::Join(TaskId task, TaskId other) {
  if (!enabled_) return;
  Merge(&clocks_[Row(task)], &clocks_[Row(other)]);
}

void HappensBefore::Share(const Object& from, Object* to) {
  if (!enabled_ || from.clock == 0) return;
  uint32_t* const row = ObjectRow(&to->clock);
  Merge(row, &object_clocks_[(from.clock - 1) * width_]);
}

void HappensBefore::Forget(Object* object) {
  if (!enabled_ || object->clock == 0) return;
  std::fill_n(ObjectRow(&object->clock), width_, 0U);
}

void HappensBefore::Advance(TaskId task) {
  ++clocks_[Row(task) + task.value];
  internal::task_code.epoch = internal::kNoEpoch;
}

// Returns the row that `*clock` stands for, a new one for 0.
uint32_t* HappensBefore::ObjectRow(uint32_t* clock) {
  if (*clock == 0) {
    const internal::RuntimeScope scope;
    *clock = ++object_rows_;
    const size_t size = object_rows_ * width_;
    if (object_clocks_.size() < size) object_clocks_.resize(size);
    std::fill_n(&object_clocks_[size - width_], width_, 0U);
  }
  return &object_clocks_[(*clock - 1) * width_];
}

// Lays all rows out anew with room for more tasks; happens a few times in the life of a search.
void HappensBefore::Widen(size_t tasks) {
  const size_t old_width = width_;
  while (width_ < tasks) width_ *= 2;
  const auto widen = [&](std::vector<uint32_t>* rows, size_t count) {
    std::vector<uint32_t> wide(std::max(rows->size() / old_width, count) * width_, 0U);
    for (size_t row = 0; row < count; ++row) {
      std::copy_n(&(*rows)[row * old_width], old_width, &wide[row * width_]);
    }
    rows->swap(wide);
  };
  widen(&clocks_, task_rows_);
  widen(&object_clocks_, object_rows_);
}

void HappensBefore::Merge(uint32_t* into, const uint32_t* from) const {
  for (size_t i = 0; i < width_; ++i) into[i] = std::max(into[i], from[i]);
}

}  // namespace heddle
