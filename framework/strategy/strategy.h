// SPDX-License-Identifier: MIT
//
// Strategy: decides which schedule the next execution follows.
//
// A strategy answers one question at every choice point and never runs the program itself. It lives
// across executions and may learn from earlier ones; an Execution lives for a single run.
//
// INVARIANT: equal constructor arguments and equal choice points give equal decisions. Replay rests
// on this, so no clock, address or hash order may reach a decision.

#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "heddle/core/choice.h"
#include "heddle/core/step_log.h"

namespace heddle {

class Strategy {
 public:
  virtual ~Strategy() = default;

  // Starts an execution. Returns false once there is nothing left to explore.
  virtual bool BeginExecution() = 0;

  // Returns the decisions with which the execution begins. The execution follows them without
  // asking; a decision that it cannot follow is a failure kNondeterminism. The span stays valid
  // until EndExecution.
  virtual std::span<const Decision> Prefix() const { return {}; }

  // Returns the bounds of this execution. The execution offers no alternative beyond them.
  virtual Bounds ExecutionBounds() const { return {}; }

  // Returns the task that takes the next step, or kNoTask to give the execution up: whatever comes
  // is known. ENSURES: the result is one of `point.alternatives`, or kNoTask.
  virtual TaskId ChooseTask(const ChoicePoint& point) = 0;

  // Returns a value below `choice.bound`.
  virtual uint32_t ChooseValue(const ValueChoice& choice) = 0;

  // Ends the execution that took `decisions`; called once for every BeginExecution that returned
  // true.
  virtual void EndExecution(const ExecutionSummary& summary) = 0;

  // Returns whether the execution that just ended is one that was counted before, or was given up:
  // it is none of those that a search counts.
  virtual bool IsRepetition() const { return false; }

  // Returns whether the strategy explores everything within its bounds once BeginExecution returns
  // false.
  virtual bool IsComplete() const { return false; }

  // Returns whether executions that differ only in the order of independent steps are one and the
  // same to the strategy. What is free or costs a fault may then not depend on that order: time
  // passes at any moment, for nothing.
  virtual bool IsByTrace() const { return false; }

  // Where the execution has to note what its steps touch; null if the strategy does not ask.
  virtual StepLog* Steps() { return nullptr; }

  // What the program did that the strategy cannot explore, as a sentence; null if nothing. The
  // search ends there.
  virtual const char* Refusal() const { return nullptr; }

  // What a schedule should say of how it was found, beyond its decisions: "pct=3,2,41". Empty for
  // strategies whose decisions say all.
  virtual std::string ScheduleNote() const { return {}; }
};

}  // namespace heddle
