// SPDX-License-Identifier: MIT
//
// State: Object::count is the number of signals, kForAll after CompleteAll; value the number of
// declared completers. A declared completer holds the completion as an obligation, which makes it
// an owner to the wait graph.

#include "heddle/sync/completion.h"

#include "heddle/core/execution.h"

namespace heddle {

static constexpr ObjectType kCompletion{.noun = "completion"};
static constexpr int64_t kForAll = INT64_MAX;

static bool IsSignalled(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).count > 0;
}

static constexpr OperationType kComplete{.verb = "complete"};
static constexpr OperationType kCompleteAll{.verb = "complete all"};
static constexpr OperationType kWait{
    .verb = "wait for", .ready = IsSignalled, .rule = WaitRule::kAnyone};
static constexpr OperationType kWaitForCompleters{
    .verb = "wait for", .ready = IsSignalled, .rule = WaitRule::kAnyOwner};
static constexpr OperationType kTryWait{.verb = "try wait for"};
static constexpr OperationType kIsDone{.verb = "is done", .access = AccessMode::kRead};
static constexpr OperationType kReset{.verb = "reset"};

static void Take(Execution& execution, ObjectId id) {
  Object& object = execution.object(id);
  if (object.count != kForAll) --object.count;
  execution.happens_before().Acquire(execution.running().id, object);
  execution.Changed(id);
}

static void Signal(Execution& execution, ObjectId id, int64_t count) {
  Object& object = execution.object(id);
  object.count = count;
  execution.happens_before().Release(execution.running().id, &object);
  execution.Changed(id);
}

Completion::~Completion() {
  Execution::OnDestruction(&ref_, kCompletion, name_);
}

ObjectId Completion::Resolve() {
  return Execution::Current().Resolve(&ref_, kCompletion, name_);
}

void Completion::Complete(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kComplete, .object = id, .where = where});
  const int64_t count = execution.object(id).count;
  Signal(execution, id, count == kForAll ? kForAll : count + 1);
}

void Completion::CompleteAll(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kCompleteAll, .object = id, .where = where});
  Signal(execution, id, kForAll);
}

void Completion::Wait(SourceLocation where) {
  WaitUntil(kNever, false, where);
}

bool Completion::WaitInterruptible(SourceLocation where) {
  return WaitUntil(kNever, true, where) == Outcome::kReady;
}

Outcome Completion::WaitUntil(VirtualTime deadline, bool interruptible, SourceLocation where) {
  Execution& execution = Execution::Current();
  if (deadline <= execution.now()) {
    return TryWait(where) ? Outcome::kReady : Outcome::kTimedOut;
  }
  const ObjectId id = Resolve();
  const bool is_declared = execution.object(id).value > 0;
  const Outcome outcome =
      execution.SchedulingPoint({.type = is_declared ? &kWaitForCompleters : &kWait,
                                 .object = id,
                                 .deadline = deadline,
                                 .interruptible = interruptible,
                                 .where = where});
  if (outcome == Outcome::kReady) Take(execution, id);
  return outcome;
}

bool Completion::TryWait(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kTryWait, .object = id, .where = where});
  if (execution.object(id).count == 0) {
    execution.NoteObject("try wait fails for", id, where);
    return false;
  }
  Take(execution, id);
  return true;
}

bool Completion::IsDone(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kIsDone, .object = id, .where = where});
  return execution.object(id).count > 0;
}

void Completion::Reset(SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  execution.SchedulingPoint({.type = &kReset, .object = id, .where = where});
  if (execution.IsWaitedOn(id))
    execution.Misuse(id, "reset of a completion that a task waits for", where);
  execution.object(id).count = 0;
  execution.Changed(id);
}

void Completion::DeclareCompleter(TaskId task, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id = Resolve();
  if (execution.IsWaitedOn(id)) {
    execution.Misuse(id, "completer declared for a completion that a task waits for already",
                     where);
  }
  ++execution.object(id).value;
  execution.AddHolding(
      task, {.object = id, .step = execution.step(), .mode = kObligation, .where = where});
}

}  // namespace heddle
