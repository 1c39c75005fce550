// SPDX-License-Identifier: MIT

#include "heddle/sync/atomic.h"

#include "heddle/core/execution.h"

namespace heddle::internal {

static constexpr ObjectType kAtomic{.noun = "atomic"};
static constexpr OperationType kLoad{.verb = "load", .access = AccessMode::kRead};
static constexpr OperationType kStore{.verb = "store"};
static constexpr OperationType kExchange{.verb = "exchange"};

static bool Acquires(std::memory_order order) {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}

static bool Releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

void AtomicPoint(ObjectRef* ref, const char* name, AtomicAccess access, std::memory_order order,
                 SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = execution.Resolve(ref, kAtomic, name);
  const OperationType* type = access == AtomicAccess::kLoad    ? &kLoad
                              : access == AtomicAccess::kStore ? &kStore
                                                               : &kExchange;
  execution.SchedulingPoint({.type = type, .object = id, .where = where});
  HappensBefore& clocks = execution.happens_before();
  const TaskId task = execution.running().id;
  if (access != AtomicAccess::kStore && Acquires(order)) clocks.Acquire(task, execution.object(id));
  if (access == AtomicAccess::kLoad || !Releases(order)) return;
  if (access == AtomicAccess::kStore) {
    clocks.ReleaseStore(task, &execution.object(id));
  } else {
    clocks.Release(task, &execution.object(id));
  }
}

}  // namespace heddle::internal
