// SPDX-License-Identifier: MIT
//
// Operation: what a task is about to do when it stands at a scheduling point.
//
// A task publishes its next visible operation before it performs it. An operation that cannot be
// performed now (a lock that is held, a completion not yet signalled) leaves its task disabled
// until it can; a task never takes a step only to find out that it has to wait.
//
// Each primitive declares its operation types as constants beside its code. An operation lives on
// the stack of the task that stands at it.

#pragma once

#include <cstdint>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/task_set.h"

namespace heddle {

class Execution;
struct Operation;

// Who has to act before a blocked operation can be performed.
enum class WaitRule : uint8_t {
  kAllOwners,  // All owners must let go: locks, joins, flushes, grace periods.
  kAnyOwner,   // One of the declared owners suffices: a completion with declared completers.
  kAnyone,     // Any task may act: a completion or wait queue open to everybody.
  kIdle,       // Nobody needs to: a worker without work. An idle task is never stuck.
};

// What an operation does to its object, for dependence: two operations on one object are dependent
// unless both only read it.
enum class AccessMode : uint8_t { kNone, kRead, kWrite };

struct OperationType {
  // What the report prints: "lock", "wait", "load".
  const char* verb = "";

  // Says whether the operation can be performed now; null means always. Must depend on nothing but
  // the state of the operation's object, or the primitive must call Execution::Changed for every
  // change.
  bool (*ready)(const Execution& execution, const Operation& operation) = nullptr;

  // Adds the tasks that a blocked operation waits for. Null: the holders of the object.
  void (*owners)(const Execution& execution, const Operation& operation, TaskSet* owners) = nullptr;

  WaitRule rule = WaitRule::kAllOwners;
  AccessMode access = AccessMode::kWrite;

  // The running task gives way: going on with another task is no preemption, and the yielding task
  // does not go on before another one has taken a step.
  bool yields = false;

  // The operation touches its object when it is performed: by then the primitive must not have been
  // destroyed. Not so for a wait on something that whoever ends the wait may destroy.
  bool needs_object = true;

  // How the trace calls an interruption.
  const char* interruption = "interrupted";
};

struct Operation {
  const OperationType* type = nullptr;
  ObjectId object;
  // Free for the primitive: a value to store, a task to join, the address of an access.
  uint64_t argument = 0;
  // Until when a timed wait waits; kNever for all others.
  VirtualTime deadline = kNever;
  // A blocked operation that a signal may end, as a fault. Not twice in a row: another task takes a
  // step first, so a program that waits again each time comes to an end.
  bool interruptible = false;
  SourceLocation where;
};

// How a scheduling point ended for the task that stood at it.
enum class Outcome : uint8_t {
  kReady,        // The operation can be performed now.
  kTimedOut,     // The deadline passed first.
  kInterrupted,  // A signal came first.
};

}  // namespace heddle
