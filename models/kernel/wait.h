// SPDX-License-Identifier: GPL-2.0-only
//
// Wait queues: tasks that sleep until somebody changes something and wakes them.
//
// The condition is the waiter's: it queues itself, then looks, and sleeps only if it was not woken
// since it queued itself. So a change followed by a wake_up is never missed; a wake_up before the
// change may be.
//
//   wait_event(q, hdev->req_status != HCI_REQ_PEND);
//
// The condition is evaluated in the code of the waiter, so its accesses are scheduling points as
// anywhere else, and it must not sleep.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/object_name.h"
#include "models/kernel/types.h"

namespace models::kernel {

struct wait_queue_head_t {
  object_handle handle;
};

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
  { .handle = STATIC_OBJECT_HANDLE(#name) }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
  ::models::kernel::wait_queue_head_t name = __WAIT_QUEUE_HEAD_INITIALIZER(name)

// init_waitqueue_head(&hdev->req_wait_q): called "hdev->req_wait_q".
#define init_waitqueue_head(wq_head) \
  ::models::kernel::__init_waitqueue_head(wq_head, ::models::kernel::object_name(#wq_head))

// Makes `wq_head` a new queue without waiters.
//
// Scheduling point: none. Blocks: never. Fails: kMisuse if somebody waits in it.
void __init_waitqueue_head(wait_queue_head_t* wq_head, const char* name,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());

// ---- Waking

// Wakes all waiters that are not exclusive, and the first that is. The _all form wakes everybody;
// the _interruptible form those whose wait a signal may end.
//
// Scheduling point: before the wake-up.
// Blocks:           never; any context.
// Fails:            kMisuse if the queue was never initialised; kUseAfterFree if it is gone.
void wake_up(wait_queue_head_t* wq_head,
             heddle::SourceLocation where = heddle::SourceLocation::Here());
void wake_up_nr(wait_queue_head_t* wq_head, int nr,
                heddle::SourceLocation where = heddle::SourceLocation::Here());
void wake_up_all(wait_queue_head_t* wq_head,
                 heddle::SourceLocation where = heddle::SourceLocation::Here());
void wake_up_interruptible(wait_queue_head_t* wq_head,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());
void wake_up_interruptible_all(wait_queue_head_t* wq_head,
                               heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether anybody waits in the queue.
//
// Scheduling point: before the look. Blocks: never. Fails: as wake_up.
bool waitqueue_active(wait_queue_head_t* wq_head,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// ---- Waiting

// Each waits until `condition` is true. Sleeps, but not before the condition was found false.
//
// Scheduling point: those of the condition; before queueing; before the sleep ends.
// Blocks:           until woken, and again while the condition is false.
// Fails:            kAtomicSleep where sleeping is forbidden; kMisuse if the queue was never
//                   initialised; kUseAfterFree if it is gone.
#define wait_event(wq_head, condition) \
  static_cast<void>(                   \
      HEDDLE_WAIT_EVENT(wq_head, condition, ::models::kernel::internal::NO_TIMEOUT, false, false))

// Returns 0, or -ERESTARTSYS if a signal came first, which is a fault.
#define wait_event_interruptible(wq_head, condition) \
  ::models::kernel::internal::wait_result(           \
      HEDDLE_WAIT_EVENT(wq_head, condition, ::models::kernel::internal::NO_TIMEOUT, true, false))
#define wait_event_killable(wq_head, condition) wait_event_interruptible(wq_head, condition)

// Returns the jiffies left, at least 1, if the condition is true; 0 if the time passed with the
// condition false. With a timeout of 0 it only looks.
#define wait_event_timeout(wq_head, condition, timeout) \
  HEDDLE_WAIT_EVENT(wq_head, condition, timeout, false, false)

// The same, or -ERESTARTSYS if a signal came first.
#define wait_event_interruptible_timeout(wq_head, condition, timeout) \
  HEDDLE_WAIT_EVENT(wq_head, condition, timeout, true, false)

// As an exclusive waiter: one wake_up wakes one of these, in the order in which they came.
#define wait_event_interruptible_exclusive(wq_head, condition) \
  ::models::kernel::internal::wait_result(                     \
      HEDDLE_WAIT_EVENT(wq_head, condition, ::models::kernel::internal::NO_TIMEOUT, true, true))
#define wait_event_exclusive(wq_head, condition) \
  static_cast<void>(                             \
      HEDDLE_WAIT_EVENT(wq_head, condition, ::models::kernel::internal::NO_TIMEOUT, false, true))

// ---- Implementation

namespace internal {

inline constexpr long NO_TIMEOUT = -1;

static inline int wait_result(long remaining) {
  return static_cast<int>(remaining);
}

// One call of wait_event: where the waiter is in it.
struct event_wait {
  long timeout = NO_TIMEOUT;
  unsigned long end = 0;  // In jiffies.
  u64 ticket = 0;         // Of its entry in the queue; 0 while there is none.
  long remaining = 0;     // What wait_event returns.
  bool is_interruptible = false;
  bool is_exclusive = false;
  bool has_timed_out = false;
};

event_wait begin_event_wait(long timeout, bool is_interruptible, bool is_exclusive,
                            heddle::SourceLocation where);

// The condition was found to be `condition`. Returns whether it has to be looked at once more; in
// between the waiter has queued itself, or slept.
bool continue_event_wait(wait_queue_head_t* wq_head, event_wait* wait, bool condition,
                         heddle::SourceLocation where);

}  // namespace internal

#define HEDDLE_WAIT_EVENT(wq_head, condition, timeout, is_interruptible, is_exclusive)             \
  ({                                                                                               \
    const ::heddle::SourceLocation wait_where = ::heddle::SourceLocation::Here();                  \
    ::models::kernel::internal::event_wait wait_state =                                            \
        ::models::kernel::internal::begin_event_wait(static_cast<long>(timeout), is_interruptible, \
                                                     is_exclusive, wait_where);                    \
    while (::models::kernel::internal::continue_event_wait(                                        \
        &(wq_head), &wait_state, static_cast<bool>(condition), wait_where)) {                      \
    }                                                                                              \
    wait_state.remaining;                                                                          \
  })

}  // namespace models::kernel
