// SPDX-License-Identifier: MIT
//
// State: Object::count is the number of free units.
//
// A release is a scheduling point although it is a left mover: where the number of units is
// limited, whether it comes before or after an acquire decides whether it is too much.

#include "heddle/sync/semaphore.h"

#include <string>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace heddle {

static constexpr ObjectType kSemaphore{.noun = "semaphore"};

static bool HasUnit(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).count > 0;
}

static constexpr OperationType kAcquire{
    .verb = "acquire", .ready = HasUnit, .rule = WaitRule::kAnyone};
static constexpr OperationType kTryAcquire{.verb = "try acquire"};
static constexpr OperationType kRelease{.verb = "release"};

static void Take(Execution& execution, ObjectId id) {
  --execution.object(id).count;
  execution.happens_before().Acquire(execution.running().id, execution.object(id));
  execution.Changed(id);
}

Semaphore::~Semaphore() {
  Execution::OnDestruction(&ref_, kSemaphore, name_);
}

ObjectId Semaphore::Resolve(SourceLocation where) {
  Execution& execution = Execution::Current();
  bool is_new = false;
  const ObjectId id = execution.Resolve(&ref_, kSemaphore, name_, &is_new);
  if (is_new) {
    execution.object(id).count = units_;
    if (units_ < 0 || units_ > units_max_) {
      const internal::RuntimeScope scope;
      execution.Misuse(id,
                       "semaphore created with " + std::to_string(units_) +
                           " units; expected 0 to " + std::to_string(units_max_),
                       where);
    }
  }
  return id;
}

void Semaphore::Acquire(SourceLocation where) {
  AcquireUntil(kNever, where);
}

bool Semaphore::AcquireInterruptible(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  const Outcome outcome = execution.SchedulingPoint(
      {.type = &kAcquire, .object = id, .interruptible = true, .where = where});
  if (outcome != Outcome::kReady) return false;
  Take(execution, id);
  return true;
}

bool Semaphore::AcquireUntil(VirtualTime deadline, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (deadline <= execution.now()) return TryAcquire(where);
  const ObjectId id = Resolve(where);
  const Outcome outcome = execution.SchedulingPoint(
      {.type = &kAcquire, .object = id, .deadline = deadline, .where = where});
  if (outcome != Outcome::kReady) return false;
  Take(execution, id);
  return true;
}

bool Semaphore::TryAcquire(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  execution.SchedulingPoint({.type = &kTryAcquire, .object = id, .where = where});
  if (execution.object(id).count == 0) {
    execution.NoteObject("try acquire fails", id, where);
    return false;
  }
  Take(execution, id);
  return true;
}

void Semaphore::Release(int64_t units, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve(where);
  execution.SchedulingPoint({.type = &kRelease, .object = id, .where = where});
  Object& object = execution.object(id);
  if (units < 0 || units > units_max_ - object.count) {
    const internal::RuntimeScope scope;
    execution.Misuse(id,
                     "release of " + std::to_string(units) + " units where " +
                         std::to_string(object.count) + " of at most " +
                         std::to_string(units_max_) + " are free",
                     where);
  }
  object.count += units;
  execution.happens_before().Release(execution.running().id, &object);
  execution.Changed(id);
}

}  // namespace heddle
