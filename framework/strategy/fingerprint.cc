// SPDX-License-Identifier: MIT

#include "heddle/strategy/fingerprint.h"

#include <algorithm>
#include <utility>

namespace heddle {

// The finaliser of SplitMix64.
static uint64_t Scramble(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

static uint64_t Mix(uint64_t hash, uint64_t value) {
  return Scramble((hash ^ value) + 0x9e3779b97f4a7c15U);
}

static constexpr size_t kTableSizeMin = 64;

Fingerprint::History& Fingerprint::HistoryOf(uint64_t object) {
  if (2 * used_ >= table_.size()) Grow();
  const size_t mask = table_.size() - 1;
  size_t i = Scramble(object) & mask;
  while (table_[i].execution == execution_ && table_[i].object != object) i = (i + 1) & mask;
  if (table_[i].execution != execution_) {
    table_[i] = {.object = object, .execution = execution_};
    ++used_;
  }
  return table_[i];
}

void Fingerprint::Grow() {
  std::vector<History> old = std::exchange(table_, {});
  table_.resize(std::max(2 * old.size(), kTableSizeMin));
  used_ = 0;
  for (const History& history : old) {
    if (history.execution == execution_) HistoryOf(history.object) = history;
  }
}

uint64_t& Fingerprint::LastOf(TaskId task) {
  if (task.value >= last_of_.size()) last_of_.resize(size_t{task.value} + 1, 0);
  return last_of_[task.value];
}

uint64_t Fingerprint::PastOf(const StepLog& log, size_t step) {
  uint64_t hash = Mix(LastOf(log[step].task), log[step].task.value);
  for (const StepAccess& access : log.Accesses(step)) {
    const History& history = HistoryOf(access.object);
    hash = Mix(hash, history.write);
    if (access.mode == AccessMode::kWrite) hash = Mix(hash, history.reads);
  }
  if (!log[step].is_barrier) return hash;
  uint64_t all = 0;
  for (const uint64_t last : last_of_) all += last;
  return Mix(hash, all);
}

void Fingerprint::Enter(const StepLog& log, size_t step, uint64_t hash) {
  LastOf(log[step].task) = hash;
  for (const StepAccess& access : log.Accesses(step)) {
    History& history = HistoryOf(access.object);
    if (access.mode == AccessMode::kWrite) {
      history.write = hash;
      history.reads = 0;
    } else {
      history.reads += hash;
    }
  }
}

uint64_t Fingerprint::Of(const StepLog& log, std::span<const Decision> decisions) {
  ++execution_;
  used_ = 0;
  std::fill(last_of_.begin(), last_of_.end(), 0);
  uint64_t sum = 0;
  for (size_t step = 0; step < log.size(); ++step) {
    uint64_t hash = PastOf(log, step);
    const size_t end =
        step + 1 < log.size() ? size_t{log[step + 1].decisions_before} : decisions.size();
    for (size_t i = log[step].decisions_before; i < end; ++i) {
      if (decisions[i].is_value != 0) hash = Mix(hash, uint64_t{decisions[i].value} + 1);
    }
    Enter(log, step, hash);
    sum += hash;
  }
  return sum;
}

}  // namespace heddle
