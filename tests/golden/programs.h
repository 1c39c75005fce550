// SPDX-License-Identifier: MIT
//
// Small programs with one bug each, for golden reports. Reports name lines of programs.cc: a change
// there moves the golden files.

#pragma once

#include "heddle/core/execution.h"

namespace golden {

// Two tasks take two locks in opposite orders.
void TwoLocks(heddle::Execution& execution);

// A task takes a lock that it holds already.
void LockTwice(heddle::Execution& execution);

// Three philosophers, each with the left fork, wait for the right one.
void Philosophers(heddle::Execution& execution);

// A task dies with a lock held that another one waits for.
void DeadOwner(heddle::Execution& execution);

// A transfer between two accounts is not atomic: for a moment, money is missing. With a fault it is
// missing for good.
void Transfer(heddle::Execution& execution);

// Two tasks add one to a counter; one addition may be lost.
void LostUpdate(heddle::Execution& execution);

// A task unlocks what it does not hold.
void UnlockTwice(heddle::Execution& execution);

// A task waits in a loop for a flag that nobody sets.
void SpinForEver(heddle::Execution& execution);

// An exception leaves a task.
void Throw(heddle::Execution& execution);

// A variable that outlives the executions decides how many locks are taken.
void Forgetful(heddle::Execution& execution);

}  // namespace golden
