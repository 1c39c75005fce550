// SPDX-License-Identifier: MIT
//
// StepLog: which objects each step of an execution touched, for strategies that reason about
// dependence.
//
// A step touches the object of its operation, in the operation's mode, and whatever else the task
// did before its next scheduling point: a lock it let go of, a task it spawned, the end of the task
// itself. The latter only order: they cannot be exchanged with another task's operation, for that
// operation waits for them.
//
// Objects are identified by keys that are the same in every execution in which the object exists at
// the same place in the life of the task that made it; never by order of first use.
//
// Step 0 is what the body does before its first scheduling point.
//
// INVARIANT: steps are in order of execution, and their accesses are adjacent.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"

namespace heddle {

struct StepAccess {
  uint64_t object = 0;
  AccessMode mode = AccessMode::kWrite;
  // Orders the step before or after others, but is no operation that could have come first.
  bool orders_only = false;

  // Returns whether the two cannot be exchanged.
  bool IsDependentOn(const StepAccess& other) const {
    return object == other.object &&
           (mode == AccessMode::kWrite || other.mode == AccessMode::kWrite);
  }
};

// Keys of what is no object: the start and the end of a task, and the virtual clock.
inline uint64_t StartKey(TaskId task) {
  return (uint64_t{1} << 63) | (uint64_t{task.value} << 1);
}
inline uint64_t ExitKey(TaskId task) {
  return StartKey(task) | 1;
}
inline constexpr uint64_t kClockKey = uint64_t{1} << 62;

inline uint64_t KeyOf(const Object& object) {
  return reinterpret_cast<uintptr_t>(object.address);
}

class StepLog {
 public:
  struct Step {
    TaskId task;
    uint32_t first_access = 0;
    // Number of decisions taken before the step's task was chosen.
    uint32_t decisions_before = 0;
    bool is_barrier = false;
  };

  // A task that stood at an operation when the execution ended early.
  struct Waiting {
    TaskId task;
    StepAccess access;
  };

  void Clear() {
    steps_.clear();
    accesses_.clear();
    waiting_.clear();
  }

  // A barrier comes after all steps so far: its task waited for everybody.
  void BeginStep(TaskId task, uint32_t decisions_before, bool is_barrier) {
    steps_.push_back({.task = task,
                      .first_access = static_cast<uint32_t>(accesses_.size()),
                      .decisions_before = decisions_before,
                      .is_barrier = is_barrier});
  }
  void Touch(uint64_t object, AccessMode mode, bool orders_only) {
    if (mode == AccessMode::kNone) return;
    accesses_.push_back({.object = object, .mode = mode, .orders_only = orders_only});
  }

  void AddWaiting(TaskId task, uint64_t object, AccessMode mode) {
    if (mode == AccessMode::kNone) return;
    waiting_.push_back({.task = task, .access = {.object = object, .mode = mode}});
  }
  const std::vector<Waiting>& waiting() const { return waiting_; }

  size_t size() const { return steps_.size(); }
  const Step& operator[](size_t index) const { return steps_[index]; }
  std::span<const StepAccess> Accesses(size_t index) const {
    const size_t begin = steps_[index].first_access;
    const size_t end =
        index + 1 < steps_.size() ? steps_[index + 1].first_access : accesses_.size();
    return {accesses_.data() + begin, end - begin};
  }

 private:
  std::vector<Step> steps_;
  std::vector<StepAccess> accesses_;
  std::vector<Waiting> waiting_;
};

}  // namespace heddle
