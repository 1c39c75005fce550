// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/timer.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/detect/lock_order.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/finding.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/service_task.h"

namespace models::kernel {

using heddle::Execution;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::SourceLocation;

namespace {

struct timer_state;

// The task behind a timer, from its arming until its callback has returned and it is not armed
// again.
struct timer_task {
  service_task service;
  const char* name = "";         // Of all timers that it ever serves.
  timer_state* timer = nullptr;  // Null while it is free.
};

struct timer_state {
  timer_list* timer = nullptr;
  ObjectId object;
  bool is_armed = false;
  bool is_running = false;  // Its callback.
  heddle::VirtualTime expires;
  timer_task* task = nullptr;
};

struct timer_world {
  // Records keep their addresses; those past the counts are left over from earlier executions.
  std::vector<std::unique_ptr<timer_state>> timers;
  std::vector<std::unique_ptr<timer_task>> tasks;
  size_t timer_count = 0;
  size_t task_count = 0;

  void reset() { timer_count = task_count = 0; }
};

per_execution<timer_world> world;

constexpr heddle::ObjectType kTimer{.noun = "timer"};

constexpr OperationType kArm{.verb = "arm"};
constexpr OperationType kDisarm{.verb = "disarm"};
constexpr OperationType kLook{.verb = "pending?", .access = heddle::AccessMode::kRead};

// What an armed timer stands at: only its deadline ends it.
constexpr OperationType kExpire{
    .verb = "expire",
    .ready = [](const Execution&, const Operation&) { return false; },
    .owners = [](const Execution&, const Operation&, heddle::TaskSet*) {},
    .rule = heddle::WaitRule::kAnyone,
};

timer_state& record_of(const Operation& operation) {
  return *reinterpret_cast<timer_state*>(operation.argument);
}

constexpr OperationType kWaitForCallback{
    .verb = "wait for",
    .ready =
        [](const Execution& execution, const Operation& operation) {
          const bool is_gone = internal::is_gone(execution.object(operation.object));
          return is_gone || !record_of(operation).is_running;
        },
    .owners = [](const Execution&, const Operation& operation,
                 heddle::TaskSet* owners) { owners->Add(record_of(operation).task->service.id); },
};

template <class Record>
Record* new_record(std::vector<std::unique_ptr<Record>>* records, size_t* count) {
  const heddle::internal::RuntimeScope scope;
  if (*count == records->size()) records->push_back(std::make_unique<Record>());
  Record* record = (*records)[(*count)++].get();
  *record = Record();
  return record;
}

timer_state* add_state(timer_list* timer, ObjectId object) {
  timer_state* state = new_record(&world->timers, &world->timer_count);
  state->timer = timer;
  state->object = object;
  Execution::Current().object(object).value = reinterpret_cast<uint64_t>(state);
  return state;
}

// A static timer is entered by its first use, and has no state yet.
timer_state* state_of(timer_list* timer, ObjectId object) {
  const uint64_t state = Execution::Current().object(object).value;
  return state != 0 ? reinterpret_cast<timer_state*>(state) : add_state(timer, object);
}

timer_state* find_timer(timer_list* timer, const char* function, SourceLocation where) {
  return state_of(timer, internal::use_object(&timer->handle, {kTimer, function, where}));
}

timer_state* stand_at(timer_list* timer, const OperationType& type, const char* function,
                      SourceLocation where) {
  Operation operation{.type = &type};
  internal::stand_at(&timer->handle, {kTimer, function, where}, &operation);
  return find_timer(timer, function, where);
}

Operation job_of(const timer_task& task) {
  const timer_state* timer = task.timer;
  if (timer == nullptr || !timer->is_armed) {
    return {.type = &service_is_idle,
            .object = timer == nullptr ? heddle::kExecutionObject : timer->object};
  }
  return {.type = &kExpire,
          .object = timer->object,
          .deadline = timer->expires,
          .where = SourceLocation::Here(__builtin_FILE(), "run_timer")};
}

void run_callback(Execution& execution, timer_state* state) {
  timer_list* timer = state->timer;
  state->is_armed = false;
  state->is_running = true;
  const SourceLocation where = SourceLocation::Here();
  execution.Acquired(state->object, 0, where);
  heddle::LockOrder::Instance().OnAcquire(execution, {.object = state->object, .where = where});
  internal::enter_atomic("the callback of a timer", where);
  timer->function(timer);
  internal::leave_atomic("the callback of a timer", where);
  execution.Released(state->object);
  heddle::LockOrder::Instance().OnRelease(execution, state->object);
  state->is_running = false;
  execution.Changed(state->object);
}

[[noreturn]] void run_timer(timer_task* task) {
  Execution& execution = Execution::Current();
  while (true) {
    const heddle::Outcome outcome = service_park(&task->service, job_of(*task));
    if (outcome == heddle::Outcome::kTimedOut) run_callback(execution, task->timer);
    if (task->timer->is_armed) continue;
    task->timer->task = nullptr;
    task->timer = nullptr;
  }
}

timer_task* find_free_task(const char* name) {
  for (size_t i = 0; i < world->task_count; ++i) {
    timer_task* task = world->tasks[i].get();
    if (task->timer == nullptr && std::strcmp(task->name, name) == 0) return task;
  }
  return nullptr;
}

timer_task* claim_task(Execution& execution, const char* name) {
  if (timer_task* task = find_free_task(name)) return task;
  timer_task* task = new_record(&world->tasks, &world->task_count);
  task->name = name;
  execution.SpawnDaemon(service_name("timer/", name), [task] { run_timer(task); });
  return task;
}

// Arms the timer for its `expires`. Returns whether it was armed.
bool arm(timer_state* state) {
  Execution& execution = Execution::Current();
  const bool was_armed = state->is_armed;
  state->is_armed = true;
  state->expires = std::max(time_of_jiffy(state->timer->expires), execution.now());
  execution.happens_before().Release(execution.running().id, &execution.object(state->object));
  if (state->task == nullptr) {
    state->task = claim_task(execution, state->timer->handle.name);
    state->task->timer = state;
  }
  if (state->task->service.is_parked) service_reassign(&state->task->service, job_of(*state->task));
  return was_armed;
}

// Returns whether the timer was armed.
bool disarm(timer_state* state) {
  if (!state->is_armed) return false;
  state->is_armed = false;
  timer_task* task = state->task;
  if (!task->service.is_parked) return true;
  state->task = nullptr;
  task->timer = nullptr;
  service_reassign(&task->service, job_of(*task));
  return true;
}

}  // namespace

bool internal::arm_timer(timer_list* timer, unsigned long expires, SourceLocation where) {
  timer_state* state = find_timer(timer, "mod_timer", where);
  timer->expires = expires;
  return arm(state);
}

bool internal::disarm_timer(timer_list* timer, SourceLocation where) {
  return disarm(find_timer(timer, "timer_delete", where));
}

void timer_init(timer_list* timer, void (*function)(timer_list*), const char* name,
                SourceLocation where) {
  const ObjectId old = internal::peek_object(&timer->handle);
  if (old != heddle::kExecutionObject && state_of(timer, old)->is_armed) {
    internal::fail(heddle::FailureKind::kMisuse, old, {"timer_setup of a timer that is armed"},
                   where);
  }
  add_state(timer, internal::init_object(&timer->handle, sizeof(*timer), name,
                                         {kTimer, "timer_setup", where}));
  timer->function = function;
  timer->expires = 0;
}

int mod_timer(timer_list* timer, unsigned long expires, SourceLocation where) {
  timer_state* state = stand_at(timer, kArm, "mod_timer", where);
  timer->expires = expires;
  return arm(state) ? 1 : 0;
}

void add_timer(timer_list* timer, SourceLocation where) {
  timer_state* state = stand_at(timer, kArm, "add_timer", where);
  if (state->is_armed) {
    internal::fail(heddle::FailureKind::kMisuse, state->object,
                   {"add_timer of a timer that is armed"}, where);
  }
  arm(state);
}

int timer_delete(timer_list* timer, SourceLocation where) {
  return disarm(stand_at(timer, kDisarm, "timer_delete", where)) ? 1 : 0;
}

// The callback may arm the timer again while it is waited for.
int timer_delete_sync(timer_list* timer, SourceLocation where) {
  Execution& execution = Execution::Current();
  timer_state* state = stand_at(timer, kDisarm, "timer_delete_sync", where);
  heddle::LockOrder::Instance().OnWait(execution, {.object = state->object, .where = where});
  bool was_armed = disarm(state);
  while (state->is_running) {
    Operation operation{.type = &kWaitForCallback, .argument = reinterpret_cast<uint64_t>(state)};
    internal::stand_at(&timer->handle, {kTimer, "timer_delete_sync", where}, &operation);
    was_armed |= disarm(state);
  }
  execution.happens_before().Acquire(execution.running().id, execution.object(state->object));
  return was_armed ? 1 : 0;
}

bool timer_pending(const timer_list* timer, SourceLocation where) {
  return stand_at(const_cast<timer_list*>(timer), kLook, "timer_pending", where)->is_armed;
}

}  // namespace models::kernel
