// SPDX-License-Identifier: MIT
//
// The sections of a report that explain a deadlock or a hang: who holds what, who waits for whom,
// and which two orders of locks contradict each other.

#pragma once

#include <string>

#include "heddle/core/failure.h"
#include "heddle/core/trace.h"

namespace heddle {

// Returns "Wait cycle" or "Waits for ever", one entry per task; tasks that wait behind a cycle come
// last. Nothing for other failures.
std::string WaitSection(const Failure& failure, const Trace& trace);

// Returns "Lock order", one line per task of the cycle: what it held and what it wanted. Nothing
// unless each task of the cycle holds, as a lock, what the one before it waits for.
std::string LockOrderSection(const Failure& failure, const Trace& trace);

}  // namespace heddle
