// SPDX-License-Identifier: MIT
//
// AccessFault: an access, or a free, that memory does not allow: everything a report needs to know.

#pragma once

#include <cstdint>

#include "heddle/core/failure.h"
#include "heddle/memory/block.h"
#include "heddle/memory/memory_access.h"
#include "heddle/memory/origin.h"

namespace heddle {

struct AccessFault {
  // kUseAfterFree, kDoubleFree, kInvalidFree, kOutOfBounds, kUninitialisedRead,
  // kStackUseAfterReturn or kOops.
  FailureKind kind = FailureKind::kOops;
  MemoryAccess access;  // Size 0 with is_end: a free.
  Origin origin;
  // First byte that must not be touched like this.
  uintptr_t bad_address = 0;
  // The block that the bad byte belongs to, or lies beside; a copy, for the block may move.
  bool has_block = false;
  Block block;
  // Of a free: how it was meant.
  BlockForm freed_as = BlockForm::kPlain;

  // Of the first byte accessed, from the start of the block. REQUIRES: has_block.
  int64_t offset() const { return static_cast<int64_t>(access.address - block.begin); }
};

}  // namespace heddle
