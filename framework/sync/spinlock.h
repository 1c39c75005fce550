// SPDX-License-Identifier: MIT
//
// Spinlock: mutual exclusion by busy waiting. For the search a spinning task is a blocked one: the
// iterations that change nothing are left out, so a spinlock costs no more schedules than a mutex,
// and a task that would spin for ever is reported as the deadlock or hang it is.
//
// Whether a task may sleep while it holds one is a question of the world it lives in; whoever asks
// finds the spinlock among the task's holdings.
//
// Satisfies the standard's Lockable.
//
// INVARIANT: at most one task holds it. Each execution begins with a free spinlock.

#pragma once

#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/program_location.h"

namespace heddle {

class Spinlock {
 public:
  // `name` is what reports call the spinlock; it must outlive the execution.
  constexpr explicit Spinlock(const char* name = "spinlock") : name_(name) {}
  Spinlock(const Spinlock&) = delete;
  Spinlock& operator=(const Spinlock&) = delete;

  // Fails: kMisuse if a task holds the spinlock or spins on it.
  ~Spinlock();

  // Acquires the spinlock once no other task holds it.
  //
  // Scheduling point: before the acquire.
  // Blocks:           until the holder unlocks.
  // Fails:            kRecursiveDeadlock if the running task already holds it.
  // REQUIRES:         called from a task.
  void Lock(SourceLocation where = SourceLocation::Here());

  // Acquires the spinlock if no task holds it; returns whether it did.
  //
  // Scheduling point: before the attempt; and releases of this spinlock become scheduling points.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryLock(SourceLocation where = SourceLocation::Here());

  // Lets go of the spinlock.
  //
  // Scheduling point: none (before the release, once some task has looked at this spinlock without
  //                   blocking on it).
  // Blocks:           never.
  // Fails:            kMisuse if the running task does not hold it.
  // REQUIRES:         called from a task.
  void Unlock(SourceLocation where = SourceLocation::Here());

  // Returns whether some task holds the spinlock.
  //
  // Scheduling point: before the look; and releases of this spinlock become scheduling points.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool IsLocked(SourceLocation where = SourceLocation::Here());

  // Returns whether the running task holds the spinlock.
  //
  // Scheduling point: none; nobody else can change the answer.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool IsHeld();

  // The standard's spelling.
  void lock(SourceLocation where = SourceLocation::Here()) { Lock(internal::InProgram(where)); }
  bool try_lock(SourceLocation where = SourceLocation::Here()) {
    return TryLock(internal::InProgram(where));
  }
  void unlock(SourceLocation where = SourceLocation::Here()) { Unlock(internal::InProgram(where)); }

 private:
  ObjectId Resolve();

  const char* name_;
  ObjectRef ref_;
};

}  // namespace heddle
