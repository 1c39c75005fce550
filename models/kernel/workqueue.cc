// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/workqueue.h"

#include "heddle/core/execution.h"
#include "heddle/core/task_set.h"
#include "heddle/detect/lock_order.h"
#include "models/kernel/completion.h"
#include "models/kernel/context.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/slab.h"
#include "models/kernel/warn.h"
#include "models/kernel/work_instances.h"

namespace models::kernel {

using heddle::Execution;
using heddle::OperationType;
using heddle::SourceLocation;
using internal::queue_state;
using internal::stand_at;
using internal::work_state;

static workqueue_struct events{STATIC_OBJECT_HANDLE("events"), false};
static workqueue_struct events_unbound{STATIC_OBJECT_HANDLE("events_unbound"), false};
workqueue_struct* const system_wq = &events;
workqueue_struct* const system_unbound_wq = &events_unbound;
workqueue_struct* const system_dfl_wq = &events_unbound;

static constexpr OperationType kQueue{.verb = "queue"};
static constexpr OperationType kCancel{.verb = "cancel"};
static constexpr OperationType kDisable{.verb = "disable"};
static constexpr OperationType kEnable{.verb = "enable"};
static constexpr OperationType kModify{.verb = "requeue"};
// What a flush has to wait for is settled when it begins.
static constexpr OperationType kBeginFlush{.verb = "begin flush",
                                           .access = heddle::AccessMode::kRead};
static constexpr OperationType kLook{.verb = "pending?", .access = heddle::AccessMode::kRead};

// ---- Queues

static workqueue_struct* new_queue(const char* name, bool is_ordered, SourceLocation where) {
  auto* wq = kzalloc_obj<workqueue_struct>(GFP_KERNEL, where);
  if (wq == nullptr) return nullptr;
  wq->is_ordered = is_ordered;
  internal::enter_queue(wq, name, {"alloc_workqueue", where});
  return wq;
}

workqueue_struct* alloc_ordered_workqueue(const char* name, unsigned int /*flags*/,
                                          SourceLocation where) {
  return new_queue(name, true, where);
}

workqueue_struct* alloc_workqueue(const char* name, unsigned int /*flags*/, int max_active,
                                  SourceLocation where) {
  return new_queue(name, max_active == 1, where);
}

void flush_workqueue(workqueue_struct* wq, SourceLocation where) {
  const queue_state* queue = stand_at(wq, kBeginFlush, {"flush_workqueue", where});
  internal::wait_for_queue(*queue, internal::last_instance(), where);
}

void drain_workqueue(workqueue_struct* wq, SourceLocation where) {
  queue_state* queue = stand_at(wq, kBeginFlush, {"drain_workqueue", where});
  ++queue->draining;
  internal::wait_for_queue(*queue, ~internal::instance_number{0}, where);
  --queue->draining;
}

void destroy_workqueue(workqueue_struct* wq, SourceLocation where) {
  queue_state* queue = stand_at(wq, kBeginFlush, {"destroy_workqueue", where});
  ++queue->draining;
  internal::wait_for_queue(*queue, ~internal::instance_number{0}, where);
  kfree(wq, where);
}

// ---- Items

void init_work(work_struct* work, work_func_t func, const char* name, SourceLocation where) {
  internal::enter_work(work, name, {"INIT_WORK", where});
  work->func = func;
}

// An item that comes from outside while its queue drains stays pending for ever, as in the kernel.
static void insert_unless_draining(queue_state* queue, work_state* state, SourceLocation where) {
  const bool is_foreign = queue->draining > 0 && !internal::is_worker_of(*queue);
  if (__warn_on(is_foreign, "an item was queued on a work queue that drains", where)) return;
  internal::insert_work(queue, state);
}

// Begins an instance if that is possible; who finds the item pending is seen by the pending run,
// too.
static bool try_begin_instance(work_state* state) {
  if (!state->is_pending && state->disabled > 0) return false;
  internal::order_before_run(*state);
  if (state->is_pending) return false;
  internal::begin_instance(state);
  return true;
}

bool queue_work(workqueue_struct* wq, work_struct* work, SourceLocation where) {
  work_state* state = stand_at(work, kQueue, {"queue_work", where});
  if (!try_begin_instance(state)) return false;
  insert_unless_draining(internal::find_queue(wq, {"queue_work", where}), state, where);
  return true;
}

// Nobody can queue the item meanwhile, or a function that queues itself again would never be done.
// For the order of locks, a wait counts also where the work does not run just now.
static void note_wait(const work_state& state, SourceLocation where) {
  heddle::LockOrder::Instance().OnWait(heddle::Execution::Current(),
                                       {.object = state.object, .where = where});
}

static void wait_for_runs(work_state* state, SourceLocation where) {
  note_wait(*state, where);
  ++state->disabled;
  while (true) {
    const internal::instance_number number = internal::running_instance(*state);
    if (number == internal::kNoInstance) break;
    internal::wait_for_instance(*state, number, where);
  }
  --state->disabled;
}

bool cancel_work(work_struct* work, SourceLocation where) {
  return internal::remove_work(stand_at(work, kCancel, {"cancel_work", where}));
}

bool cancel_work_sync(work_struct* work, SourceLocation where) {
  might_sleep(where);
  work_state* state = stand_at(work, kCancel, {"cancel_work_sync", where});
  const bool was_pending = internal::remove_work(state);
  wait_for_runs(state, where);
  return was_pending;
}

bool disable_work(work_struct* work, SourceLocation where) {
  work_state* state = stand_at(work, kDisable, {"disable_work", where});
  ++state->disabled;
  return internal::remove_work(state);
}

bool disable_work_sync(work_struct* work, SourceLocation where) {
  might_sleep(where);
  work_state* state = stand_at(work, kDisable, {"disable_work_sync", where});
  ++state->disabled;
  const bool was_pending = internal::remove_work(state);
  wait_for_runs(state, where);
  return was_pending;
}

bool enable_work(work_struct* work, SourceLocation where) {
  work_state* state = stand_at(work, kEnable, {"enable_work", where});
  if (__warn_on(state->disabled == 0, "enable_work without a disable_work before it", where)) {
    return true;
  }
  return --state->disabled == 0;
}

bool flush_work(work_struct* work, SourceLocation where) {
  might_sleep(where);
  const work_state* state = stand_at(work, kBeginFlush, {"flush_work", where});
  note_wait(*state, where);
  const internal::instance_number last = internal::last_begun_instance(*state);
  if (last == internal::kNoInstance) return false;
  internal::wait_for_instance(*state, last, where);
  return true;
}

bool work_pending(const work_struct* work, SourceLocation where) {
  return stand_at(const_cast<work_struct*>(work), kLook, {"work_pending", where})->is_pending;
}

unsigned int work_busy(work_struct* work, SourceLocation where) {
  Execution& execution = Execution::Current();
  execution.ObservedWithoutBlocking(internal::find_work(work, {"work_busy", where})->object);
  const work_state* state = stand_at(work, kLook, {"work_busy", where});
  const bool is_running = internal::running_instance(*state) != internal::kNoInstance;
  return (state->is_pending ? WORK_BUSY_PENDING : 0) | (is_running ? WORK_BUSY_RUNNING : 0);
}

void work_will_complete(work_struct* work, completion* x, SourceLocation where) {
  internal::completion_will_be_completed_by(
      x,
      [](const Execution& execution, const void* state, heddle::TaskSet* tasks) {
        internal::add_tasks_behind(execution, *static_cast<const work_state*>(state), tasks);
      },
      internal::find_work(work, {"work_will_complete", where}), where);
}

// ---- Items that are queued by a timer

// Queues the item in the step in which the timer expires.
static void delayed_work_timer_fn(timer_list* timer) {
  const SourceLocation where = SourceLocation::Here();
  delayed_work* dwork = from_timer(dwork, timer, timer);
  work_state* state = internal::find_work(&dwork->work, {"delayed_work_timer_fn", where});
  if (!state->is_pending) return;
  internal::order_before_run(*state);
  insert_unless_draining(internal::find_queue(dwork->wq, {"delayed_work_timer_fn", where}), state,
                         where);
}

void init_delayed_work(delayed_work* dwork, work_func_t func, const char* name,
                       SourceLocation where) {
  init_work(&dwork->work, func, name, where);
  timer_init(&dwork->timer, delayed_work_timer_fn, name, where);
  dwork->wq = nullptr;
}

static void queue_after(workqueue_struct* wq, delayed_work* dwork, unsigned long delay,
                        SourceLocation where) {
  dwork->wq = wq;
  if (delay > 0) {
    internal::arm_timer(&dwork->timer, jiffies + delay, where);
    return;
  }
  work_state* state = internal::find_work(&dwork->work, {"queue_after", where});
  insert_unless_draining(internal::find_queue(wq, {"queue_after", where}), state, where);
}

static bool grab_pending(work_state* state, delayed_work* dwork, SourceLocation where) {
  internal::disarm_timer(&dwork->timer, where);
  return internal::remove_work(state);
}

bool queue_delayed_work(workqueue_struct* wq, delayed_work* dwork, unsigned long delay,
                        SourceLocation where) {
  if (!try_begin_instance(stand_at(&dwork->work, kQueue, {"queue_delayed_work", where})))
    return false;
  queue_after(wq, dwork, delay, where);
  return true;
}

bool mod_delayed_work(workqueue_struct* wq, delayed_work* dwork, unsigned long delay,
                      SourceLocation where) {
  work_state* state = stand_at(&dwork->work, kModify, {"mod_delayed_work", where});
  const bool was_pending = grab_pending(state, dwork, where);
  if (try_begin_instance(state)) queue_after(wq, dwork, delay, where);
  return was_pending;
}

bool cancel_delayed_work(delayed_work* dwork, SourceLocation where) {
  return grab_pending(stand_at(&dwork->work, kCancel, {"cancel_delayed_work", where}), dwork,
                      where);
}

bool cancel_delayed_work_sync(delayed_work* dwork, SourceLocation where) {
  might_sleep(where);
  work_state* state = stand_at(&dwork->work, kCancel, {"cancel_delayed_work_sync", where});
  const bool was_pending = grab_pending(state, dwork, where);
  wait_for_runs(state, where);
  return was_pending;
}

bool disable_delayed_work(delayed_work* dwork, SourceLocation where) {
  work_state* state = stand_at(&dwork->work, kDisable, {"disable_delayed_work", where});
  ++state->disabled;
  return grab_pending(state, dwork, where);
}

bool disable_delayed_work_sync(delayed_work* dwork, SourceLocation where) {
  might_sleep(where);
  work_state* state = stand_at(&dwork->work, kDisable, {"disable_delayed_work_sync", where});
  ++state->disabled;
  const bool was_pending = grab_pending(state, dwork, where);
  wait_for_runs(state, where);
  return was_pending;
}

bool enable_delayed_work(delayed_work* dwork, SourceLocation where) {
  return enable_work(&dwork->work, where);
}

bool flush_delayed_work(delayed_work* dwork, SourceLocation where) {
  might_sleep(where);
  work_state* state = stand_at(&dwork->work, kModify, {"flush_delayed_work", where});
  if (internal::disarm_timer(&dwork->timer, where)) {
    insert_unless_draining(internal::find_queue(dwork->wq, {"flush_delayed_work", where}), state,
                           where);
  }
  return flush_work(&dwork->work, where);
}

}  // namespace models::kernel
