// SPDX-License-Identifier: MIT
//
// FrameTable: objects on the stacks of tasks whose lifetime was registered, because other tasks get
// pointers to them: on-stack completions, work items, controls of an iteration.
//
// A registered object that was retired is dead: another task's access to it is a finding. Its own
// task may use the bytes again for other locals; for others they stay dead until an object is
// registered there. Which locals of later calls lie there is the compiler's choice, and no finding
// may depend on it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "heddle/memory/block.h"
#include "heddle/memory/site_table.h"

namespace heddle {

class FrameTable {
 public:
  // Names and numbers of frame objects come from the same table as those of heap blocks.
  explicit FrameTable(SiteTable* sites) : sites_(sites) {}

  // Brings all bytes of retired objects back to life, for a new execution.
  void Reset();

  // The object of `size` bytes at `address` lives from now on. Whatever was registered there before
  // is over: a name and an object of a new function call. REQUIRES: Region::IsStack for all of it;
  // `name` is a literal or interned text.
  const Block& Register(uintptr_t address, size_t size, const char* name, const Origin& origin);

  // The object registered at `address` dies. Returns it, or null if none lives there.
  const Block* Retire(uintptr_t address, const Origin& origin);

  // Returns the object registered last over `address`, dead or alive, or null. Valid until the next
  // Register.
  const Block* Find(uintptr_t address) const;

  // All objects of this execution, dead ones included, in order of registration.
  std::span<const Block> frames() const { return frames_; }

 private:
  SiteTable* sites_;
  std::vector<Block> frames_;
};

}  // namespace heddle
