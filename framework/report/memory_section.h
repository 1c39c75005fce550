// SPDX-License-Identifier: MIT
//
// The section of a report that tells the history of a piece of memory, in the order of the kernel's
// KASAN and KCSAN reports: the access, where it lies in its object, who allocated and who freed the
// object, each with its stack.

#pragma once

#include <string>

#include "heddle/core/failure.h"
#include "heddle/core/trace.h"

namespace heddle {

// Returns "Memory", or nothing for failures without a history.
std::string MemorySection(const Failure& failure, const Trace& trace);

// Returns `trace` with the access that failed as its last event before the waits: an access is no
// step of its own, but a reader looks for it.
Trace WithFailedAccess(const Trace& trace, const Failure& failure);

// Returns lines "    function  file:line", innermost first.
std::string FrameLines(const std::vector<StackFrame>& frames);

}  // namespace heddle
