// SPDX-License-Identifier: MIT
//
// State: Object::value is the number of the phase; count holds, in its halves, how many tasks each
// phase expects and how many arrivals this one still does.
//
// What was done before an arrival is released to the object's clock, which the last to arrive
// acquires. What it knows then goes to the shared clock, from which the waiters learn it: so they
// learn nothing of arrivals in the next phase.

#include "heddle/sync/barrier.h"

#include <string>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace heddle::internal {

static constexpr ObjectType kBarrier{.noun = "barrier"};

static bool HasEnded(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).value != operation.argument;
}

static constexpr OperationType kArrive{.verb = "arrive at"};
static constexpr OperationType kDrop{.verb = "drop from"};
static constexpr OperationType kWait{
    .verb = "wait at", .ready = HasEnded, .rule = WaitRule::kAnyone, .needs_object = false};

static int64_t Expected(const Object& object) {
  return object.count >> 32;
}

static int64_t Missing(const Object& object) {
  return object.count & INT32_MAX;
}

static int64_t Counts(int64_t expected, int64_t missing) {
  return expected << 32 | missing;
}

BarrierPhases::~BarrierPhases() {
  Execution::OnDestruction(&ref_, kBarrier, name_);
}

ObjectId BarrierPhases::Resolve(SourceLocation where) {
  Execution& execution = Execution::Current();
  bool is_new = false;
  const ObjectId id = execution.Resolve(&ref_, kBarrier, name_, &is_new);
  if (!is_new) return id;
  if (expected_ < 0 || expected_ > kExpectedMax) {
    const RuntimeScope scope;
    execution.Misuse(id,
                     "barrier created for " + std::to_string(expected_) + " tasks; expected 0 to " +
                         std::to_string(kExpectedMax),
                     where);
  }
  execution.object(id).count = Counts(expected_, expected_);
  return id;
}

bool BarrierPhases::Arrive(std::ptrdiff_t arrivals, bool drops, uint64_t* phase,
                           SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  execution.SchedulingPoint({.type = drops ? &kDrop : &kArrive, .object = id, .where = where});
  Object& object = execution.object(id);
  const int64_t missing = Missing(object);
  if (arrivals <= 0 || arrivals > missing) {
    const RuntimeScope scope;
    execution.Misuse(id,
                     std::to_string(arrivals) + " arrivals in a phase that expects " +
                         std::to_string(missing) + " more",
                     where);
  }
  object.count = Counts(Expected(object) - (drops ? 1 : 0), missing - arrivals);
  *phase = object.value;
  const TaskId self = execution.running().id;
  execution.happens_before().Release(self, &object);
  if (missing > arrivals) return false;
  execution.happens_before().Acquire(self, object);
  return true;
}

void BarrierPhases::Advance(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  Object& object = execution.object(id);
  ++object.value;
  object.count = Counts(Expected(object), Expected(object));
  execution.happens_before().ReleaseShared(execution.running().id, &object);
  execution.Released(id);  // The completion may have made this another step than the arrival.
  execution.Changed(id);
}

void BarrierPhases::Wait(uint64_t phase, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  execution.SchedulingPoint({.type = &kWait, .object = id, .argument = phase, .where = where});
  execution.happens_before().AcquireShared(execution.running().id, execution.object(id));
}

}  // namespace heddle::internal
