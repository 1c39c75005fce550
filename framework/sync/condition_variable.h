// SPDX-License-Identifier: MIT
//
// ConditionVariable: a task that holds a Mutex lets go of it and waits to be notified, in one step.
// A notification that finds nobody waiting is lost.
//
// Satisfies the interface of std::condition_variable over std::unique_lock<heddle::Mutex>:
//
//   std::unique_lock lock(mutex);
//   changed.wait(lock, [&] { return !items.empty(); });
//
// For other kinds of locks there is ConditionVariableAny.
//
// A wait may end without a notification, as a fault: the standard allows it, and a program that
// does not test its condition again is found out. Which waiter one notification reaches is a free
// choice.
//
// INVARIANT: all tasks that wait at one time have come with the same mutex.

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "heddle/sync/clock.h"
#include "heddle/sync/mutex.h"

namespace heddle {

class ConditionVariable {
 public:
  // `name` is what reports call it; it must outlive the execution.
  constexpr explicit ConditionVariable(const char* name = "condition variable") : name_(name) {}
  ConditionVariable(const ConditionVariable&) = delete;
  ConditionVariable& operator=(const ConditionVariable&) = delete;

  // Tasks that have been notified need not have returned from their waits.
  // Fails: kMisuse if a task waits for a notification.
  ~ConditionVariable();

  // Lets go of `mutex` and waits for a notification; holds `mutex` again upon return.
  //
  // Scheduling point: before the wait begins, and before the mutex is acquired again.
  // Blocks:           until notified, then until the mutex is free. Any task may notify.
  // Fails:            kMisuse if the running task does not hold `mutex`, or if another task waits
  //                   with another mutex; kHang if no task is left that could notify.
  // REQUIRES:         called from a task.
  void Wait(Mutex& mutex, SourceLocation where = SourceLocation::Here()) {
    WaitUntil(mutex, kNever, where);
  }

  // As Wait, but stops waiting for a notification when the clock reaches `deadline`. Returns why it
  // stopped: kReady after a notification, kInterrupted without any reason.
  Outcome WaitUntil(Mutex& mutex, VirtualTime deadline,
                    SourceLocation where = SourceLocation::Here());

  // Ends the wait of one task, which of them is a free choice, or of all.
  //
  // Scheduling point: before the notification.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  void NotifyOne(SourceLocation where = SourceLocation::Here());
  void NotifyAll(SourceLocation where = SourceLocation::Here());

  // The standard's spelling.
  void notify_one(SourceLocation where = SourceLocation::Here()) { NotifyOne(where); }
  void notify_all(SourceLocation where = SourceLocation::Here()) { NotifyAll(where); }

  void wait(std::unique_lock<Mutex>& lock, SourceLocation where = SourceLocation::Here()) {
    CheckOwns(lock, where);
    Wait(*lock.mutex(), where);
  }
  template <class Predicate>
  void wait(std::unique_lock<Mutex>& lock, Predicate predicate,
            SourceLocation where = SourceLocation::Here()) {
    while (!predicate()) wait(lock, where);
  }

  template <class Rep, class Period>
  std::cv_status wait_for(std::unique_lock<Mutex>& lock,
                          const std::chrono::duration<Rep, Period>& duration,
                          SourceLocation where = SourceLocation::Here()) {
    return StatusOf(lock, internal::DeadlineIn(duration), where);
  }
  template <class Rep, class Period, class Predicate>
  bool wait_for(std::unique_lock<Mutex>& lock, const std::chrono::duration<Rep, Period>& duration,
                Predicate predicate, SourceLocation where = SourceLocation::Here()) {
    return WaitForPredicate(lock, internal::DeadlineIn(duration), predicate, where);
  }

  template <class Clock, class Duration>
  std::cv_status wait_until(std::unique_lock<Mutex>& lock,
                            const std::chrono::time_point<Clock, Duration>& time,
                            SourceLocation where = SourceLocation::Here()) {
    return StatusOf(lock, internal::DeadlineAt(time), where);
  }
  template <class Clock, class Duration, class Predicate>
  bool wait_until(std::unique_lock<Mutex>& lock,
                  const std::chrono::time_point<Clock, Duration>& time, Predicate predicate,
                  SourceLocation where = SourceLocation::Here()) {
    return WaitForPredicate(lock, internal::DeadlineAt(time), predicate, where);
  }

 private:
  ObjectId Resolve();
  void CheckOwns(const std::unique_lock<Mutex>& lock, SourceLocation where);
  void CheckMutex(ObjectId id, ObjectId mutex, SourceLocation where);

  std::cv_status StatusOf(std::unique_lock<Mutex>& lock, VirtualTime deadline,
                          SourceLocation where) {
    CheckOwns(lock, where);
    const Outcome outcome = WaitUntil(*lock.mutex(), deadline, where);
    return outcome == Outcome::kTimedOut ? std::cv_status::timeout : std::cv_status::no_timeout;
  }
  template <class Predicate>
  bool WaitForPredicate(std::unique_lock<Mutex>& lock, VirtualTime deadline, Predicate& predicate,
                        SourceLocation where) {
    while (!predicate()) {
      if (StatusOf(lock, deadline, where) == std::cv_status::timeout) return predicate();
    }
    return true;
  }

  const char* name_;
  ObjectRef ref_;
};

}  // namespace heddle
