// SPDX-License-Identifier: MIT
//
// State: Object::count is the number of arrivals still expected.

#include "heddle/sync/latch.h"

#include <string>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace heddle {

static constexpr ObjectType kLatch{.noun = "latch"};

static bool IsOpen(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).count == 0;
}

static constexpr OperationType kCountDown{.verb = "count down"};
static constexpr OperationType kWait{
    .verb = "wait for", .ready = IsOpen, .rule = WaitRule::kAnyone, .needs_object = false};
static constexpr OperationType kTryWait{.verb = "try wait for", .access = AccessMode::kRead};

static void Learn(Execution& execution, ObjectId id) {
  execution.happens_before().Acquire(execution.running().id, execution.object(id));
}

Latch::~Latch() {
  Execution::OnDestruction(&ref_, kLatch, name_);
}

ObjectId Latch::Resolve(SourceLocation where) {
  Execution& execution = Execution::Current();
  bool is_new = false;
  const ObjectId id = execution.Resolve(&ref_, kLatch, name_, &is_new);
  if (!is_new) return id;
  execution.object(id).count = expected_;
  if (expected_ < 0) {
    const internal::RuntimeScope scope;
    execution.Misuse(id, "latch created for " + std::to_string(expected_) + " arrivals", where);
  }
  return id;
}

void Latch::CountDown(std::ptrdiff_t arrivals, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  execution.SchedulingPoint({.type = &kCountDown, .object = id, .where = where});
  Object& object = execution.object(id);
  if (arrivals < 0 || arrivals > object.count) {
    const internal::RuntimeScope scope;
    execution.Misuse(id,
                     "count down by " + std::to_string(arrivals) + " where " +
                         std::to_string(object.count) + " arrivals are expected",
                     where);
  }
  object.count -= arrivals;
  execution.happens_before().Release(execution.running().id, &object);
  execution.Changed(id);
}

void Latch::Wait(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  execution.SchedulingPoint({.type = &kWait, .object = id, .where = where});
  Learn(execution, id);
}

bool Latch::TryWait(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  execution.SchedulingPoint({.type = &kTryWait, .object = id, .where = where});
  if (execution.object(id).count != 0) return false;
  Learn(execution, id);
  return true;
}

void Latch::ArriveAndWait(std::ptrdiff_t arrivals, SourceLocation where) {
  CountDown(arrivals, where);
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  if (execution.object(id).count == 0) {
    Learn(execution, id);
  } else {
    Wait(where);
  }
}

}  // namespace heddle
