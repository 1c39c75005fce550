// SPDX-License-Identifier: GPL-2.0-only
//
// State: Object::count is the number of signals, kForAll after complete_all; value is 1 once
// somebody said who will complete. Who said so of itself holds the completion as an obligation;
// those known to others are asked for when it matters.

#include "models/kernel/completion.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/core/task.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/errno.h"
#include "models/kernel/finding.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/per_execution.h"

namespace models::kernel {

using heddle::Execution;
using heddle::Object;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::Outcome;
using heddle::SourceLocation;
using heddle::TaskSet;
using internal::completer_source;
using internal::primitive_call;

namespace {

constexpr heddle::ObjectType kCompletion{.noun = "completion"};
constexpr int64_t kForAll = INT64_MAX;

struct completer {
  ObjectId completion;
  completer_source source = nullptr;
  const void* argument = nullptr;
};

struct completer_world {
  std::vector<completer> completers;

  void reset() { completers.clear(); }
};

per_execution<completer_world> world;

bool is_signalled(const Execution& execution, const Operation& operation) {
  const Object& object = execution.object(operation.object);
  return object.count > 0 || internal::is_gone(object);
}

void add_completers(const Execution& execution, const Operation& operation, TaskSet* owners) {
  for (uint16_t i = 0; i < execution.tasks().size(); ++i) {
    const heddle::TaskId task{i};
    if (execution.FindHolding(task, operation.object) != nullptr) owners->Add(task);
  }
  for (const completer& known : world->completers) {
    if (known.completion == operation.object) known.source(execution, known.argument, owners);
  }
}

constexpr OperationType kComplete{.verb = "complete"};
constexpr OperationType kCompleteAll{.verb = "complete all"};
constexpr OperationType kReinit{.verb = "reinit"};
constexpr OperationType kWait{
    .verb = "wait for", .ready = is_signalled, .rule = heddle::WaitRule::kAnyone};
constexpr OperationType kWaitForCompleters{.verb = "wait for",
                                           .ready = is_signalled,
                                           .owners = add_completers,
                                           .rule = heddle::WaitRule::kAnyOwner};
constexpr OperationType kTryWait{.verb = "try wait for"};
constexpr OperationType kIsDone{.verb = "is done", .access = heddle::AccessMode::kRead};

void signal(completion* x, const OperationType& type, const primitive_call& call) {
  Execution& execution = Execution::Current();
  Operation operation{.type = &type};
  internal::stand_at(&x->handle, call, &operation);
  Object& object = execution.object(operation.object);
  if (&type == &kCompleteAll) object.count = kForAll;
  if (object.count != kForAll) ++object.count;
  execution.Dropped(operation.object);
  execution.happens_before().Release(execution.running().id, &object);
  execution.Changed(operation.object);
}

void take_signal(ObjectId id) {
  Execution& execution = Execution::Current();
  Object& object = execution.object(id);
  if (object.count != kForAll) --object.count;
  execution.happens_before().Acquire(execution.running().id, object);
  execution.Changed(id);
}

struct wait_options {
  unsigned long timeout = MAX_SCHEDULE_TIMEOUT;
  bool is_interruptible = false;
};

// Returns the jiffies left, 0, or -ERESTARTSYS.
long wait(completion* x, const wait_options& options, const primitive_call& call) {
  might_sleep(call.where);
  if (options.timeout == 0) return try_wait_for_completion(x, call.where) ? 1 : 0;
  Execution& execution = Execution::Current();
  const ObjectId id = internal::use_object(&x->handle, call);
  const bool is_forever = options.timeout >= MAX_SCHEDULE_TIMEOUT;
  const unsigned long end = jiffies + options.timeout;
  Operation operation{.type = execution.object(id).value != 0 ? &kWaitForCompleters : &kWait,
                      .deadline = is_forever ? heddle::kNever : time_of_jiffy(end),
                      .interruptible = options.is_interruptible};
  const Outcome outcome = internal::stand_at(&x->handle, call, &operation);
  if (outcome == Outcome::kInterrupted) return -ERESTARTSYS;
  if (outcome == Outcome::kTimedOut) return 0;
  take_signal(operation.object);
  if (is_forever) return static_cast<long>(options.timeout);
  return time_before(jiffies, end) ? static_cast<long>(end - jiffies) : 1;
}

void expect_completers(ObjectId id) {
  Execution::Current().object(id).value = 1;
}

}  // namespace

void __init_completion(completion* x, const char* name, SourceLocation where) {
  internal::init_object(&x->handle, sizeof(*x), name, {kCompletion, "init_completion", where});
}

void reinit_completion(completion* x, SourceLocation where) {
  Execution& execution = Execution::Current();
  Operation operation{.type = &kReinit};
  internal::stand_at(&x->handle, {kCompletion, "reinit_completion", where}, &operation);
  if (execution.IsWaitedOn(operation.object)) {
    internal::fail(heddle::FailureKind::kMisuse, operation.object,
                   {"reinit_completion of a completion that is waited for"}, where);
  }
  execution.object(operation.object).count = 0;
  execution.Changed(operation.object);
}

void complete(completion* x, SourceLocation where) {
  signal(x, kComplete, {kCompletion, "complete", where});
}

void complete_all(completion* x, SourceLocation where) {
  signal(x, kCompleteAll, {kCompletion, "complete_all", where});
}

void wait_for_completion(completion* x, SourceLocation where) {
  wait(x, {}, {kCompletion, "wait_for_completion", where});
}

unsigned long wait_for_completion_timeout(completion* x, unsigned long timeout,
                                          SourceLocation where) {
  return static_cast<unsigned long>(
      wait(x, {.timeout = timeout}, {kCompletion, "wait_for_completion_timeout", where}));
}

int wait_for_completion_interruptible(completion* x, SourceLocation where) {
  const long left = wait(x, {.is_interruptible = true},
                         {kCompletion, "wait_for_completion_interruptible", where});
  return left < 0 ? static_cast<int>(left) : 0;
}

int wait_for_completion_killable(completion* x, SourceLocation where) {
  const long left =
      wait(x, {.is_interruptible = true}, {kCompletion, "wait_for_completion_killable", where});
  return left < 0 ? static_cast<int>(left) : 0;
}

long wait_for_completion_interruptible_timeout(completion* x, unsigned long timeout,
                                               SourceLocation where) {
  return wait(x, {.timeout = timeout, .is_interruptible = true},
              {kCompletion, "wait_for_completion_interruptible_timeout", where});
}

long wait_for_completion_killable_timeout(completion* x, unsigned long timeout,
                                          SourceLocation where) {
  return wait(x, {.timeout = timeout, .is_interruptible = true},
              {kCompletion, "wait_for_completion_killable_timeout", where});
}

bool try_wait_for_completion(completion* x, SourceLocation where) {
  Execution& execution = Execution::Current();
  Operation operation{.type = &kTryWait};
  internal::stand_at(&x->handle, {kCompletion, "try_wait_for_completion", where}, &operation);
  if (execution.object(operation.object).count == 0) return false;
  take_signal(operation.object);
  return true;
}

bool completion_done(completion* x, SourceLocation where) {
  Operation operation{.type = &kIsDone};
  internal::stand_at(&x->handle, {kCompletion, "completion_done", where}, &operation);
  return Execution::Current().object(operation.object).count > 0;
}

// ---- Who will complete

void completion_will_be_completed_by_me(completion* x, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId id =
      internal::use_object(&x->handle, {kCompletion, "completion_will_be_completed_by_me", where});
  expect_completers(id);
  execution.AddHolding(
      execution.running().id,
      {.object = id, .step = execution.step(), .mode = heddle::kObligation, .where = where});
}

void completion_will_not_be_completed_by_me(completion* x, SourceLocation where) {
  Execution::Current().Dropped(internal::use_object(
      &x->handle, {kCompletion, "completion_will_not_be_completed_by_me", where}));
}

void internal::completion_will_be_completed_by(completion* x, completer_source completers,
                                               const void* source, SourceLocation where) {
  const ObjectId id =
      use_object(&x->handle, {kCompletion, "completion_will_be_completed_by", where});
  expect_completers(id);
  const heddle::internal::RuntimeScope scope;
  world->completers.push_back({.completion = id, .source = completers, .argument = source});
}

}  // namespace models::kernel
