// SPDX-License-Identifier: MIT

#include "heddle/memory/shadow.h"

#include <algorithm>

namespace heddle {

// Shadow is prepared in steps, so that a growing heap does not come here for every block.
static constexpr size_t kHorizonStep = size_t{256} << 10;

uintptr_t Shadow::horizon_ = Region::kHeapBegin;

bool Shadow::IsPlainRange(uintptr_t address, size_t size) {
  for (; size > sizeof(uint64_t); address += sizeof(uint64_t), size -= sizeof(uint64_t)) {
    if (!IsPlain(address, sizeof(uint64_t))) return false;
  }
  return IsPlain(address, size);
}

void Shadow::Change(uintptr_t address, size_t size, ByteState state) {
  uint8_t* const begin = At(address);
  for (size_t i = 0; i < size; ++i) {
    begin[i] = static_cast<uint8_t>((begin[i] & kSchedulingLocation) | static_cast<uint8_t>(state));
  }
}

void Shadow::Mark(uintptr_t address, size_t size) {
  uint8_t* const begin = At(address);
  std::for_each(begin, begin + size, [](uint8_t& byte) { byte |= kSchedulingLocation; });
}

void Shadow::Unmark(uintptr_t address, size_t size) {
  constexpr auto kMask = static_cast<uint8_t>(~kSchedulingLocation);
  uint8_t* const begin = At(address);
  std::for_each(begin, begin + size, [](uint8_t& byte) { byte &= kMask; });
}

void Shadow::ExtendTo(uintptr_t end) {
  if (end <= horizon_) return;
  const uintptr_t steps = (end - horizon_ + kHorizonStep - 1) / kHorizonStep;
  const uintptr_t horizon = std::min(horizon_ + steps * kHorizonStep, Region::kEnd);
  Set(horizon_, horizon - horizon_, ByteState::kUnallocated);
  horizon_ = horizon;
}

}  // namespace heddle
