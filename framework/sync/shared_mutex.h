// SPDX-License-Identifier: MIT
//
// SharedMutex: many tasks hold it shared, or one holds it exclusively. Writers are preferred: while
// one is queued, no further task gets the mutex shared. Hence the deadlock of a reader that locks
// again behind a queued writer, which is found as a cycle of the two.
//
// Satisfies the standard's SharedLockable, Lockable and their timed forms: std::shared_lock,
// std::unique_lock and std::scoped_lock work on it.
//
// A task may hold it shared more than once. There is no upgrade: a holder that asks for exclusive
// access waits for itself.
//
// INVARIANT: not held in both ways, and exclusively by at most one task. Each execution begins with
// a free mutex.

#pragma once

#include <chrono>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "heddle/core/program_location.h"
#include "heddle/sync/clock.h"

namespace heddle {

class SharedMutex {
 public:
  // `name` is what reports call the mutex; it must outlive the execution.
  constexpr explicit SharedMutex(const char* name = "shared mutex") : name_(name) {}
  SharedMutex(const SharedMutex&) = delete;
  SharedMutex& operator=(const SharedMutex&) = delete;

  // Fails: kMisuse if a task holds the mutex or waits for it.
  ~SharedMutex();

  // Acquires the mutex exclusively once no other task holds it in any way.
  //
  // Scheduling point: before the task queues up, and again before the acquire if the mutex was held
  //                   then.
  // Blocks:           until all holders unlock.
  // Fails:            kRecursiveDeadlock if the running task already holds it in any way.
  // REQUIRES:         called from a task.
  void Lock(SourceLocation where = SourceLocation::Here());

  // As Lock, but gives up if a signal comes, as a fault. Returns whether the mutex is held.
  // Releases of this mutex become scheduling points.
  bool LockInterruptible(SourceLocation where = SourceLocation::Here());

  // As Lock, but gives up when the clock reaches `deadline`. Returns whether the mutex is held.
  // Releases of this mutex become scheduling points.
  bool LockUntil(VirtualTime deadline, SourceLocation where = SourceLocation::Here());

  // Acquires the mutex exclusively if no task holds it in any way; returns whether it did.
  //
  // Scheduling point: before the attempt; and releases of this mutex become scheduling points.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryLock(SourceLocation where = SourceLocation::Here());

  // Acquires the mutex shared once no task holds it exclusively or is queued to.
  //
  // Scheduling point: before the acquire.
  // Blocks:           until the writer, and those queued, have come and gone.
  // Fails:            kRecursiveDeadlock if the running task holds it exclusively; kDeadlock if it
  //                   holds it shared and a writer is queued.
  // REQUIRES:         called from a task.
  void LockShared(SourceLocation where = SourceLocation::Here());

  // As LockShared, but gives up if a signal comes, as a fault. Returns whether the mutex is held.
  // Releases of this mutex become scheduling points.
  bool LockSharedInterruptible(SourceLocation where = SourceLocation::Here());

  // As LockShared, but gives up when the clock reaches `deadline`. Returns whether the mutex is
  // held. Releases of this mutex become scheduling points.
  bool LockSharedUntil(VirtualTime deadline, SourceLocation where = SourceLocation::Here());

  // Acquires the mutex shared if no task holds it exclusively or is queued to; returns whether it
  // did.
  //
  // Scheduling point: before the attempt; and releases of this mutex become scheduling points.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryLockShared(SourceLocation where = SourceLocation::Here());

  // Lets go of the mutex. Downgrade keeps it shared.
  //
  // Scheduling point: none (before the release, once some task has looked at this mutex without
  //                   blocking on it).
  // Blocks:           never.
  // Fails:            kMisuse if the running task does not hold it in that way.
  // REQUIRES:         called from a task.
  void Unlock(SourceLocation where = SourceLocation::Here());
  void UnlockShared(SourceLocation where = SourceLocation::Here());
  void Downgrade(SourceLocation where = SourceLocation::Here());

  // Returns whether some task holds the mutex in any way.
  //
  // Scheduling point: before the look; and releases of this mutex become scheduling points.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool IsLocked(SourceLocation where = SourceLocation::Here());

  // Returns whether the running task holds the mutex exclusively, or in any way.
  //
  // Scheduling point: none; nobody else can change the answer.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool IsHeldExclusively();
  bool IsHeld();

  // The standard's spelling.
  void lock(SourceLocation where = SourceLocation::Here()) { Lock(internal::InProgram(where)); }
  bool try_lock(SourceLocation where = SourceLocation::Here()) {
    return TryLock(internal::InProgram(where));
  }
  void unlock(SourceLocation where = SourceLocation::Here()) { Unlock(internal::InProgram(where)); }
  void lock_shared(SourceLocation where = SourceLocation::Here()) {
    LockShared(internal::InProgram(where));
  }
  bool try_lock_shared(SourceLocation where = SourceLocation::Here()) {
    return TryLockShared(internal::InProgram(where));
  }
  void unlock_shared(SourceLocation where = SourceLocation::Here()) {
    UnlockShared(internal::InProgram(where));
  }
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
  template <class Rep, class Period>
  bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                           SourceLocation where = SourceLocation::Here()) {
    return LockSharedUntil(internal::DeadlineIn(duration), internal::InProgram(where));
  }
  template <class Clock, class Duration>
  bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                             SourceLocation where = SourceLocation::Here()) {
    return LockSharedUntil(internal::DeadlineAt(time), internal::InProgram(where));
  }

 private:
  ObjectId Resolve();
  bool Acquire(Operation wait);
  bool AcquireShared(Operation wait);
  void PointBeforeRelease(ObjectId id, SourceLocation where);

  const char* name_;
  ObjectRef ref_;
};

}  // namespace heddle
