// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/async.h"

#include <algorithm>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "models/kernel/context.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/slab.h"
#include "models/kernel/work_instances.h"
#include "models/kernel/workqueue.h"

namespace models::kernel {

using heddle::Execution;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::SourceLocation;

namespace {

struct async_entry {
  work_struct work;
  async_cookie_t cookie;
  async_func_t func;
  void* data;
};

// A call that has not returned yet.
struct async_call {
  async_cookie_t cookie = 0;
  internal::instance_number instance = internal::kNoInstance;
};

struct async_world {
  heddle::ObjectRef ref;  // All calls together, as an object to wait for.
  async_cookie_t next_cookie = 1;
  std::vector<async_call> calls;  // In order of their cookies.

  void reset() {
    ref = {};
    next_cookie = 1;
    calls.clear();
  }
};

per_execution<async_world> world;

constexpr heddle::ObjectType kAsync{.noun = "async calls"};
constexpr OperationType kSchedule{.verb = "async_schedule"};
constexpr OperationType kBegin{.verb = "begin synchronize", .access = heddle::AccessMode::kRead};

constexpr OperationType kSynchronize{
    .verb = "synchronize",
    .ready =
        [](const Execution&, const Operation& operation) {
          return std::none_of(
              world->calls.begin(), world->calls.end(),
              [&](const async_call& call) { return call.cookie < operation.argument; });
        },
    .owners =
        [](const Execution&, const Operation& operation, heddle::TaskSet* owners) {
          for (const async_call& call : world->calls) {
            if (call.cookie >= operation.argument) break;
            const heddle::TaskId worker = internal::worker_of(call.instance);
            if (worker != heddle::kNoTask) owners->Add(worker);
          }
        },
};

ObjectId all_calls() {
  return Execution::Current().Resolve(&world->ref, kAsync, "async calls");
}

// What was done before a call was scheduled happens before it; what it did, before who waited for
// it.
void run_entry(work_struct* work) {
  auto* entry = container_of(work, async_entry, work);
  const async_cookie_t cookie = entry->cookie;
  entry->func(entry->data, cookie);
  kfree(entry);
  Execution& execution = Execution::Current();
  std::erase_if(world->calls, [&](const async_call& call) { return call.cookie == cookie; });
  execution.happens_before().Release(execution.running().id, &execution.object(all_calls()));
  execution.Changed(all_calls());
}

}  // namespace

async_cookie_t __async_schedule(async_func_t func, void* data, const char* name,
                                SourceLocation where) {
  Execution& execution = Execution::Current();
  execution.SchedulingPoint({.type = &kSchedule, .object = all_calls(), .where = where});
  const async_cookie_t cookie = world->next_cookie++;
  auto* entry = kzalloc_obj<async_entry>(GFP_ATOMIC, where);
  if (entry == nullptr) {
    func(data, cookie);
    return cookie;
  }
  *entry = {.work = {}, .cookie = cookie, .func = func, .data = data};
  init_work(&entry->work, run_entry, name, where);
  const internal::work_call call{"async_schedule", where};
  internal::work_state* state = internal::find_work(&entry->work, call);
  internal::order_before_run(*state);
  internal::begin_instance(state);
  {
    const heddle::internal::RuntimeScope scope;
    world->calls.push_back({.cookie = cookie, .instance = state->last});
  }
  internal::insert_work(internal::find_queue(system_unbound_wq, call), state);
  return cookie;
}

void async_synchronize_cookie(async_cookie_t cookie, SourceLocation where) {
  might_sleep(where);
  Execution& execution = Execution::Current();
  const ObjectId object = all_calls();
  execution.SchedulingPoint({.type = &kBegin, .object = object, .where = where});
  const Operation operation{.type = &kSynchronize,
                            .object = object,
                            .argument = std::min(cookie, world->next_cookie),
                            .where = where};
  if (!kSynchronize.ready(execution, operation)) execution.SchedulingPoint(operation);
  execution.happens_before().Acquire(execution.running().id, execution.object(object));
}

void async_synchronize_full(SourceLocation where) {
  async_synchronize_cookie(~async_cookie_t{0}, where);
}

}  // namespace models::kernel
