// SPDX-License-Identifier: MIT
//
// ThrowSite: where a task stands, and where it last made an exception. Once that has left the task
// there is no stack left to look at.
//
// The compiler calls the C++ runtime to begin an exception; the definition beside this header takes
// that call, notes where it came from, and passes it on.

#pragma once

#include <cstdint>
#include <span>

namespace heddle {

// Returns the calls that led to the last exception of the running task, as return addresses,
// innermost first; nothing if it is not known.
std::span<const uintptr_t> LastThrow();

// Returns the calls that the running task is in, in the same way. Valid until the next call.
std::span<const uintptr_t> CallsOfTask();

}  // namespace heddle
