// SPDX-License-Identifier: MIT
//
// StackPool: guarded stacks for fibers, reused between executions.
//
// The stacks lie in the memory region (heddle/memory/region.h), so that accesses to them are
// checked like those to the heap. Slot i always has the same address, so that an address on a stack
// means the same in every run of a schedule. Below each stack lies a guard page; touching it is a
// fault that the fault handler turns into a finding.

#pragma once

#include <cstddef>

#include "heddle/memory/region.h"

namespace heddle {

struct StackSlot {
  void* bottom = nullptr;
  size_t size = 0;
};

// Usable bytes of each stack. Only touched pages cost memory.
inline constexpr size_t kStackSize = Region::kStackSize;

class StackPool {
 public:
  static StackPool& Instance();

  // Returns the stack of slot `index`, which is that of task `index`. REQUIRES: index <
  // kTaskCapacity.
  StackSlot Slot(size_t index);

  // Returns whether `address` lies in the guard page of some slot.
  bool IsGuard(const void* address) const;
};

}  // namespace heddle
