// SPDX-License-Identifier: GPL-2.0-only
//
// The task "rcu" comes into being with the first callback. Without one it is idle; with one it
// stands at the oldest callback, which is ready once its grace period is over.

#include "models/kernel/rcu.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "models/kernel/context.h"
#include "models/kernel/finding.h"
#include "models/kernel/grace_period.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/task_context.h"

namespace models::kernel {

using heddle::Execution;
using heddle::FailureKind;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::SourceLocation;
using heddle::TaskId;
using heddle::TaskSet;
using internal::grace_period;

namespace {

constexpr heddle::ObjectType kRcu{.noun = "read section of"};

struct rcu_callback {
  rcu_head* head = nullptr;
  rcu_callback_t func = nullptr;
  SourceLocation where;
  grace_period period;
};

struct rcu_world {
  heddle::ObjectRef ref;
  internal::read_domain domain;
  std::vector<u64> sections;  // By task: the outermost section it is in, or 0.
  std::vector<u32> depths;    // By task.
  // Callbacks keep their addresses; those past `queued` are left over from earlier executions.
  std::vector<std::unique_ptr<rcu_callback>> callbacks;
  size_t queued = 0;
  size_t begun = 0;
  size_t finished = 0;
  heddle::Object callbacks_ran;  // What callbacks did. Only its clock is used.
  TaskId task = heddle::kNoTask;
  bool is_parked = false;
  Operation at_callback;

  void reset() {
    ref = {};
    const ObjectId id = Execution::Current().Resolve(&ref, kRcu, "rcu");
    domain.reset(id);
    std::fill(sections.begin(), sections.end(), 0);
    std::fill(depths.begin(), depths.end(), 0);
    queued = begun = finished = 0;
    callbacks_ran = {};
    task = heddle::kNoTask;
    is_parked = false;
  }
};

per_execution<rcu_world> world;

u32& current_depth() {
  rcu_world& rcu = world.get();
  const size_t index = Execution::Current().running().id.value;
  if (index >= rcu.depths.size()) [[unlikely]] {
    const heddle::internal::RuntimeScope scope;
    rcu.depths.resize(index + 1);
    rcu.sections.resize(index + 1);
  }
  return rcu.depths[index];
}

grace_period& period_of(const Operation& operation) {
  return *reinterpret_cast<grace_period*>(operation.argument);
}

bool is_period_over(const Execution&, const Operation& operation) {
  return world->domain.is_over(period_of(operation));
}

void add_readers(const Execution&, const Operation& operation, TaskSet* owners) {
  world->domain.add_readers(period_of(operation), owners);
}

bool have_callbacks_run(const Execution&, const Operation& operation) {
  return world->finished >= operation.argument;
}

void add_rcu_task(const Execution&, const Operation&, TaskSet* owners) {
  if (world->task != heddle::kNoTask) owners->Add(world->task);
}

constexpr OperationType kReadLock{.verb = "read lock", .access = heddle::AccessMode::kRead};
constexpr OperationType kBegin{.verb = "begin grace period of"};
constexpr OperationType kWait{
    .verb = "wait for readers of", .ready = is_period_over, .owners = add_readers};
constexpr OperationType kQueue{.verb = "call"};
constexpr OperationType kRun{
    .verb = "run callback of", .ready = is_period_over, .owners = add_readers};
constexpr OperationType kBarrier{.verb = "barrier of"};
constexpr OperationType kWaitForCallbacks{
    .verb = "wait for callbacks of", .ready = have_callbacks_run, .owners = add_rcu_task};
constexpr OperationType kIdle{
    .verb = "idle",
    .ready = [](const Execution&, const Operation&) { return false; },
    .rule = heddle::WaitRule::kIdle,
    .access = heddle::AccessMode::kNone,
};

// Where nobody learns scheduling locations, the beginnings of all sections are some.
bool is_read_lock_a_point(Execution& execution) {
  return execution.locations() == nullptr ||
         execution.object(world->domain.object()).release_is_point;
}

// What rcu_read_unlock does to the outermost section.
void end_section(Execution& execution) {
  rcu_world& rcu = world.get();
  u64& section = rcu.sections[execution.running().id.value];
  internal::pop_held(rcu.domain.object(), lock_kind::kRcu);
  execution.Dropped(rcu.domain.object());
  rcu.domain.end_section(std::exchange(section, 0));
}

// Stands before the beginning of a grace period.
void stand_at_beginning(const OperationType& type, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = world->domain.object();
  execution.ObservedWithoutBlocking(id);
  execution.SchedulingPoint({.type = &type, .object = id, .where = where});
}

// ---- The task "rcu"

void run_next_callback(Execution& execution) {
  rcu_callback& next = *world->callbacks[world->begun++];
  world->domain.end(&next.period);
  internal::enter_atomic("a callback of RCU", next.where);
  next.func(next.head);
  internal::leave_atomic("a callback of RCU", next.where);
  execution.happens_before().Release(execution.running().id, &world->callbacks_ran);
  ++world->finished;
  execution.Changed(world->domain.object());
}

// What the task "rcu" stands at while there are callbacks.
const Operation& operation_at_next_callback() {
  rcu_callback& next = *world->callbacks[world->begun];
  world->at_callback = {.type = &kRun,
                        .object = world->domain.object(),
                        .argument = reinterpret_cast<uintptr_t>(&next.period),
                        .where = next.where};
  return world->at_callback;
}

void run_callbacks() {
  Execution& execution = Execution::Current();
  world->task = execution.running().id;
  while (true) {
    const Operation idle{.type = &kIdle, .object = world->domain.object()};
    world->is_parked = world->begun == world->queued;
    execution.SchedulingPoint(world->is_parked ? idle : operation_at_next_callback());
    world->is_parked = false;
    run_next_callback(execution);
  }
}

void notify_rcu_task(Execution& execution) {
  if (world->task == heddle::kNoTask) {
    execution.SpawnDaemon("rcu", run_callbacks);
  } else if (world->is_parked) {
    world->is_parked = false;
    execution.ReplaceOperation(world->task, operation_at_next_callback());
  }
}

}  // namespace

// ---- Readers

void rcu_read_lock(SourceLocation where) {
  Execution& execution = Execution::Current();
  if (current_depth() == 0) {
    const ObjectId id = world->domain.object();
    if (is_read_lock_a_point(execution)) {
      execution.SchedulingPoint({.type = &kReadLock, .object = id, .where = where});
    }
    world->sections[execution.running().id.value] = world->domain.begin_section();
    execution.AddHolding(execution.running().id,
                         {.object = id, .step = execution.step(), .where = where});
    internal::push_held(
        {.object = id, .kind = lock_kind::kRcu, .mode = lock_mode::kRecursiveRead, .where = where});
  }
  ++current_depth();
}

void rcu_read_unlock(SourceLocation where) {
  u32& depth = current_depth();
  if (depth == 0) {
    internal::fail(FailureKind::kRcuMisuse, world->domain.object(),
                   {"rcu_read_unlock outside of a read section"}, where);
  }
  if (--depth == 0) end_section(Execution::Current());
}

bool rcu_read_lock_held() {
  return current_depth() > 0;
}

void exit_rcu() {
  u32& depth = current_depth();
  if (depth == 0) return;
  depth = 0;
  end_section(Execution::Current());
}

void internal::require_rcu_protection(bool condition, const char* name, SourceLocation where) {
  if (condition) [[likely]]
    return;
  fail(FailureKind::kRcuMisuse, heddle::kExecutionObject,
       {name, " is dereferenced outside of a read section"}, where);
}

// ---- Writers

void synchronize_rcu(SourceLocation where) {
  internal::might_sleep_in_rcu(where);
  Execution& execution = Execution::Current();
  stand_at_beginning(kBegin, where);
  grace_period period;
  world->domain.begin(&period);
  if (!world->domain.is_over(period)) {
    execution.SchedulingPoint({.type = &kWait,
                               .object = world->domain.object(),
                               .argument = reinterpret_cast<uintptr_t>(&period),
                               .where = where});
  }
  world->domain.end(&period);
}

void synchronize_rcu_expedited(SourceLocation where) {
  synchronize_rcu(where);
}

static bool is_queued(const rcu_head* head) {
  const rcu_world& rcu = world.get();
  return std::any_of(rcu.callbacks.begin() + static_cast<std::ptrdiff_t>(rcu.begun),
                     rcu.callbacks.begin() + static_cast<std::ptrdiff_t>(rcu.queued),
                     [&](const auto& callback) { return callback->head == head; });
}

void call_rcu(rcu_head* head, rcu_callback_t func, SourceLocation where) {
  Execution& execution = Execution::Current();
  stand_at_beginning(kQueue, where);
  rcu_world& rcu = world.get();
  if (is_queued(head)) {
    internal::fail(FailureKind::kRcuMisuse, rcu.domain.object(),
                   {"call_rcu of an rcu_head that is queued already"}, where);
  }
  head->func = func;
  if (rcu.queued == rcu.callbacks.size()) {
    const heddle::internal::RuntimeScope scope;
    rcu.callbacks.push_back(std::make_unique<rcu_callback>());
  }
  rcu_callback& callback = *rcu.callbacks[rcu.queued++];
  callback = {.head = head, .func = func, .where = where};
  rcu.domain.begin(&callback.period);
  notify_rcu_task(execution);
}

void rcu_barrier(SourceLocation where) {
  might_sleep(where);
  Execution& execution = Execution::Current();
  const ObjectId id = world->domain.object();
  execution.SchedulingPoint({.type = &kBarrier, .object = id, .where = where});
  if (const u64 queued = world->queued; world->finished < queued) {
    execution.SchedulingPoint(
        {.type = &kWaitForCallbacks, .object = id, .argument = queued, .where = where});
  }
  execution.happens_before().Acquire(execution.running().id, world->callbacks_ran);
}

}  // namespace models::kernel
