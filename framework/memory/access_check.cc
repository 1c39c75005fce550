// SPDX-License-Identifier: MIT

#include "heddle/memory/access_check.h"

#include <algorithm>

#include "heddle/base/check.h"
#include "heddle/memory/shadow.h"

namespace heddle {

// Returns how many bytes of the access have shadow.
static size_t ShadowedSize(const MemoryAccess& access) {
  if (!Region::Contains(access.address)) return 0;
  return std::min(access.size, Region::kEnd - access.address);
}

std::optional<AccessFault> AccessCheck::Check(const MemoryAccess& access, TaskId task) const {
  if (access.size == 0) return std::nullopt;
  if (access.address < kNullPageSize) return Fault(FailureKind::kOops, access, access.address);

  const size_t size = ShadowedSize(access);
  size_t uninitialised = 0;
  for (uintptr_t byte = access.address; byte < access.address + size; ++byte) {
    const std::optional<FailureKind> wrong = CheckByte(byte, access, task);
    if (!wrong) continue;
    if (*wrong != FailureKind::kUninitialisedRead) return Fault(*wrong, access, byte);
    ++uninitialised;
  }
  const bool is_scalar = access.size <= kScalarSizeMax;
  if (is_scalar && uninitialised == access.size) {
    return Fault(FailureKind::kUninitialisedRead, access, access.address);
  }
  return std::nullopt;
}

std::optional<FailureKind> AccessCheck::CheckByte(uintptr_t address, const MemoryAccess& access,
                                                  TaskId task) const {
  if (address >= Shadow::horizon()) return FailureKind::kOops;
  switch (Shadow::State(address)) {
    case ByteState::kInitialised:
      return std::nullopt;
    case ByteState::kUninitialised:
      if (!access.is_write) return FailureKind::kUninitialisedRead;
      Shadow::Change(address, 1, ByteState::kInitialised);
      return std::nullopt;
    case ByteState::kUnallocated:
      return FailureKind::kOops;
    case ByteState::kRedzone:
      return FailureKind::kOutOfBounds;
    case ByteState::kFreed:
      return FailureKind::kUseAfterFree;
    case ByteState::kDeadFrame:
      if (Region::SlotOf(address) == task.value) return std::nullopt;
      return FailureKind::kStackUseAfterReturn;
  }
  HEDDLE_CHECK(false) << "the shadow of " << address << " is no state";
  return std::nullopt;
}

bool AccessCheck::IsOnOwnDeadFrame(const MemoryAccess& access, TaskId task) {
  if (!Region::IsStack(access.address) || Region::SlotOf(access.address) != task.value) {
    return false;
  }
  const size_t size = ShadowedSize(access);
  for (uintptr_t byte = access.address; byte < access.address + size; ++byte) {
    if (Shadow::State(byte) == ByteState::kDeadFrame) return true;
  }
  return false;
}

bool AccessCheck::TouchesSchedulingLocation(const MemoryAccess& access) {
  const size_t size = ShadowedSize(access);
  for (uintptr_t byte = access.address; byte < access.address + size; ++byte) {
    if (Shadow::IsSchedulingLocation(byte)) return true;
  }
  return false;
}

AccessFault AccessCheck::FreeFault(uintptr_t address, Arena::FreeError error) const {
  const bool is_double = error == Arena::FreeError::kDouble;
  const MemoryAccess access{.address = address, .is_write = true, .is_end = true};
  return Fault(is_double ? FailureKind::kDoubleFree : FailureKind::kInvalidFree, access, address);
}

AccessFault AccessCheck::Fault(FailureKind kind, const MemoryAccess& access,
                               uintptr_t bad_address) const {
  AccessFault fault{.kind = kind, .access = access, .bad_address = bad_address};
  if (const Block* block = FindBlock(bad_address)) {
    fault.has_block = true;
    fault.block = *block;
  }
  return fault;
}

const Block* AccessCheck::FindBlock(uintptr_t address) const {
  if (Region::IsStack(address)) return frames_.Find(address);
  return arena_.Find(address);
}

}  // namespace heddle
