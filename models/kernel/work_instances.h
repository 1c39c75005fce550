// SPDX-License-Identifier: GPL-2.0-only
//
// Who runs which work item: the state behind workqueue.h.
//
// Each successful queueing makes an instance: it is pending on one worker, or on its timer, then
// runs, then is over; or it is cancelled. Instances are numbered in order of queueing, so
// "everything queued before the call" is a number, and waiting for one run of an item is waiting
// for one instance.
//
// INVARIANTS
//   1. An item is pending in at most one instance.
//   2. A worker's items are in the order in which it will run them.
//   3. An item that runs and is queued again on the same queue is pending on the worker that runs
//   it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/operation.h"
#include "heddle/core/task_set.h"
#include "models/kernel/service_task.h"
#include "models/kernel/workqueue.h"

namespace models::kernel::internal {

struct queue_state;
struct work_state;
struct worker;

using instance_number = uint64_t;
inline constexpr instance_number kNoInstance = 0;

struct instance {
  bool is_over = false;
  worker* on = nullptr;  // Null while a timer has to expire first.
};

struct worker {
  service_task service;
  queue_state* queue = nullptr;
  std::vector<work_state*> items;  // Pending, in order.
  work_state* current = nullptr;   // What it runs.
  instance_number running = kNoInstance;
};

struct work_state {
  work_struct* work = nullptr;
  heddle::ObjectId object;
  instance_number last = kNoInstance;  // Queued last, whatever became of it.
  bool is_pending = false;             // The last instance.
  int disabled = 0;
};

struct queue_state {
  workqueue_struct* wq = nullptr;
  heddle::ObjectId object;
  std::vector<worker*> workers;
  int draining = 0;
};

// Which function of workqueue.h is at work, for messages, and where it was called.
struct work_call {
  const char* function = "";
  heddle::SourceLocation where;
};

// Makes `wq` a new queue called `name`.
void enter_queue(workqueue_struct* wq, const char* name, const work_call& call);

// Returns the state of a queue. Fails: kMisuse, kUseAfterFree.
queue_state* find_queue(workqueue_struct* wq, const work_call& call);

// Stands at an operation on the queue, then returns its state.
queue_state* stand_at(workqueue_struct* wq, const heddle::OperationType& type,
                      const work_call& call);

// Makes `work` a new item called `name`. Fails: kMisuse if it is pending or runs.
void enter_work(work_struct* work, const char* name, const work_call& call);

// Returns the state of an item. Fails: kMisuse if it was never initialised, kUseAfterFree.
work_state* find_work(work_struct* work, const work_call& call);

// Stands at an operation on the item, then returns its state.
work_state* stand_at(work_struct* work, const heddle::OperationType& type, const work_call& call);

// What the running task did happens before the next run of `state` begins.
void order_before_run(const work_state& state);

// `state` is pending in a new instance, on no worker yet.
void begin_instance(work_state* state);

// Gives the pending `state` to a worker of `queue`. REQUIRES: no worker has it.
void insert_work(queue_state* queue, work_state* state);

// Takes `state` off its worker, if it has got one, and ends its instance. Returns whether it was
// pending.
bool remove_work(work_state* state);

// Returns the instance in which `state` runs, or kNoInstance; the earliest if there are several.
instance_number running_instance(const work_state& state);

// Returns the instance that is pending on a worker, else that which runs, else kNoInstance: an item
// whose timer is armed is not on its queue yet.
instance_number last_begun_instance(const work_state& state);

// Returns the task of the worker that runs the instance or has to get there; kNoTask if none has.
heddle::TaskId worker_of(instance_number number);

// Adds the tasks that could run `state` on: its workers; while there are none, all that can go on.
void add_tasks_behind(const heddle::Execution& execution, const work_state& state,
                      heddle::TaskSet* tasks);

// Waits until the instance is over. Scheduling point: before the wait, unless it is over already.
void wait_for_instance(const work_state& state, instance_number number,
                       heddle::SourceLocation where);

// Waits until no instance of `queue` up to `last` is left. Scheduling point: as above.
void wait_for_queue(const queue_state& queue, instance_number last, heddle::SourceLocation where);

// Returns the number of the instance queued last, of any item.
instance_number last_instance();

// Returns whether the running task runs an item of `queue`.
bool is_worker_of(const queue_state& queue);

}  // namespace models::kernel::internal
