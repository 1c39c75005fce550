// SPDX-License-Identifier: GPL-2.0-only
//
// A waiter is in the queue from the first time its condition was false until it leaves wait_event.
// As in the kernel, being woken takes it out for the moment until it has queued itself again, which
// it does in the same step: so a second wake-up in between, which it would miss, cannot be told
// from one before the first.

#include "models/kernel/wait.h"

#include <algorithm>
#include <vector>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/errno.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/per_execution.h"

namespace models::kernel {

using heddle::Execution;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::Outcome;
using heddle::SourceLocation;
using internal::event_wait;
using internal::primitive_call;

namespace {

constexpr heddle::ObjectType kWaitQueue{.noun = "wait queue"};

struct waiter {
  ObjectId queue;
  u64 ticket = 0;
  bool is_interruptible = false;
  bool is_exclusive = false;
  bool is_woken = false;
};

struct waiter_world {
  std::vector<waiter> waiters;  // Of all queues, in the order in which they came.
  u64 last_ticket = 0;

  void reset() {
    waiters.clear();
    last_ticket = 0;
  }
};

per_execution<waiter_world> world;

auto find_waiter(u64 ticket) {
  const auto found = std::find_if(world->waiters.begin(), world->waiters.end(),
                                  [&](const waiter& w) { return w.ticket == ticket; });
  HEDDLE_CHECK(found != world->waiters.end()) << "waiter " << ticket << " is in no queue";
  return found;
}

bool is_woken(const Execution& execution, const Operation& operation) {
  return internal::is_gone(execution.object(operation.object)) ||
         find_waiter(operation.argument)->is_woken;
}

constexpr OperationType kQueue{.verb = "queue in"};
constexpr OperationType kSleep{
    .verb = "wait in", .ready = is_woken, .rule = heddle::WaitRule::kAnyone};
constexpr OperationType kWake{.verb = "wake"};
constexpr OperationType kWakeAll{.verb = "wake all in"};
constexpr OperationType kIsActive{.verb = "is active", .access = heddle::AccessMode::kRead};

// ---- Waiting

void enqueue(ObjectId queue, event_wait* wait) {
  const heddle::internal::RuntimeScope scope;
  wait->ticket = ++world->last_ticket;
  world->waiters.push_back({.queue = queue,
                            .ticket = wait->ticket,
                            .is_interruptible = wait->is_interruptible,
                            .is_exclusive = wait->is_exclusive});
}

void dequeue(event_wait* wait) {
  if (wait->ticket == 0) return;
  world->waiters.erase(find_waiter(wait->ticket));
  wait->ticket = 0;
}

bool finish(event_wait* wait, long remaining) {
  dequeue(wait);
  wait->remaining = remaining;
  return false;
}

// What a wait returns whose condition is true.
long time_left(const event_wait& wait) {
  if (wait.timeout == internal::NO_TIMEOUT) return 0;
  return time_before(jiffies, wait.end) ? static_cast<long>(wait.end - jiffies) : 1;
}

// Sleeps once. Returns whether the condition has to be looked at again.
bool sleep(wait_queue_head_t* wq_head, event_wait* wait, const primitive_call& call) {
  Execution& execution = Execution::Current();
  const bool is_forever =
      wait->timeout < 0 || wait->timeout == static_cast<long>(MAX_SCHEDULE_TIMEOUT);
  Operation operation{.type = &kSleep,
                      .argument = wait->ticket,
                      .deadline = is_forever ? heddle::kNever : time_of_jiffy(wait->end),
                      .interruptible = wait->is_interruptible};
  const Outcome outcome = internal::stand_at(&wq_head->handle, call, &operation);
  if (outcome == Outcome::kInterrupted) return finish(wait, -ERESTARTSYS);
  if (outcome == Outcome::kTimedOut) {
    wait->has_timed_out = true;
    return true;
  }
  execution.happens_before().Acquire(execution.running().id, execution.object(operation.object));
  dequeue(wait);
  enqueue(operation.object, wait);
  return true;
}

// ---- Waking

struct wake_options {
  int exclusive_max = 1;  // 0: all of them.
  bool only_interruptible = false;
};

void wake(wait_queue_head_t* wq_head, const wake_options& options, const primitive_call& call) {
  Execution& execution = Execution::Current();
  Operation operation{.type = options.exclusive_max == 0 ? &kWakeAll : &kWake};
  internal::stand_at(&wq_head->handle, call, &operation);
  int exclusive_woken = 0;
  for (waiter& w : world->waiters) {
    if (w.queue != operation.object || w.is_woken) continue;
    if (options.only_interruptible && !w.is_interruptible) continue;
    if (w.is_exclusive && options.exclusive_max != 0 &&
        exclusive_woken++ >= options.exclusive_max) {
      continue;
    }
    w.is_woken = true;
  }
  execution.happens_before().Release(execution.running().id, &execution.object(operation.object));
  execution.Changed(operation.object);
}

}  // namespace

event_wait internal::begin_event_wait(long timeout, bool is_interruptible, bool is_exclusive,
                                      SourceLocation where) {
  might_sleep(where);
  event_wait wait{
      .timeout = timeout, .is_interruptible = is_interruptible, .is_exclusive = is_exclusive};
  if (timeout > 0) wait.end = jiffies + static_cast<unsigned long>(timeout);
  return wait;
}

bool internal::continue_event_wait(wait_queue_head_t* wq_head, event_wait* wait, bool condition,
                                   SourceLocation where) {
  const primitive_call call{kWaitQueue, "wait_event", where};
  if (condition) return finish(wait, time_left(*wait));
  if (wait->timeout == 0 || wait->has_timed_out) return finish(wait, 0);
  if (wait->ticket != 0) return sleep(wq_head, wait, call);
  Operation operation{.type = &kQueue};
  stand_at(&wq_head->handle, call, &operation);
  enqueue(operation.object, wait);
  return true;
}

void __init_waitqueue_head(wait_queue_head_t* wq_head, const char* name, SourceLocation where) {
  internal::init_object(&wq_head->handle, sizeof(*wq_head), name,
                        {kWaitQueue, "init_waitqueue_head", where});
}

void wake_up(wait_queue_head_t* wq_head, SourceLocation where) {
  wake(wq_head, {}, {kWaitQueue, "wake_up", where});
}

void wake_up_nr(wait_queue_head_t* wq_head, int nr, SourceLocation where) {
  wake(wq_head, {.exclusive_max = nr}, {kWaitQueue, "wake_up_nr", where});
}

void wake_up_all(wait_queue_head_t* wq_head, SourceLocation where) {
  wake(wq_head, {.exclusive_max = 0}, {kWaitQueue, "wake_up_all", where});
}

void wake_up_interruptible(wait_queue_head_t* wq_head, SourceLocation where) {
  wake(wq_head, {.only_interruptible = true}, {kWaitQueue, "wake_up_interruptible", where});
}

void wake_up_interruptible_all(wait_queue_head_t* wq_head, SourceLocation where) {
  wake(wq_head, {.exclusive_max = 0, .only_interruptible = true},
       {kWaitQueue, "wake_up_interruptible_all", where});
}

bool waitqueue_active(wait_queue_head_t* wq_head, SourceLocation where) {
  Operation operation{.type = &kIsActive};
  internal::stand_at(&wq_head->handle, {kWaitQueue, "waitqueue_active", where}, &operation);
  return std::any_of(world->waiters.begin(), world->waiters.end(),
                     [&](const waiter& w) { return w.queue == operation.object && !w.is_woken; });
}

}  // namespace models::kernel
