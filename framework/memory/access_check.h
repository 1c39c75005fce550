// SPDX-License-Identifier: MIT
//
// AccessCheck: whether memory allows an access, byte by byte. The slow path behind Shadow::IsPlain.
//
// Reads of uninitialised memory are findings only if no byte of the access was ever written:
// compilers copy padding and write bit-fields by reading the whole word. Ranges (memcpy, assignment
// of large structures) may carry uninitialised bytes along.

#pragma once

#include <optional>

#include "heddle/base/ids.h"
#include "heddle/memory/access_fault.h"
#include "heddle/memory/arena.h"
#include "heddle/memory/frame_table.h"
#include "heddle/memory/memory_access.h"

namespace heddle {

class AccessCheck {
 public:
  // Below it nothing is ever mapped: an access there went through a null pointer.
  static constexpr uintptr_t kNullPageSize = 64 << 10;
  // Reads of more bytes are copies.
  static constexpr size_t kScalarSizeMax = 16;

  AccessCheck(const Arena& arena, const FrameTable& frames) : arena_(arena), frames_(frames) {}

  // Returns what is wrong with an access by `task`, or nothing. Addresses outside the region are
  // only told from null. Writes make bytes initialised. The fault's origin is left to the caller.
  std::optional<AccessFault> Check(const MemoryAccess& access, TaskId task) const;

  // Returns what is wrong with freeing `address`, or nothing, for `error` != kNone.
  AccessFault FreeFault(uintptr_t address, Arena::FreeError error) const;

  // Returns whether `task` touches a dead object on its own stack. Its callees put their locals
  // there, where and how many the compiler decides: such an access means nothing to anybody.
  static bool IsOnOwnDeadFrame(const MemoryAccess& access, TaskId task);

  // Returns whether an access touches a byte of a scheduling location of the region.
  static bool TouchesSchedulingLocation(const MemoryAccess& access);

  // Returns the heap block or frame object that `address` lies in or beside, or null.
  const Block* FindBlock(uintptr_t address) const;

 private:
  std::optional<FailureKind> CheckByte(uintptr_t address, const MemoryAccess& access,
                                       TaskId task) const;
  AccessFault Fault(FailureKind kind, const MemoryAccess& access, uintptr_t bad_address) const;

  const Arena& arena_;
  const FrameTable& frames_;
};

}  // namespace heddle
