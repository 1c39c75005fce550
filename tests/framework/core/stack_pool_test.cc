// SPDX-License-Identifier: MIT
//
// Where stacks lie, that they do not overlap, and which addresses are guards.

#include "heddle/core/stack_pool.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstring>

#include "heddle/memory/region.h"

namespace heddle {
namespace {

TEST_CASE("slot i has the same address each time it is asked for, and can be written in full") {
  StackPool& pool = StackPool::Instance();
  const StackSlot first = pool.Slot(0);
  const StackSlot again = pool.Slot(0);
  CHECK(first.bottom == again.bottom);
  CHECK(first.size == kStackSize);
  std::memset(first.bottom, 0x5a, first.size);
  CHECK(reinterpret_cast<uintptr_t>(first.bottom) == Region::kStacksBegin + Region::kGuardSize);
}

TEST_CASE("a guard lies below each stack and between two") {
  StackPool& pool = StackPool::Instance();
  const auto* low = static_cast<const std::byte*>(pool.Slot(4).bottom);
  const auto* high = static_cast<const std::byte*>(pool.Slot(5).bottom);
  CHECK(high - low == static_cast<std::ptrdiff_t>(Region::kSlotSize));
  CHECK(pool.IsGuard(low - 1));
  CHECK(pool.IsGuard(low - Region::kGuardSize));
  CHECK_FALSE(pool.IsGuard(low));
  CHECK_FALSE(pool.IsGuard(low + kStackSize - 1));
  CHECK(pool.IsGuard(low + kStackSize));
  int elsewhere = 0;
  CHECK_FALSE(pool.IsGuard(&elsewhere));
}

}  // namespace
}  // namespace heddle
