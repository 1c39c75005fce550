// SPDX-License-Identifier: MIT

#include "heddle/memory/region.h"

#include <sys/mman.h>

#include <bitset>
#include <cerrno>
#include <cstring>

#include "heddle/base/check.h"

namespace heddle {

// Reserves [begin, end) at exactly that address.
static void MapAt(uintptr_t begin, uintptr_t end, int protection) {
  void* const wanted = reinterpret_cast<void*>(begin);
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  void* const got = mmap(wanted, end - begin, protection, kFlags, -1, 0);
  HEDDLE_CHECK(got == wanted)
      << "the addresses from " << wanted << " to " << reinterpret_cast<void*>(end)
      << ", where the memory of programs under test lies, cannot be mapped: "
      << (got == MAP_FAILED ? std::strerror(errno) : "they are in use");
}

// Stacks stay inaccessible until a task needs them, which makes guard pages free.
void Region::Map() {
  static bool is_mapped = false;
  if (is_mapped) return;
  is_mapped = true;
  MapAt(kStacksBegin, kHeapBegin, PROT_NONE);
  MapAt(kHeapBegin, kMapEnd, PROT_READ | PROT_WRITE);
}

void* Region::OpenStack(size_t slot) {
  static std::bitset<kSlotCount> is_open;
  HEDDLE_CHECK(slot < kSlotCount) << "there are stacks for " << kSlotCount << " tasks only";
  void* const bottom = reinterpret_cast<void*>(kStacksBegin + slot * kSlotSize + kGuardSize);
  if (!is_open[slot]) {
    Map();
    HEDDLE_CHECK(mprotect(bottom, kStackSize, PROT_READ | PROT_WRITE) == 0)
        << "the stack of task " << slot << " cannot be opened: " << std::strerror(errno);
    is_open[slot] = true;
  }
  return bottom;
}

}  // namespace heddle
