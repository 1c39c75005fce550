// SPDX-License-Identifier: MIT

#include "heddle/strategy/urw.h"

#include <algorithm>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/strategy/random_walk.h"

namespace heddle {

bool Urw::BeginExecution() {
  log_.Clear();
  seen_ = 0;
  execution_ = nullptr;
  present_.clear();
  for (auto& [name, namesakes] : names_) namesakes.there = 0;
  return true;
}

// ---- Who is there

uint32_t Urw::FindProfile(std::string_view name, uint32_t parent) {
  auto found = names_.find(name);
  if (found == names_.end()) found = names_.emplace(name, Namesakes{}).first;
  Namesakes& namesakes = found->second;
  if (namesakes.there == namesakes.profiles.size()) {
    namesakes.profiles.push_back(static_cast<uint32_t>(profiles_.size()));
    profiles_.push_back({.parent = parent});
  }
  return namesakes.profiles[namesakes.there++];
}

void Urw::Meet(std::string_view name, TaskId parent) {
  const bool has_parent = parent.value < present_.size();
  const uint32_t profile = FindProfile(name, has_parent ? present_[parent.value].profile : kNone);
  if (has_parent) present_[parent.value].budget -= profiles_[profile].share;
  present_.push_back({.profile = profile, .budget = profiles_[profile].left});
}

// The log says in whose step a task was spawned.
void Urw::MeetTasks(const Execution& execution) {
  execution_ = &execution;
  const TaskList& tasks = execution.tasks();
  const auto next = [&] { return TaskId{static_cast<uint16_t>(present_.size())}; };
  if (present_.empty()) Meet(tasks[next()].name, kNoTask);
  for (; seen_ < log_.size(); ++seen_) {
    for (const StepAccess& access : log_.Accesses(seen_)) {
      if (present_.size() == tasks.size()) break;
      const bool is_spawn = access.object == StartKey(next()) && access.mode == AccessMode::kWrite;
      if (is_spawn) Meet(tasks[next()].name, log_[seen_].task);
    }
  }
  HEDDLE_CHECK(present_.size() == tasks.size())
      << "task " << present_.size() << " was spawned in no step of the log";
}

uint64_t Urw::Weight(const Execution& execution, TaskId task) const {
  const auto taken = static_cast<int64_t>(execution.tasks()[task].steps) * kStep;
  return static_cast<uint64_t>(std::max(kStep, present_[task.value].budget - taken));
}

// ---- Decisions

TaskId Urw::ChooseTask(const ChoicePoint& point) {
  MeetTasks(point.execution);
  TaskSet storage;
  const TaskSet& candidates = internal::SampleAlternatives(point, &random_, &storage);
  uint64_t total = 0;
  for (TaskId id = candidates.First(); id != kNoTask; id = candidates.After(id)) {
    total += Weight(point.execution, id);
  }
  uint64_t skip = random_.Below(total);
  TaskId id = candidates.First();
  for (uint64_t weight = 0; skip >= (weight = Weight(point.execution, id)); skip -= weight) {
    id = candidates.After(id);
  }
  return id;
}

uint32_t Urw::ChooseValue(const ValueChoice& choice) {
  return internal::SampleValue(choice, &random_);
}

// ---- Learning

// An execution that failed was cut short, and says too little of how long its tasks are.
void Urw::EndExecution(const ExecutionSummary& summary) {
  if (summary.failed || execution_ == nullptr) return;
  MeetTasks(*execution_);
  ++executions_;
  for (uint16_t i = 0; i < present_.size(); ++i) {
    Profile& profile = profiles_[present_[i].profile];
    ++profile.executions;
    profile.steps += execution_->tasks()[TaskId{i}].steps;
  }
  Expect();
}

// A child stands after its parent, so what is below a task is known when the task's turn comes.
void Urw::Expect() {
  for (Profile& profile : profiles_) profile.unborn = 0;
  for (size_t i = profiles_.size(); i > 0; --i) {
    Profile& profile = profiles_[i - 1];
    if (profile.executions == 0) continue;
    const auto times = static_cast<int64_t>(profile.executions);
    const auto mean = static_cast<int64_t>(profile.steps) * kStep / times;
    profile.left = mean + profile.unborn;
    profile.share = profile.left * times / static_cast<int64_t>(executions_);
    if (profile.parent != kNone) profiles_[profile.parent].unborn += profile.share;
  }
}

}  // namespace heddle
