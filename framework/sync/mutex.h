// SPDX-License-Identifier: MIT
//
// Mutex: mutual exclusion between tasks. Not recursive; no order among waiters is promised, so each
// of them may be the next owner.
//
// Satisfies the standard's Lockable and TimedLockable: std::lock_guard, std::unique_lock and
// std::scoped_lock work on it.
//
//   heddle::Mutex mutex{"queue.lock"};
//   ...
//   const std::lock_guard guard(mutex);
//
// INVARIANT: at most one task holds it. Each execution begins with a free mutex.

#pragma once

#include <chrono>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "heddle/core/program_location.h"
#include "heddle/sync/clock.h"

namespace heddle {

class Mutex {
 public:
  // `name` is what reports call the mutex; it must outlive the execution.
  constexpr explicit Mutex(const char* name = "mutex") : name_(name) {}
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  // Fails: kMisuse if a task holds the mutex or waits for it.
  ~Mutex();

  // Acquires the mutex once no other task holds it.
  //
  // Scheduling point: before the acquire.
  // Blocks:           until the holder unlocks.
  // Fails:            kRecursiveDeadlock if the running task already holds it.
  // REQUIRES:         called from a task.
  void Lock(SourceLocation where = SourceLocation::Here());

  // Acquires the mutex once no other task holds it, or gives up. Returns whether it is held.
  //
  // Scheduling point: before the acquire; and releases of this mutex become scheduling points.
  // Blocks:           until the holder unlocks or, as a fault, a signal comes.
  // Fails:            kRecursiveDeadlock if the running task already holds it.
  // REQUIRES:         called from a task.
  bool LockInterruptible(SourceLocation where = SourceLocation::Here());

  // Acquires the mutex if no task holds it; returns whether it did. Never fails without a reason.
  //
  // Scheduling point: before the attempt; and releases of this mutex become scheduling points.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool TryLock(SourceLocation where = SourceLocation::Here());

  // Acquires the mutex once no other task holds it, unless the clock reaches `deadline` before.
  // Returns whether it is held.
  //
  // Scheduling point: before the acquire; and releases of this mutex become scheduling points.
  // Blocks:           until the holder unlocks or the deadline comes.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool LockUntil(VirtualTime deadline, SourceLocation where = SourceLocation::Here());

  // Lets go of the mutex.
  //
  // Scheduling point: none (before the release, once some task has looked at this mutex without
  //                   blocking on it).
  // Blocks:           never.
  // Fails:            kMisuse if the running task does not hold it.
  // REQUIRES:         called from a task.
  void Unlock(SourceLocation where = SourceLocation::Here());

  // Returns whether some task holds the mutex.
  //
  // Scheduling point: before the look; and releases of this mutex become scheduling points.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool IsLocked(SourceLocation where = SourceLocation::Here());

  // Returns whether the running task holds the mutex.
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
  friend class ConditionVariable;

  ObjectId Resolve();
  // What a notified waiter stands at before it holds the mutex again.
  static Operation WakeUp(ObjectId id, SourceLocation where);
  void Take(ObjectId id, SourceLocation where, bool is_trylock = false);
  void Release(ObjectId id, SourceLocation where);

  const char* name_;
  ObjectRef ref_;
};

}  // namespace heddle
