// SPDX-License-Identifier: MIT
//
// MemoryFailure: makes the Failure of an execution from what went wrong in memory.
//
// Everything is copied out: a failure outlives the memory and the call stacks that it tells of. In
// an execution without tracing a history has one frame per event, else the whole stack; what
// identifies the failure (objects, innermost functions) is equal in both.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "heddle/detect/data_race.h"
#include "heddle/memory/access_fault.h"
#include "heddle/memory/arena.h"
#include "heddle/memory/frame_table.h"
#include "heddle/memory/memory_location.h"

namespace heddle {

// The parts of an execution that name what lies in memory.
struct MemoryView {
  const Execution& execution;
  const Arena& arena;
  const FrameTable& frames;
};

Failure FailureOf(const AccessFault& fault, const MemoryView& view);
Failure FailureOf(const DataRace& race, const MemoryView& view);

// REQUIRES: `leaks` is not empty.
Failure LeakFailure(std::span<const Block* const> leaks, const MemoryView& view);

// A step made more than `accesses_max` accesses, the last one at `origin`.
Failure AccessLimitFailure(const Origin& origin, int64_t accesses_max, const MemoryView& view);

// The heap of the execution is used up by the request at `origin`.
Failure HeapLimitFailure(const Origin& origin, size_t heap_bytes_max, const MemoryView& view);

// A failure of the running task at `pcs`: return addresses, innermost first.
Failure FailureAt(FailureKind kind, std::string title, std::span<const uintptr_t> pcs,
                  const Execution& execution);

// Returns the location of `size` bytes at `address`, or nothing for memory that has no name that
// another process would know.
std::optional<MemoryLocation> LocationOf(uintptr_t address, uint32_t size, const MemoryView& view);

// Returns the code that `origin` stands for, as a primitive would have been told. The text stays.
SourceLocation SourceOf(const CodePlace& place);

}  // namespace heddle
