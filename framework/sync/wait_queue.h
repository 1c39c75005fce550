// SPDX-License-Identifier: MIT
//
// WaitQueue: tasks wait until another one wakes them. A wake-up that finds nobody in the queue is
// lost, so a task enters the queue first, tests its condition next, and then blocks:
//
//   queue.Wait([&] { return ready.load(); });
//
// or, where the test and the sleep stand apart:
//
//   heddle::WaitQueue::Entry entry(queue);      // From here on no wake-up is lost.
//   while (!ready.load()) entry.Block();
//
// A wake-up takes the entry out of the queue; Block enters it again, in the same step as it
// returns, so that the next test of the condition comes after the entry, too.
//
// INVARIANT: each wake-up reaches one entry (WakeOne) or all entries (WakeAll) that are in the
// queue at that moment. Each execution begins with an empty queue.

#pragma once

#include <chrono>
#include <cstddef>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "heddle/sync/clock.h"
#include "heddle/sync/waiter_list.h"

namespace heddle {

class WaitQueue {
 public:
  // How a wait may end other than by a wake-up.
  struct Limits {
    VirtualTime deadline = kNever;
    bool interruptible = false;
  };

  // One stay of the running task in a queue, from construction to destruction.
  class Entry {
   public:
    // Enters the queue.
    //
    // Scheduling point: before the entry.
    // Blocks:           never.
    // Fails:            never.
    // REQUIRES:         called from a task, which also destroys the entry.
    explicit Entry(WaitQueue& queue, SourceLocation where = SourceLocation::Here());
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry();

    // Waits until the entry has been woken, since it was entered or since the last Block.
    //
    // Scheduling point: before the task goes on.
    // Blocks:           until woken, or as `limits` say. Any task may wake it.
    // Fails:            kHang if no task is left that could.
    // REQUIRES:         called from the task that entered.
    Outcome Block(Limits limits, SourceLocation where = SourceLocation::Here());
    void Block(SourceLocation where = SourceLocation::Here()) { Block(Limits{}, where); }

   private:
    WaitQueue& queue_;
    internal::Waiter waiter_;
  };

  // `name` is what reports call the queue; it must outlive the execution.
  constexpr explicit WaitQueue(const char* name = "wait queue") : name_(name) {}
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;

  // Fails: kMisuse if a task is blocked in the queue.
  ~WaitQueue();

  // Waits until `condition()` holds. Whoever makes it hold wakes the queue afterwards. Returns why
  // the wait ended; kReady exactly if the condition held when it was tested last.
  //
  // Scheduling point: before the entry, as Entry::Block, and whatever `condition` does. None if the
  //                   condition holds at once.
  // Blocks:           until woken with the condition true, or as `limits` say.
  // Fails:            kHang if no task is left that could wake it.
  // REQUIRES:         called from a task.
  template <class Condition>
  Outcome Wait(Condition condition, Limits limits, SourceLocation where = SourceLocation::Here());
  template <class Condition>
  void Wait(Condition condition, SourceLocation where = SourceLocation::Here()) {
    Wait(condition, Limits{}, where);
  }
  template <class Rep, class Period, class Condition>
  bool WaitFor(const std::chrono::duration<Rep, Period>& duration, Condition condition,
               SourceLocation where = SourceLocation::Here()) {
    const Limits limits{.deadline = internal::DeadlineIn(duration)};
    return Wait(condition, limits, where) == Outcome::kReady;
  }

  // Wakes one entry, which of them is a free choice, or all entries. Returns whether there was one,
  // or how many.
  //
  // Scheduling point: before the wake-up.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool WakeOne(SourceLocation where = SourceLocation::Here());
  size_t WakeAll(SourceLocation where = SourceLocation::Here());

  // Returns whether there is an entry in the queue.
  //
  // Scheduling point: before the look.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  bool HasWaiters(SourceLocation where = SourceLocation::Here());

 private:
  ObjectId Resolve();
  internal::WaiterList Waiters();

  const char* name_;
  ObjectRef ref_;
};

// ---- Implementation

template <class Condition>
Outcome WaitQueue::Wait(Condition condition, Limits limits, SourceLocation where) {
  if (condition()) return Outcome::kReady;
  Entry entry(*this, where);
  while (!condition()) {
    const Outcome outcome = entry.Block(limits, where);
    if (outcome == Outcome::kReady) continue;
    return condition() ? Outcome::kReady : outcome;
  }
  return Outcome::kReady;
}

}  // namespace heddle
