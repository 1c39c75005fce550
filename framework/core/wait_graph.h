// SPDX-License-Identifier: MIT
//
// Wait graph: who waits for whom, derived from the operations that blocked tasks stand at.
//
// A set of tasks is stuck the moment no task outside it can bring it on (Holt's reduction, 1972,
// extended by waits that any one of several tasks may end). It is found when it forms, although
// other tasks still run, if all its waits have known owners; a wait that anybody may end is stuck
// only when nobody is left.

#pragma once

#include <optional>

#include "heddle/core/failure.h"

namespace heddle {

class Execution;

// Returns the deadlock or hang among the blocked tasks of `execution`, or nothing if each may still
// go on.
std::optional<Failure> FindStuckTasks(const Execution& execution);

}  // namespace heddle
