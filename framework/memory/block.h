// SPDX-License-Identifier: MIT
//
// Block: one object in memory that reports can name: a heap block, or an object on a task's stack
// whose lifetime was registered.

#pragma once

#include <cstddef>
#include <cstdint>

#include "heddle/base/ids.h"
#include "heddle/memory/origin.h"

namespace heddle {

// A name that memory objects were given, such as "l2cap_conn"; see SiteTable.
using SiteId = internal::Id<struct SiteIdTag, uint32_t>;

// How a block was allocated, and has to be freed.
enum class BlockForm : uint8_t { kPlain, kNew, kNewArray };

struct Block {
  uintptr_t begin = 0;
  size_t size = 0;
  SiteId site;
  const char* name = "";
  // Counts the blocks of this name within an execution, from 1.
  uint32_t occurrence = 0;
  // Counts the heap blocks that its task allocated before it, whatever their names.
  uint32_t number_of_task = 0;
  bool is_live = true;
  BlockForm form = BlockForm::kPlain;
  // Allocated by the framework itself: never a leak.
  bool is_internal = false;
  // Survives the end of the execution.
  bool is_kept = false;
  Origin allocated;
  Origin freed;  // Freed, or for a frame: retired. Meaningful once !is_live.
  // Number of blocks that there were when it was freed.
  uint32_t outlived = 0;

  uintptr_t end() const { return begin + size; }
  bool Contains(uintptr_t address) const { return address - begin < size; }
};

}  // namespace heddle
