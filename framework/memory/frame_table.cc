// SPDX-License-Identifier: MIT

#include "heddle/memory/frame_table.h"

#include <algorithm>

#include "heddle/base/check.h"
#include "heddle/memory/region.h"
#include "heddle/memory/shadow.h"

namespace heddle {

void FrameTable::Reset() {
  for (const Block& frame : frames_) Shadow::Set(frame.begin, frame.size, ByteState::kInitialised);
  frames_.clear();
}

const Block& FrameTable::Register(uintptr_t address, size_t size, const char* name,
                                  const Origin& origin) {
  HEDDLE_CHECK(Region::IsStack(address) && Region::IsStack(address + size))
      << name << " is registered as an object on the stack of a task, where it does not lie";
  Shadow::Set(address, size, ByteState::kInitialised);
  const SiteId site = sites_->Find(name);
  frames_.push_back({.begin = address,
                     .size = size,
                     .site = site,
                     .name = sites_->Name(site),
                     .occurrence = sites_->NextOccurrence(site),
                     .allocated = origin,
                     .freed = {}});
  return frames_.back();
}

const Block* FrameTable::Retire(uintptr_t address, const Origin& origin) {
  auto* const frame = const_cast<Block*>(Find(address));
  if (frame == nullptr || !frame->is_live || frame->begin != address) return nullptr;
  frame->is_live = false;
  frame->freed = origin;
  frame->outlived = static_cast<uint32_t>(frames_.size());
  Shadow::Change(frame->begin, frame->size, ByteState::kDeadFrame);
  return frame;
}

// Searched from the end: frames nest, and the youngest over an address is the one meant. An
// execution registers few.
const Block* FrameTable::Find(uintptr_t address) const {
  const auto covers = [&](const Block& frame) { return frame.Contains(address); };
  const auto found = std::find_if(frames_.rbegin(), frames_.rend(), covers);
  return found == frames_.rend() ? nullptr : &*found;
}

}  // namespace heddle
