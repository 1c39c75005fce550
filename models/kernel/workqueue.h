// SPDX-License-Identifier: GPL-2.0-only
//
// Work queues: functions that worker tasks run later, in process context.
//
// An ordered queue has one worker, "kworker/<queue>", which runs one item at a time in the order in
// which they were queued. The other queues have as many workers as items are there at once,
// "kworker/<queue>:1" and so on; an item that is queued again while it runs waits for its own
// worker, so it never runs on two at once.
//
// An item is pending from the moment it is queued until a worker takes it: the worker clears
// PENDING, then calls the function, in one step. So an item can be queued again while it runs, for
// one more run. A worker does not touch an item once its function has begun: the function may free
// it. An item that is freed while it is pending is a use after free by the worker.
//
// To report and to the wait graph an item is a lock that its worker holds while the function runs.
// Who flushes or cancels it waits for the worker that runs it or has to get there.
//
// Scheduling points: each function below has one before its effect, if nothing else is said.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/completion.h"
#include "models/kernel/list.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/object_name.h"
#include "models/kernel/timer.h"

namespace models::kernel {

struct work_struct;
using work_func_t = void (*)(work_struct* work);

struct work_struct {
  object_handle handle;
  work_func_t func;
};

struct workqueue_struct {
  object_handle handle;
  bool is_ordered;
};

struct delayed_work {
  work_struct work;
  timer_list timer;
  workqueue_struct* wq;  // Where the item goes once the timer has expired.
};

// ---- Queues

// Queues that are always there: items run concurrently.
extern workqueue_struct* const system_wq;
extern workqueue_struct* const system_unbound_wq;
extern workqueue_struct* const system_dfl_wq;  // What system_unbound_wq is called from 6.17 on.

inline constexpr unsigned int WQ_UNBOUND = 1U << 1;
inline constexpr unsigned int WQ_FREEZABLE = 1U << 2;
inline constexpr unsigned int WQ_MEM_RECLAIM = 1U << 3;
inline constexpr unsigned int WQ_HIGHPRI = 1U << 4;

// Returns a queue whose items run one at a time, or null. `name` must outlive the execution.
// Scheduling point: none. An allocation that may fail.
workqueue_struct* alloc_ordered_workqueue(
    const char* name, unsigned int flags = 0,
    heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns a queue whose items run concurrently, or null. `name` must outlive the execution.
// Scheduling point: none. An allocation that may fail.
workqueue_struct* alloc_workqueue(const char* name, unsigned int flags = 0, int max_active = 0,
                                  heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drains the queue and frees it. Blocks: as drain_workqueue.
void destroy_workqueue(workqueue_struct* wq,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Waits until all items that were queued before the call have run. Sleeps.
// Blocks: until then. Fails: kRecursiveDeadlock in an item of the queue.
void flush_workqueue(workqueue_struct* wq,
                     heddle::SourceLocation where = heddle::SourceLocation::Here());

// Waits until the queue is empty. Meanwhile only its own items may queue; others draw a warning.
// Sleeps.
void drain_workqueue(workqueue_struct* wq,
                     heddle::SourceLocation where = heddle::SourceLocation::Here());

// ---- Items

// INIT_WORK(&conn->pending_rx_work, process_pending_rx): the item is called
// "conn->pending_rx_work". Fails: kMisuse if the item is pending. Scheduling point: none.
#define INIT_WORK(work, func) \
  ::models::kernel::init_work(work, func, ::models::kernel::object_name(#work))
#define INIT_WORK_ONSTACK(work, func) INIT_WORK(work, func)
#define DECLARE_WORK(name, func) \
  ::models::kernel::work_struct name = {STATIC_OBJECT_HANDLE(#name), func}

void init_work(work_struct* work, work_func_t func, const char* name,
               heddle::SourceLocation where = heddle::SourceLocation::Here());

// Queues `work`. Returns false, and does nothing, if it is pending or disabled.
// Blocks: never; any context. Fails: kMisuse if the item was never initialised; kUseAfterFree.
bool queue_work(workqueue_struct* wq, work_struct* work,
                heddle::SourceLocation where = heddle::SourceLocation::Here());
inline bool schedule_work(work_struct* work,
                          heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return queue_work(system_wq, work, where);
}

// Takes `work` off its queue; a running function goes on. Returns whether it was pending.
bool cancel_work(work_struct* work, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes `work` off its queue and waits until its function does not run. Until the return it cannot
// be queued. Returns whether it was pending. Sleeps. Scheduling point: also before the wait, if the
// function runs. Fails:            kRecursiveDeadlock in the function itself.
bool cancel_work_sync(work_struct* work,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// Waits until the last queued instance of `work` has run or was cancelled. Returns false if there
// was nothing to wait for. Sleeps. Fails: kRecursiveDeadlock in the function itself, or in another
// item of the same ordered queue.
bool flush_work(work_struct* work, heddle::SourceLocation where = heddle::SourceLocation::Here());

// As cancel_work and cancel_work_sync; and from now on `work` cannot be queued, until enable_work
// was called as often as these.
bool disable_work(work_struct* work, heddle::SourceLocation where = heddle::SourceLocation::Here());
bool disable_work_sync(work_struct* work,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes one disable_work back. Returns whether `work` can be queued again.
bool enable_work(work_struct* work, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether `work` is pending: false while it only runs.
bool work_pending(const work_struct* work,
                  heddle::SourceLocation where = heddle::SourceLocation::Here());

// Says that runs of `work` complete `x`: whoever waits on `x` waits for the worker that runs the
// item or has to get there, and while it is neither pending nor running for anybody.
//
// Scheduling point: none. Blocks: never. Fails: kMisuse if one of them was never initialised.
void work_will_complete(work_struct* work, completion* x,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());

inline constexpr unsigned int WORK_BUSY_PENDING = 1U << 0;
inline constexpr unsigned int WORK_BUSY_RUNNING = 1U << 1;

// Returns whether `work` is pending, runs, or both. Makes the ends of its runs scheduling points.
unsigned int work_busy(work_struct* work,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// ---- Items that are queued by a timer

#define INIT_DELAYED_WORK(dwork, func) \
  ::models::kernel::init_delayed_work(dwork, func, ::models::kernel::object_name(#dwork))

void init_delayed_work(delayed_work* dwork, work_func_t func, const char* name,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

static inline delayed_work* to_delayed_work(work_struct* work) {
  return container_of(work, delayed_work, work);
}

// Queues `dwork` after `delay` jiffies, at once for 0. It is pending meanwhile. Returns false, and
// does nothing, if it was pending or is disabled.
bool queue_delayed_work(workqueue_struct* wq, delayed_work* dwork, unsigned long delay,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());
inline bool schedule_delayed_work(delayed_work* dwork, unsigned long delay,
                                  heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return queue_delayed_work(system_wq, dwork, delay, where);
}

// As cancel_delayed_work followed by queue_delayed_work, in one step. Returns whether it was
// pending.
bool mod_delayed_work(workqueue_struct* wq, delayed_work* dwork, unsigned long delay,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// As the functions of the same names without "delayed"; an armed timer counts as pending.
bool cancel_delayed_work(delayed_work* dwork,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());
bool cancel_delayed_work_sync(delayed_work* dwork,
                              heddle::SourceLocation where = heddle::SourceLocation::Here());
bool disable_delayed_work(delayed_work* dwork,
                          heddle::SourceLocation where = heddle::SourceLocation::Here());
bool disable_delayed_work_sync(delayed_work* dwork,
                               heddle::SourceLocation where = heddle::SourceLocation::Here());
bool enable_delayed_work(delayed_work* dwork,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());

// Queues an item whose timer is armed at once, then waits as flush_work.
bool flush_delayed_work(delayed_work* dwork,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());

inline bool delayed_work_pending(const delayed_work* dwork,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return work_pending(&dwork->work, where);
}

}  // namespace models::kernel
