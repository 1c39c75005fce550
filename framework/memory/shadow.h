// SPDX-License-Identifier: MIT
//
// Shadow: one byte of knowledge about each byte of the region.
//
// A shadow byte is a ByteState and, in its top bit, whether the byte belongs to a scheduling
// location. The state in which nothing remains to be asked, initialised and no scheduling location,
// is zero: up to eight bytes are checked by one load and one comparison. Stacks begin in that
// state, for locals may be shared without telling anybody; the heap begins unallocated, up to
// horizon(). Heap bytes past the horizon have no shadow yet and were never allocated.
//
// INVARIANT: outside registered frames, bytes of stack slots are kInitialised.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "heddle/memory/region.h"

namespace heddle {

enum class ByteState : uint8_t {
  kInitialised = 0,    // Live and written.
  kUninitialised = 1,  // Live and never written.
  kUnallocated = 2,    // Heap that no block of this execution covers.
  kRedzone = 3,        // Between blocks; belongs to the nearer one.
  kFreed = 4,          // Of a freed block; never reused within an execution.
  kDeadFrame = 5,      // Of a registered frame whose function has returned.
};

class Shadow {
 public:
  static constexpr uint8_t kSchedulingLocation = 0x80;

  // Returns whether nothing has to be asked about an access to `size` bytes at `address`.
  // REQUIRES: size is 1, 2, 4 or 8; Region::Contains(address), below horizon().
  static bool IsPlain(uintptr_t address, size_t size) {
    uint64_t states = 0;
    std::memcpy(&states, At(address), size);
    return states == 0;
  }

  // As IsPlain, for any size.
  static bool IsPlainRange(uintptr_t address, size_t size);

  static ByteState State(uintptr_t address) {
    return static_cast<ByteState>(*At(address) & ~kSchedulingLocation);
  }
  static bool IsSchedulingLocation(uintptr_t address) {
    return (*At(address) & kSchedulingLocation) != 0;
  }

  // Sets the state of a range and clears its scheduling locations.
  static void Set(uintptr_t address, size_t size, ByteState state) {
    std::memset(At(address), static_cast<int>(state), size);
  }

  // Sets the state of a range and leaves its scheduling locations.
  static void Change(uintptr_t address, size_t size, ByteState state);

  // Makes a range a scheduling location, or an ordinary one again.
  static void Mark(uintptr_t address, size_t size);
  static void Unmark(uintptr_t address, size_t size);

  // The first heap address without shadow.
  static uintptr_t horizon() { return horizon_; }

  // Gives the heap shadow up to `end`, unallocated where it had none.
  static void ExtendTo(uintptr_t end);

 private:
  static uint8_t* At(uintptr_t address) {
    return reinterpret_cast<uint8_t*>(address - Region::kBegin + Region::kShadowBegin);
  }

  static uintptr_t horizon_;
};

}  // namespace heddle
