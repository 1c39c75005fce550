// SPDX-License-Identifier: MIT

#include "heddle/memory/arena.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <iterator>

#include "heddle/base/check.h"
#include "heddle/memory/shadow.h"

namespace heddle {

static constexpr uintptr_t AlignUp(uintptr_t value, size_t alignment) {
  return (value + alignment - 1) & ~(uintptr_t{alignment} - 1);
}

// Larger blocks get larger redzones: indices into them go astray by more.
static constexpr size_t RedzoneAfter(size_t size) {
  return std::clamp(AlignUp(size / 4, Arena::kAlignment), Arena::kRedzoneMin, Arena::kRedzoneMax);
}

// Never destroyed: statics of the program under test may hold kept blocks until the very end.
Arena& Arena::Instance() {
  static Arena* const arena = new Arena;
  return *arena;
}

Arena::Arena() {
  Region::Map();
  Reset();
}

void Arena::Reset() {
  HEDDLE_CHECK(limits_.heap_bytes_max <= Region::kHeapSize)
      << "heap_bytes_max is at most " << Region::kHeapSize;
  Shadow::Set(base_, top_ - base_, ByteState::kUnallocated);
  CollectKept();
  blocks_.clear();
  std::fill(blocks_of_task_.begin(), blocks_of_task_.end(), 0);
  sites_.Reset();
  top_ = base_;
  end_ = std::min(base_ + limits_.heap_bytes_max, Region::kEnd);
  Shadow::ExtendTo(top_ + 1);
}

// The heap goes on behind the last block that is kept.
void Arena::CollectKept() {
  const auto is_gone = [](const Block& block) { return !block.is_live || !block.is_kept; };
  const bool keeps_some = std::any_of(blocks_.begin(), blocks_.end(), std::not_fn(is_gone));
  if (kept_.empty() && !keeps_some) [[likely]]
    return;
  for (const Block& block : kept_) {
    if (is_gone(block)) Shadow::Set(block.begin, block.size, ByteState::kUnallocated);
  }
  std::erase_if(kept_, is_gone);
  std::remove_copy_if(blocks_.begin(), blocks_.end(), std::back_inserter(kept_), is_gone);
  base_ = Region::kHeapBegin;
  for (Block& block : kept_) {
    block.is_kept = false;
    base_ = AlignUp(block.end(), kAlignment) + RedzoneAfter(block.size);
    Shadow::Set(block.begin - kRedzoneMin, base_ - block.begin + kRedzoneMin, ByteState::kRedzone);
    Shadow::Set(block.begin, block.size, ByteState::kInitialised);
  }
}

void* Arena::Allocate(const BlockRequest& request, const Origin& origin) {
  HEDDLE_CHECK((request.alignment & (request.alignment - 1)) == 0 && request.alignment > 0)
      << request.alignment << " is no alignment";
  const size_t alignment = std::max(request.alignment, kAlignment);
  const uintptr_t begin = AlignUp(top_ + kRedzoneMin, alignment);
  if (begin > end_ || request.size > end_ - begin) return nullptr;
  const uintptr_t top = AlignUp(begin + request.size, kAlignment) + RedzoneAfter(request.size);
  if (top > end_) return nullptr;

  Shadow::ExtendTo(top + 1);
  Shadow::Set(top_, top - top_, ByteState::kRedzone);
  top_ = top;
  const SiteId site = sites_.Find(request.name);
  blocks_.push_back({.begin = begin,
                     .size = request.size,
                     .site = site,
                     .name = sites_.Name(site),
                     .occurrence = sites_.NextOccurrence(site),
                     .number_of_task = NextNumber(origin.task),
                     .form = request.form,
                     .is_internal = request.is_internal,
                     .allocated = origin,
                     .freed = {}});
  MarkLive(blocks_.back(), request.content);
  return reinterpret_cast<void*>(begin);
}

uint32_t Arena::NextNumber(TaskId task) {
  const size_t index = task == kNoTask ? 0 : size_t{task.value} + 1;
  if (index >= blocks_of_task_.size()) blocks_of_task_.resize(index + 1);
  return blocks_of_task_[index]++;
}

void Arena::MarkLive(const Block& block, BlockContent content) {
  const bool is_tracked = content == BlockContent::kUninitialised;
  const int byte = content == BlockContent::kZeroed ? 0 : kNewPattern;
  Shadow::Set(block.begin, block.size,
              is_tracked ? ByteState::kUninitialised : ByteState::kInitialised);
  std::memset(reinterpret_cast<void*>(block.begin), byte, block.size);
}

Arena::FreeError Arena::Free(uintptr_t address, const Origin& origin) {
  auto* const block = const_cast<Block*>(FindExact(address));
  if (block == nullptr) return FreeError::kNotABlock;
  if (!block->is_live) return FreeError::kDouble;
  block->is_live = false;
  block->freed = origin;
  block->outlived = static_cast<uint32_t>(blocks_.size());
  Shadow::Set(block->begin, block->size, ByteState::kFreed);
  std::memset(reinterpret_cast<void*>(block->begin), kFreedPattern, block->size);
  return FreeError::kNone;
}

// Returns the first of `blocks` that begins after `address`.
static std::vector<Block>::const_iterator After(const std::vector<Block>& blocks,
                                                uintptr_t address) {
  const auto begins_after = [](uintptr_t a, const Block& block) { return a < block.begin; };
  return std::upper_bound(blocks.begin(), blocks.end(), address, begins_after);
}

const Block* Arena::Find(uintptr_t address) const {
  if (address < Region::kHeapBegin || address >= top_) return nullptr;
  const std::vector<Block>& blocks = address < base_ ? kept_ : blocks_;
  const auto after = After(blocks, address);
  const Block* const next = after != blocks.end() ? &*after : nullptr;
  if (after == blocks.begin()) return next;
  const Block* const previous = &*std::prev(after);
  // A redzone belongs to the block that the address missed by less.
  const bool is_past = address >= previous->end();
  const bool is_nearer_next =
      next != nullptr && next->begin - address < address - previous->end() + 1;
  return is_past && is_nearer_next ? next : previous;
}

const Block* Arena::FindExact(uintptr_t address) const {
  const std::vector<Block>& blocks = address < base_ ? kept_ : blocks_;
  const auto after = After(blocks, address);
  if (after == blocks.begin() || std::prev(after)->begin != address) return nullptr;
  return &*std::prev(after);
}

}  // namespace heddle
