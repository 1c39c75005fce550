// SPDX-License-Identifier: MIT
//
// Fences follow C++20: a release fence makes later relaxed stores of its task tell what it knew at
// the fence; an acquire fence makes its task learn what its earlier relaxed loads read. Both are
// kept as objects of the clock, one pair per task.

#include "heddle/memory/atomic_access.h"

#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/task_memory.h"

namespace heddle {

static constexpr ObjectType kAtomic{.noun = "atomic"};
static constexpr OperationType kLoad{.verb = "load", .access = AccessMode::kRead};
static constexpr OperationType kStore{.verb = "store"};
static constexpr OperationType kExchange{.verb = "exchange"};

namespace {

struct TaskFences {
  uint32_t execution = 0;  // To which the rest belongs.
  Object released;         // What the task knew at its last release fence.
  Object read;             // What its relaxed loads read since then.
};

TaskFences& FencesOf(const Execution& execution) {
  static std::vector<TaskFences> fences;
  const size_t task = execution.running().id.value;
  if (task >= fences.size()) [[unlikely]] {
    const internal::RuntimeScope scope;
    fences.resize(task + 1);
  }
  TaskFences& own = fences[task];
  if (own.execution != execution.serial()) own = {.execution = execution.serial()};
  return own;
}

bool Acquires(std::memory_order order) {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}

bool Releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

const OperationType& OperationFor(AtomicEffect intent) {
  switch (intent) {
    case AtomicEffect::kLoad:
      return kLoad;
    case AtomicEffect::kStore:
      return kStore;
    case AtomicEffect::kExchange:
      break;
  }
  return kExchange;
}

}  // namespace

AtomicAccess::AtomicAccess(uintptr_t address, size_t size, AtomicEffect intent,
                           const CodePlace& place) {
  TaskMemory& memory = TaskMemory::Instance();
  const MemoryAccess access{.address = address,
                            .size = size,
                            .is_write = intent != AtomicEffect::kLoad,
                            .is_marked = true};
  object_ = memory.ObjectAt(address, size, kAtomic);
  memory.StandAt(object_, OperationFor(intent), place);
  memory.OnMarkedAccess(access, place);
}

void AtomicAccess::Performed(AtomicEffect effect, std::memory_order order) const {
  OrderAtomic(object_, effect, order);
}

void OrderAtomic(ObjectId id, AtomicEffect effect, std::memory_order order) {
  Execution& execution = Execution::Current();
  HappensBefore& clocks = execution.happens_before();
  if (!clocks.enabled()) return;
  const TaskId task = execution.running().id;
  Object& object = execution.object(id);
  TaskFences& fences = FencesOf(execution);

  if (effect != AtomicEffect::kStore) {
    if (Acquires(order)) clocks.Acquire(task, object);
    clocks.Share(object, &fences.read);
  }
  if (effect == AtomicEffect::kLoad) return;
  // Another store ends the release sequence; an exchange continues it.
  if (effect == AtomicEffect::kStore) clocks.Forget(&object);
  if (Releases(order)) {
    clocks.Release(task, &object);
  } else {
    clocks.Share(fences.released, &object);
  }
}

void PassFence(std::memory_order order) {
  Execution& execution = Execution::Current();
  HappensBefore& clocks = execution.happens_before();
  if (!clocks.enabled()) return;
  const TaskId task = execution.running().id;
  TaskFences& fences = FencesOf(execution);
  if (Acquires(order)) clocks.Acquire(task, fences.read);
  if (Releases(order)) clocks.ReleaseStore(task, &fences.released);
}

}  // namespace heddle
