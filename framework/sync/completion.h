// SPDX-License-Identifier: MIT
//
// Completion: a task waits until others have done something a number of times. Signals count: one
// that comes before the wait is not lost, and two let two waits pass.
//
// Anybody may complete, so a task that waits is reported as hanging only when no other task is
// left. Who knows better declares it:
//
//   heddle::Completion done{"probe.done"};
//   done.DeclareCompleter(prober);   // Nobody else will: if `prober` is stuck, so is who waits.
//   done.Wait();
//
// INVARIANT: waits passed <= signals given since the last reset. Each execution begins without any.

#pragma once

#include <chrono>
#include <cstdint>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "heddle/sync/clock.h"

namespace heddle {

class Completion {
 public:
  // `name` is what reports call the completion; it must outlive the execution.
  constexpr explicit Completion(const char* name = "completion") : name_(name) {}
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  // Fails: kMisuse if a task waits.
  ~Completion();

  // Gives one signal, or enough for all waits until the next reset.
  //
  // Scheduling point: before the signal.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  void Complete(SourceLocation where = SourceLocation::Here());
  void CompleteAll(SourceLocation where = SourceLocation::Here());

  // Takes one signal once there is one.
  //
  // Scheduling point: before the signal is taken.
  // Blocks:           until a signal is there.
  // Fails:            kHang if no task is left that may complete.
  // REQUIRES:         called from a task.
  void Wait(SourceLocation where = SourceLocation::Here());

  // As Wait, but gives up if a signal in the sense of kill(2) comes, as a fault. Returns whether
  // the completion was signalled.
  bool WaitInterruptible(SourceLocation where = SourceLocation::Here());

  // As Wait, but gives up when the clock reaches `deadline`, or if interrupted where that is
  // allowed. A deadline that has passed still takes a signal that is there.
  Outcome WaitUntil(VirtualTime deadline, bool interruptible = false,
                    SourceLocation where = SourceLocation::Here());
  template <class Rep, class Period>
  bool WaitFor(const std::chrono::duration<Rep, Period>& duration,
               SourceLocation where = SourceLocation::Here()) {
    return WaitUntil(internal::DeadlineIn(duration), false, where) == Outcome::kReady;
  }

  // Takes one signal if there is one; returns whether it did.
  //
  // Scheduling point: before the attempt.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryWait(SourceLocation where = SourceLocation::Here());

  // Returns whether there is a signal.
  //
  // Scheduling point: before the look.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool IsDone(SourceLocation where = SourceLocation::Here());

  // Forgets all signals, for use from the start.
  //
  // Scheduling point: before the reset.
  // Blocks:           never.
  // Fails:            kMisuse if a task waits.
  // REQUIRES:         called from a task.
  void Reset(SourceLocation where = SourceLocation::Here());

  // Says that `task` may complete, and that only tasks so declared will. Without any declaration
  // everybody may.
  //
  // Scheduling point: none.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task, before any task waits.
  void DeclareCompleter(TaskId task, SourceLocation where = SourceLocation::Here());

 private:
  ObjectId Resolve();

  const char* name_;
  ObjectRef ref_;
};

}  // namespace heddle
