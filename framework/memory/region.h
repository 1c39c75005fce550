// SPDX-License-Identifier: MIT
//
// Region: the one range of addresses that holds every byte a program under test can share.
//
// It is mapped once per process, at an address that never varies, so that equal schedules see equal
// pointers. Behind the checked bytes lie the tables about them, at fixed addresses as well: finding
// the shadow byte or the race cell of an address is one addition.
//
//   [stack slots][heap][shadow: 1 byte per byte][race cells: kCellSize bytes per granule]
//
// Only pages that were touched cost memory.

#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle {

class Region {
 public:
  // Free on x86-64 and aarch64 with 48-bit addresses, with and without AddressSanitizer: above its
  // shadow, below everything that the kernel places by itself.
  static constexpr uintptr_t kBegin = 0x4000'0000'0000;

  // A stack slot is one guard page, never accessible, and a stack above it. Slot i is task i's.
  static constexpr size_t kGuardSize = 4096;
  static constexpr size_t kStackSize = size_t{256} << 10;
  static constexpr size_t kSlotSize = kGuardSize + kStackSize;
  static constexpr size_t kSlotCount = 1024;

  static constexpr uintptr_t kStacksBegin = kBegin;
  static constexpr size_t kStacksSize = kSlotSize * kSlotCount;
  static constexpr uintptr_t kHeapBegin = kStacksBegin + kStacksSize;
  static constexpr size_t kHeapSize = size_t{512} << 20;
  static constexpr uintptr_t kEnd = kHeapBegin + kHeapSize;
  static constexpr size_t kSize = kEnd - kBegin;

  // A race cell describes the accesses to one granule.
  static constexpr size_t kGranuleSize = 8;
  static constexpr size_t kCellSize = 48;

  static constexpr uintptr_t kShadowBegin = kEnd;
  static constexpr uintptr_t kCellsBegin = kShadowBegin + kSize;
  static constexpr size_t kCellsSize = kSize / kGranuleSize * kCellSize;
  static constexpr uintptr_t kMapEnd = kCellsBegin + kCellsSize;

  // Maps the region, once. If its addresses are taken, the process ends with a sentence and
  // status 3.
  static void Map();

  static constexpr bool Contains(uintptr_t address) { return address - kBegin < kSize; }
  static constexpr bool IsStack(uintptr_t address) { return address - kStacksBegin < kStacksSize; }
  static constexpr bool IsHeap(uintptr_t address) { return address - kHeapBegin < kHeapSize; }

  // Returns the slot that `address` lies in. REQUIRES: IsStack(address).
  static constexpr size_t SlotOf(uintptr_t address) { return (address - kStacksBegin) / kSlotSize; }

  // Returns whether `address` lies in the guard page of a slot.
  static constexpr bool IsGuard(uintptr_t address) {
    return IsStack(address) && (address - kStacksBegin) % kSlotSize < kGuardSize;
  }

  // Makes the stack of `slot` accessible and returns its lowest byte; its size is kStackSize.
  // REQUIRES: slot < kSlotCount. A system call at the first use of a slot, none later.
  static void* OpenStack(size_t slot);
};

static_assert(Region::kSize % Region::kGranuleSize == 0);

}  // namespace heddle
