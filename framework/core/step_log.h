// SPDX-License-Identifier: MIT
//
// StepLog: which objects each step of an execution touched, for strategies that reason about
// dependence.
//
// A step touches the object of its operation, in the operation's mode, and whatever else the task
// does before its next scheduling point: state of other objects, a lock it lets go of, a task it
// spawns, its own end. Some of these only order: a release of a lock cannot be exchanged with an
// acquire that waits for it. All others could have come in the other order.
//
// Two steps are independent only if exchanging them leads to the same state; too many accesses cost
// a strategy time, one too few hides schedules from it.
//
// Objects are identified by keys that are the same in every execution of one trace: by their place
// in the life of the task that made them, never by order of first use.
//
// What depends on more than the trace (how often others ran meanwhile) cannot be reduced: the
// execution refuses it, with a sentence.
//
// Step 0 is what the body does before its first scheduling point.
//
// INVARIANT: steps are in order of execution, and their accesses are adjacent.

#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/core/operation.h"

namespace heddle {

enum class Blocking : uint8_t {
  kNo,
  kWhileHeld,  // The object is a simple lock: as long as it is held, and for no other reason.
  kMaybe,      // For reasons of its own.
};

struct StepAccess {
  uint64_t object = 0;
  AccessMode mode = AccessMode::kWrite;
  // Orders the step before or after others, but is no operation that could have come first.
  bool orders_only = false;
  // Declared by the step's operation.
  bool is_operation = false;
  // Whether the operation waits until it can be performed: what another step does to the object may
  // be what it waits for.
  Blocking blocking = Blocking::kNo;
  // The object is a simple lock, and was held before the step.
  bool was_held = false;

  // Returns whether the two cannot be exchanged.
  bool IsDependentOn(const StepAccess& other) const {
    return object == other.object &&
           (mode == AccessMode::kWrite || other.mode == AccessMode::kWrite);
  }
};

// Keys of what is no object: the start and the end of a task, the operation that somebody else put
// in place of its own, the order in which tasks come to be, the virtual clock.
inline uint64_t TaskKey(TaskId task, uint64_t aspect) {
  return (uint64_t{1} << 63) | (uint64_t{task.value} << 2) | aspect;
}
inline uint64_t StartKey(TaskId task) {
  return TaskKey(task, 0);
}
inline uint64_t ExitKey(TaskId task) {
  return TaskKey(task, 1);
}
inline uint64_t ReplacementKey(TaskId task) {
  return TaskKey(task, 2);
}
inline constexpr uint64_t kClockKey = uint64_t{1} << 62;
inline constexpr uint64_t kSpawnKey = kClockKey | 1;

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
    std::vector<StepAccess> accesses;
    bool could_go_on = false;
  };

  void Clear();

  // Begins a step. A barrier comes after all steps so far: its task waited for everybody.
  void BeginStep(TaskId task, uint32_t decisions_before, bool is_barrier);

  // The step's operation touches an object. What else the step does to it the mode says already.
  void TouchByOperation(const StepAccess& access);

  // The step touches an object besides; it could have done so before or after any other step.
  void Touch(uint64_t object, AccessMode mode);

  // The step is ordered before or after others by an object, and by nothing else.
  void Order(uint64_t object, AccessMode mode);

  // What the step did to a lock was to let go of it.
  void OrderByRelease(uint64_t lock, AccessMode mode);

  // Somebody put another operation in place of the one that `task` stood at.
  void Replace(TaskId task);

  void AddWaiting(Waiting waiting) { waiting_.push_back(std::move(waiting)); }
  const std::vector<Waiting>& waiting() const { return waiting_; }

  // The program does what no reduction allows: `sentence` says what, and what to use instead.
  void Refuse(const char* sentence) {
    if (refusal_ == nullptr) refusal_ = sentence;
  }
  // Null if nothing was refused.
  const char* refusal() const { return refusal_; }

  size_t size() const { return steps_.size(); }
  const Step& operator[](size_t index) const { return steps_[index]; }
  std::span<const StepAccess> Accesses(size_t index) const {
    const size_t begin = steps_[index].first_access;
    const size_t end =
        index + 1 < steps_.size() ? steps_[index + 1].first_access : accesses_.size();
    return {accesses_.data() + begin, end - begin};
  }

 private:
  StepAccess* Find(uint64_t object);

  std::vector<Step> steps_;
  std::vector<StepAccess> accesses_;
  std::vector<Waiting> waiting_;
  std::vector<bool> is_replaced_;  // Of the tasks: and no step since.
  const char* refusal_ = nullptr;
};

}  // namespace heddle
