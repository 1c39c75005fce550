// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/grace_period.h"

#include <algorithm>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace models::kernel::internal {

using heddle::Execution;

void read_domain::reset(heddle::ObjectId object) {
  object_ = object;
  last_number_ = 0;
  sections_.clear();
  periods_.clear();
  ended_ = {};
}

u64 read_domain::begin_section() {
  Execution& execution = Execution::Current();
  const heddle::internal::RuntimeScope scope;
  sections_.push_back({.number = ++last_number_, .task = execution.running().id});
  execution.happens_before().Acquire(execution.running().id, execution.object(object_));
  return last_number_;
}

void read_domain::end_section(u64 number) {
  Execution& execution = Execution::Current();
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const read_section& s) { return s.number == number; });
  HEDDLE_CHECK(found != sections_.end()) << "read section " << number << " does not exist";
  sections_.erase(found);
  heddle::HappensBefore& clocks = execution.happens_before();
  clocks.Release(execution.running().id, &ended_);
  for (grace_period* period : periods_) {
    if (number <= period->last_section) clocks.Release(execution.running().id, &period->readers);
  }
  execution.Changed(object_);
}

bool read_domain::has_section(u64 number) const {
  const heddle::TaskId self = Execution::Current().running().id;
  return std::any_of(sections_.begin(), sections_.end(), [&](const read_section& section) {
    return section.number == number && section.task == self;
  });
}

void read_domain::begin(grace_period* period) {
  Execution& execution = Execution::Current();
  const heddle::internal::RuntimeScope scope;
  period->last_section = last_number_;
  heddle::HappensBefore& clocks = execution.happens_before();
  clocks.Release(execution.running().id, &execution.object(object_));
  clocks.Release(execution.running().id, &period->readers);
  clocks.Share(ended_, &period->readers);
  periods_.push_back(period);
}

void read_domain::end(grace_period* period) {
  Execution& execution = Execution::Current();
  std::erase(periods_, period);
  execution.happens_before().Acquire(execution.running().id, period->readers);
}

bool read_domain::is_over(const grace_period& period) const {
  return std::none_of(sections_.begin(), sections_.end(), [&](const read_section& section) {
    return section.number <= period.last_section;
  });
}

void read_domain::add_readers(const grace_period& period, heddle::TaskSet* tasks) const {
  for (const read_section& section : sections_) {
    if (section.number <= period.last_section) tasks->Add(section.task);
  }
}

}  // namespace models::kernel::internal
