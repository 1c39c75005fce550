// SPDX-License-Identifier: MIT
//
// MemoryAccess: which bytes a task touches, and how.

#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle {

struct MemoryAccess {
  uintptr_t address = 0;
  size_t size = 0;
  bool is_write = false;
  // READ_ONCE, WRITE_ONCE and atomics: two of them do not race.
  bool is_marked = false;
  // The end of the object's life, by free or by return from its function: a plain write to all of
  // it.
  bool is_end = false;
};

}  // namespace heddle
