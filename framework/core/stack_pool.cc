// SPDX-License-Identifier: MIT

#include "heddle/core/stack_pool.h"

#include <cstdint>

#include "heddle/core/task_set.h"

namespace heddle {

static_assert(Region::kSlotCount >= kTaskCapacity, "each task needs a stack");

StackPool& StackPool::Instance() {
  static StackPool pool;
  return pool;
}

StackSlot StackPool::Slot(size_t index) {
  return {.bottom = Region::OpenStack(index), .size = Region::kStackSize};
}

bool StackPool::IsGuard(const void* address) const {
  return Region::IsGuard(reinterpret_cast<uintptr_t>(address));
}

}  // namespace heddle
