// SPDX-License-Identifier: MIT
//
// RecursiveMutex: mutual exclusion between tasks, in which the holder may lock again. It is free
// once the holder has unlocked as often as it locked.
//
// Satisfies the standard's Lockable and TimedLockable, like std::recursive_timed_mutex.
//
// INVARIANT: at most one task holds it. Each execution begins with a free mutex.

#pragma once

#include <chrono>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/program_location.h"
#include "heddle/sync/clock.h"

namespace heddle {

class RecursiveMutex {
 public:
  // `name` is what reports call the mutex; it must outlive the execution.
  constexpr explicit RecursiveMutex(const char* name = "recursive mutex") : name_(name) {}
  RecursiveMutex(const RecursiveMutex&) = delete;
  RecursiveMutex& operator=(const RecursiveMutex&) = delete;

  // Fails: kMisuse if a task holds the mutex or waits for it.
  ~RecursiveMutex();

  // Acquires the mutex once no other task holds it.
  //
  // Scheduling point: before the acquire; none if the running task holds the mutex already.
  // Blocks:           until the holder has unlocked as often as it locked.
  // Fails:            never.
  // REQUIRES:         called from a task.
  void Lock(SourceLocation where = SourceLocation::Here());

  // Acquires the mutex if no other task holds it; returns whether it did.
  //
  // Scheduling point: before the attempt, and releases of this mutex become scheduling points; none
  //                   if the running task holds the mutex already.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryLock(SourceLocation where = SourceLocation::Here());

  // Acquires the mutex once no other task holds it, unless the clock reaches `deadline` before.
  // Returns whether it is held.
  //
  // Scheduling point: as TryLock.
  // Blocks:           until the holder has unlocked as often as it locked, or the deadline comes.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool LockUntil(VirtualTime deadline, SourceLocation where = SourceLocation::Here());

  // Undoes one lock; the last one lets go of the mutex.
  //
  // Scheduling point: none (before the release, once some task has looked at this mutex without
  //                   blocking on it).
  // Blocks:           never.
  // Fails:            kMisuse if the running task does not hold it.
  // REQUIRES:         called from a task.
  void Unlock(SourceLocation where = SourceLocation::Here());

  // The standard's spelling.
  void lock(SourceLocation where = SourceLocation::Here()) { Lock(internal::InProgram(where)); }
  bool try_lock(SourceLocation where = SourceLocation::Here()) {
    return TryLock(internal::InProgram(where));
  }
  void unlock(SourceLocation where = SourceLocation::Here()) { Unlock(internal::InProgram(where)); }
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& duration,
                    SourceLocation where = SourceLocation::Here()) {
    return LockUntil(internal::DeadlineIn(duration), internal::InProgram(where));
  }
  template <class Clock, class Duration>
  bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                      SourceLocation where = SourceLocation::Here()) {
    return LockUntil(internal::DeadlineAt(time), internal::InProgram(where));
  }

 private:
  ObjectId Resolve();
  bool LockAgain(ObjectId id);

  const char* name_;
  ObjectRef ref_;
};

}  // namespace heddle
