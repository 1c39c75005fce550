// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/work_instances.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/core/task.h"
#include "heddle/detect/lock_order.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/finding.h"
#include "models/kernel/per_execution.h"

namespace models::kernel::internal {

using heddle::Execution;
using heddle::Operation;
using heddle::OperationType;
using heddle::SourceLocation;

namespace {

// Records keep their addresses and their capacity; those past the counts are left over from earlier
// executions.
template <class Record>
class record_pool {
 public:
  Record* add() {
    const heddle::internal::RuntimeScope scope;
    if (count_ == records_.size()) records_.push_back(std::make_unique<Record>());
    return records_[count_++].get();
  }
  void clear() { count_ = 0; }
  size_t size() const { return count_; }
  Record* operator[](size_t i) { return records_[i].get(); }

 private:
  std::vector<std::unique_ptr<Record>> records_;
  size_t count_ = 0;
};

struct workqueue_world {
  record_pool<queue_state> queues;
  record_pool<work_state> works;
  record_pool<worker> workers;
  std::vector<instance> instances;  // By number; the first stands for none.

  void reset() {
    queues.clear();
    works.clear();
    workers.clear();
    instances.assign(1, {.is_over = true});
  }
};

per_execution<workqueue_world> world;

constexpr heddle::ObjectType kQueue{.noun = "work queue"};
constexpr heddle::ObjectType kWork{.noun = "work item"};

// What a worker with something to do stands at.
constexpr OperationType kRun{.verb = "run"};
constexpr OperationType kEndOfRun{.verb = "end"};

constexpr OperationType kFlush{
    .verb = "flush",
    .ready =
        [](const Execution&, const Operation& operation) {
          return world->instances[operation.argument].is_over;
        },
    .owners =
        [](const Execution&, const Operation& operation, heddle::TaskSet* owners) {
          const heddle::TaskId on = worker_of(operation.argument);
          if (on != heddle::kNoTask) owners->Add(on);
        },
};

const queue_state& queue_at(const Execution& execution, const Operation& operation) {
  return *reinterpret_cast<queue_state*>(execution.object(operation.object).value);
}

// Whether a worker has an instance up to `last` to run.
bool has_to_run(const worker& worker, instance_number last) {
  if (worker.current != nullptr && worker.running <= last) return true;
  return std::any_of(worker.items.begin(), worker.items.end(),
                     [&](const work_state* item) { return item->last <= last; });
}

constexpr OperationType kFlushQueue{
    .verb = "flush",
    .ready =
        [](const Execution& execution, const Operation& operation) {
          const queue_state& queue = queue_at(execution, operation);
          return std::none_of(
              queue.workers.begin(), queue.workers.end(),
              [&](const worker* worker) { return has_to_run(*worker, operation.argument); });
        },
    .owners =
        [](const Execution& execution, const Operation& operation, heddle::TaskSet* owners) {
          for (const worker* worker : queue_at(execution, operation).workers) {
            if (has_to_run(*worker, operation.argument)) owners->Add(worker->service.id);
          }
        },
};

Operation job_of(const worker& worker) {
  const SourceLocation where = SourceLocation::Here(__builtin_FILE(), "worker_thread");
  if (worker.items.empty()) {
    return {.type = &service_is_idle, .object = worker.queue->object, .where = where};
  }
  return {.type = &kRun, .object = worker.items.front()->object, .where = where};
}

// The item may be freed by its function, so only its number is known afterwards.
void process_one_work(Execution& execution, worker* worker) {
  work_state* state = worker->items.front();
  worker->items.erase(worker->items.begin());
  worker->current = state;
  worker->running = state->last;
  state->is_pending = false;
  work_struct* work = state->work;
  const work_func_t func = work->func;
  const SourceLocation where = SourceLocation::Here();
  execution.Acquired(state->object, 0, where);
  heddle::LockOrder::Instance().OnAcquire(execution, {.object = state->object, .where = where});

  func(work);

  const heddle::Object& object = execution.object(state->object);
  if (object.release_is_point && !is_gone(object)) {
    execution.SchedulingPoint({.type = &kEndOfRun, .object = state->object, .where = where});
  }
  world->instances[worker->running].is_over = true;
  worker->current = nullptr;
  worker->running = kNoInstance;
  execution.Released(state->object);
  heddle::LockOrder::Instance().OnRelease(execution, state->object);
  execution.NoteObject("done", state->object, where);
  execution.happens_before().Release(execution.running().id,
                                     &execution.object(worker->queue->object));
  execution.Changed(state->object);
  execution.Changed(worker->queue->object);
}

[[noreturn]] void worker_thread(worker* worker) {
  Execution& execution = Execution::Current();
  while (true) {
    service_park(&worker->service, job_of(*worker));
    process_one_work(execution, worker);
  }
}

worker* add_worker(queue_state* queue) {
  worker* added = world->workers.add();
  added->service = {};
  added->queue = queue;
  added->items.clear();
  added->current = nullptr;
  added->running = kNoInstance;
  {
    const heddle::internal::RuntimeScope scope;
    queue->workers.push_back(added);
  }
  char number[16] = ":";
  const auto end = std::to_chars(number + 1, number + sizeof(number), queue->workers.size());
  const std::string_view suffix(number, static_cast<size_t>(end.ptr - number));
  const bool is_ordered = queue->wq->is_ordered;
  Execution::Current().SpawnDaemon(
      service_name("kworker/", queue->wq->handle.name, is_ordered ? std::string_view() : suffix),
      [added] { worker_thread(added); });
  return added;
}

worker* find_worker_running(const queue_state& queue, const work_state& state) {
  const auto found = std::find_if(queue.workers.begin(), queue.workers.end(),
                                  [&](const worker* w) { return w->current == &state; });
  return found == queue.workers.end() ? nullptr : *found;
}

worker* find_idle_worker(const queue_state& queue) {
  for (worker* w : queue.workers) {
    if (w->current == nullptr && w->items.empty() && !service_is_dead(w->service)) return w;
  }
  return nullptr;
}

worker* choose_worker(queue_state* queue, const work_state& state) {
  if (queue->wq->is_ordered) return queue->workers.front();
  if (worker* running = find_worker_running(*queue, state)) return running;
  if (worker* idle = find_idle_worker(*queue)) return idle;
  return add_worker(queue);
}

void refresh_job(const worker& w) {
  auto* changed = const_cast<worker*>(&w);
  if (w.service.is_parked) service_reassign(&changed->service, job_of(w));
}

}  // namespace

// ---- Queues and items

static queue_state* add_queue_state(workqueue_struct* wq, heddle::ObjectId object) {
  queue_state* queue = world->queues.add();
  queue->wq = wq;
  queue->object = object;
  queue->workers.clear();
  queue->draining = 0;
  Execution::Current().object(object).value = reinterpret_cast<uint64_t>(queue);
  if (wq->is_ordered) add_worker(queue);
  return queue;
}

// A static object is entered by its first use, and has no state yet.
static queue_state* state_of(workqueue_struct* wq, heddle::ObjectId object) {
  const uint64_t state = Execution::Current().object(object).value;
  return state != 0 ? reinterpret_cast<queue_state*>(state) : add_queue_state(wq, object);
}

void enter_queue(workqueue_struct* wq, const char* name, const work_call& call) {
  add_queue_state(wq,
                  init_object(&wq->handle, sizeof(*wq), name, {kQueue, call.function, call.where}));
}

queue_state* find_queue(workqueue_struct* wq, const work_call& call) {
  return state_of(wq, use_object(&wq->handle, {kQueue, call.function, call.where}));
}

queue_state* stand_at(workqueue_struct* wq, const OperationType& type, const work_call& call) {
  find_queue(wq, call);
  Operation operation{.type = &type};
  stand_at(&wq->handle, {kQueue, call.function, call.where}, &operation);
  return find_queue(wq, call);
}

static work_state* add_work_state(work_struct* work, heddle::ObjectId object) {
  work_state* state = world->works.add();
  *state = {.work = work, .object = object};
  Execution::Current().object(object).value = reinterpret_cast<uint64_t>(state);
  return state;
}

static work_state* state_of(work_struct* work, heddle::ObjectId object) {
  const uint64_t state = Execution::Current().object(object).value;
  return state != 0 ? reinterpret_cast<work_state*>(state) : add_work_state(work, object);
}

void enter_work(work_struct* work, const char* name, const work_call& call) {
  Execution& execution = Execution::Current();
  const heddle::ObjectId old = peek_object(&work->handle);
  if (old != heddle::kExecutionObject && !is_gone(execution.object(old)) &&
      state_of(work, old)->is_pending) {
    fail(heddle::FailureKind::kMisuse, old, {call.function, " of a work item that is pending"},
         call.where);
  }
  add_work_state(
      work, init_object(&work->handle, sizeof(*work), name, {kWork, call.function, call.where}));
}

work_state* find_work(work_struct* work, const work_call& call) {
  return state_of(work, use_object(&work->handle, {kWork, call.function, call.where}));
}

work_state* stand_at(work_struct* work, const OperationType& type, const work_call& call) {
  Operation operation{.type = &type};
  stand_at(&work->handle, {kWork, call.function, call.where}, &operation);
  return find_work(work, call);
}

// ---- Instances

void order_before_run(const work_state& state) {
  Execution& execution = Execution::Current();
  execution.happens_before().Release(execution.running().id, &execution.object(state.object));
}

void begin_instance(work_state* state) {
  const heddle::internal::RuntimeScope scope;
  state->is_pending = true;
  state->last = world->instances.size();
  world->instances.push_back({});
}

void insert_work(queue_state* queue, work_state* state) {
  worker* chosen = choose_worker(queue, *state);
  {
    const heddle::internal::RuntimeScope scope;
    chosen->items.push_back(state);
  }
  world->instances[state->last].on = chosen;
  if (chosen->items.size() == 1) refresh_job(*chosen);
  Execution::Current().Changed(queue->object);
}

bool remove_work(work_state* state) {
  if (!state->is_pending) return false;
  state->is_pending = false;
  instance& removed = world->instances[state->last];
  removed.is_over = true;
  Execution& execution = Execution::Current();
  if (worker* on = removed.on) {
    const auto at = std::find(on->items.begin(), on->items.end(), state);
    const bool was_next = at == on->items.begin();
    on->items.erase(at);
    if (was_next) refresh_job(*on);
    execution.Changed(on->queue->object);
  }
  execution.Changed(state->object);
  return true;
}

instance_number running_instance(const work_state& state) {
  instance_number earliest = kNoInstance;
  for (size_t i = 0; i < world->workers.size(); ++i) {
    const worker& worker = *world->workers[i];
    if (worker.current != &state) continue;
    if (earliest == kNoInstance || worker.running < earliest) earliest = worker.running;
  }
  return earliest;
}

instance_number last_begun_instance(const work_state& state) {
  const bool is_on_worker = state.is_pending && world->instances[state.last].on != nullptr;
  return is_on_worker ? state.last : running_instance(state);
}

heddle::TaskId worker_of(instance_number number) {
  const worker* on = world->instances[number].on;
  return on == nullptr ? heddle::kNoTask : on->service.id;
}

void add_tasks_behind(const Execution& execution, const work_state& state, heddle::TaskSet* tasks) {
  for (size_t i = 0; i < world->workers.size(); ++i) {
    const worker& worker = *world->workers[i];
    const bool has_it =
        worker.current == &state ||
        std::find(worker.items.begin(), worker.items.end(), &state) != worker.items.end();
    if (has_it) tasks->Add(worker.service.id);
  }
  if (!tasks->empty()) return;
  const heddle::TaskList& all = execution.tasks();
  for (uint16_t i = 0; i < all.size(); ++i) {
    const heddle::Task& task = all[heddle::TaskId{i}];
    const bool wakes_up = task.pending != nullptr && task.pending->deadline != heddle::kNever;
    if (all.enabled().Has(task.id) || wakes_up) tasks->Add(task.id);
  }
}

void wait_for_instance(const work_state& state, instance_number number, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (!world->instances[number].is_over) {
    execution.SchedulingPoint(
        {.type = &kFlush, .object = state.object, .argument = number, .where = where});
  }
  execution.happens_before().Acquire(execution.running().id, execution.object(state.object));
}

void wait_for_queue(const queue_state& queue, instance_number last, SourceLocation where) {
  Execution& execution = Execution::Current();
  const Operation operation{
      .type = &kFlushQueue, .object = queue.object, .argument = last, .where = where};
  if (!kFlushQueue.ready(execution, operation)) execution.SchedulingPoint(operation);
  execution.happens_before().Acquire(execution.running().id, execution.object(queue.object));
}

instance_number last_instance() {
  return world->instances.size() - 1;
}

bool is_worker_of(const queue_state& queue) {
  const heddle::TaskId running = Execution::Current().running().id;
  return std::any_of(queue.workers.begin(), queue.workers.end(),
                     [&](const worker* w) { return w->service.id == running; });
}

}  // namespace models::kernel::internal
