// SPDX-License-Identifier: MIT
//
// ConditionVariableAny: a task that holds a lock of any kind lets go of it and waits to be
// notified. A notification that comes once the lock was let go is not lost; one that finds nobody
// waiting is.
//
// Has the interface of std::condition_variable_any, over everything that has lock and unlock:
//
//   std::shared_lock lock(table_mutex);
//   changed.wait(lock, [&] { return !table.empty(); });
//
// A wait may end without a notification, as a fault. Which waiter one notification reaches is a
// free choice.
//
// INVARIANT: a task that waits has let go of its lock.

#pragma once

#include <chrono>
#include <condition_variable>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "heddle/sync/clock.h"
#include "heddle/sync/waiter_list.h"

namespace heddle {

class ConditionVariableAny {
 public:
  // `name` is what reports call it; it must outlive the execution.
  constexpr explicit ConditionVariableAny(const char* name = "condition variable") : name_(name) {}
  ConditionVariableAny(const ConditionVariableAny&) = delete;
  ConditionVariableAny& operator=(const ConditionVariableAny&) = delete;

  // Tasks that have been notified need not have returned from their waits.
  // Fails: kMisuse if a task waits for a notification.
  ~ConditionVariableAny();

  // Lets go of `lock` and waits for a notification; holds `lock` again upon return.
  //
  // Scheduling point: before the wait begins, before the task goes on, and before the lock is
  //                   acquired again.
  // Blocks:           until notified, then until the lock is free. Any task may notify.
  // Fails:            kHang if no task is left that could notify; whatever `lock` does.
  // REQUIRES:         called from a task that holds `lock`.
  template <class Lock>
  void wait(Lock& lock, SourceLocation where = SourceLocation::Here()) {
    WaitUntil(lock, kNever, where);
  }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate predicate, SourceLocation where = SourceLocation::Here()) {
    while (!predicate()) WaitUntil(lock, kNever, where);
  }

  // As wait, but stops waiting for a notification when the clock reaches the deadline.
  template <class Lock, class Rep, class Period>
  std::cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& duration,
                          SourceLocation where = SourceLocation::Here()) {
    return StatusOf(lock, internal::DeadlineIn(duration), where);
  }
  template <class Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& duration, Predicate predicate,
                SourceLocation where = SourceLocation::Here()) {
    return WaitForPredicate(lock, internal::DeadlineIn(duration), predicate, where);
  }
  template <class Lock, class Clock, class Duration>
  std::cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time,
                            SourceLocation where = SourceLocation::Here()) {
    return StatusOf(lock, internal::DeadlineAt(time), where);
  }
  template <class Lock, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time,
                  Predicate predicate, SourceLocation where = SourceLocation::Here()) {
    return WaitForPredicate(lock, internal::DeadlineAt(time), predicate, where);
  }

  // Ends the wait of one task, which of them is a free choice, or of all.
  //
  // Scheduling point: before the notification.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  void notify_one(SourceLocation where = SourceLocation::Here());
  void notify_all(SourceLocation where = SourceLocation::Here());

 private:
  ObjectId Resolve();
  void Enter(internal::Waiter* waiter, SourceLocation where);
  Outcome Await(internal::Waiter* waiter, VirtualTime deadline, SourceLocation where);

  template <class Lock>
  Outcome WaitUntil(Lock& lock, VirtualTime deadline, SourceLocation where) {
    internal::Waiter waiter;
    Enter(&waiter, where);
    lock.unlock();
    const Outcome outcome = Await(&waiter, deadline, where);
    lock.lock();
    return outcome;
  }
  template <class Lock>
  std::cv_status StatusOf(Lock& lock, VirtualTime deadline, SourceLocation where) {
    const Outcome outcome = WaitUntil(lock, deadline, where);
    return outcome == Outcome::kTimedOut ? std::cv_status::timeout : std::cv_status::no_timeout;
  }
  template <class Lock, class Predicate>
  bool WaitForPredicate(Lock& lock, VirtualTime deadline, Predicate& predicate,
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
