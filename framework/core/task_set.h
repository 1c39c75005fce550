// SPDX-License-Identifier: MIT
//
// TaskSet: a set of tasks as a bit mask.
//
// Executions with at most 64 tasks, nearly all, work on one word; the set widens itself beyond
// that.
//
// INVARIANT: words at or past word_count_ are zero.

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "heddle/base/ids.h"

namespace heddle {

// Most tasks that one execution can have, whatever its limits say.
inline constexpr size_t kTaskCapacity = 1024;

class TaskSet {
 public:
  TaskSet() { words_[0] = 0; }
  TaskSet(const TaskSet& other) { CopyFrom(other); }
  TaskSet& operator=(const TaskSet& other) {
    CopyFrom(other);
    return *this;
  }

  void Clear() {
    word_count_ = 1;
    words_[0] = 0;
  }

  void Add(TaskId task) {
    const size_t index = task.value / 64;
    while (word_count_ <= index) words_[word_count_++] = 0;
    words_[index] |= Bit(task);
  }

  void Remove(TaskId task) {
    if (task.value / 64 < word_count_) words_[task.value / 64] &= ~Bit(task);
  }

  bool Has(TaskId task) const {
    return task.value / 64 < word_count_ && (words_[task.value / 64] & Bit(task)) != 0;
  }

  bool empty() const {
    for (size_t i = 0; i < word_count_; ++i) {
      if (words_[i] != 0) return false;
    }
    return true;
  }

  // Returns whether the set has exactly one member.
  bool IsSingle() const {
    // Not std::has_single_bit: without the popcnt instruction that is a function call.
    if (word_count_ == 1) return words_[0] != 0 && (words_[0] & (words_[0] - 1)) == 0;
    return size() == 1;
  }

  size_t size() const {
    size_t count = 0;
    for (size_t i = 0; i < word_count_; ++i) count += static_cast<size_t>(std::popcount(words_[i]));
    return count;
  }

  // Returns the smallest member, or kNoTask.
  TaskId First() const { return NextFrom(0); }

  // Returns the smallest member greater than `task`, or kNoTask.
  TaskId After(TaskId task) const { return NextFrom(size_t{task.value} + 1); }

  // Adds all members of `other`.
  void AddAll(const TaskSet& other) {
    while (word_count_ < other.word_count_) words_[word_count_++] = 0;
    for (size_t i = 0; i < other.word_count_; ++i) words_[i] |= other.words_[i];
  }

  // Returns whether the sets share a member.
  bool Intersects(const TaskSet& other) const {
    const size_t count = word_count_ < other.word_count_ ? word_count_ : other.word_count_;
    for (size_t i = 0; i < count; ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }

  friend bool operator==(const TaskSet& a, const TaskSet& b) {
    const size_t count = a.word_count_ > b.word_count_ ? a.word_count_ : b.word_count_;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t left = i < a.word_count_ ? a.words_[i] : 0;
      const uint64_t right = i < b.word_count_ ? b.words_[i] : 0;
      if (left != right) return false;
    }
    return true;
  }

 private:
  static uint64_t Bit(TaskId task) { return uint64_t{1} << (task.value % 64); }

  TaskId NextFrom(size_t start) const {
    size_t index = start / 64;
    if (index >= word_count_) return kNoTask;
    uint64_t word = words_[index] & (~uint64_t{0} << (start % 64));
    while (word == 0) {
      if (++index >= word_count_) return kNoTask;
      word = words_[index];
    }
    return TaskId{static_cast<uint16_t>(index * 64 + static_cast<size_t>(std::countr_zero(word)))};
  }

  void CopyFrom(const TaskSet& other) {
    word_count_ = other.word_count_;
    for (size_t i = 0; i < word_count_; ++i) words_[i] = other.words_[i];
  }

  size_t word_count_ = 1;
  std::array<uint64_t, kTaskCapacity / 64> words_;
};

}  // namespace heddle
