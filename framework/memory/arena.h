// SPDX-License-Identifier: MIT
//
// Arena: the heap of the program under test.
//
// Blocks are carved from the heap of the region in order of allocation, each with redzones around
// it. A freed block is not used again within its execution, so that every stale pointer is found
// out. A new execution begins with an empty heap; whatever an earlier one left is gone, except for
// blocks that something outside of the program under test holds on to, such as the nodes of a set
// in which a test collects outcomes: they are kept, and the heap goes on behind them.
//
// INVARIANTS
//   1. Equal sequences of allocations give equal addresses, in every execution and process, as long
//      as no block is kept.
//   2. Blocks are sorted by address, kept ones first, and any two are kRedzoneMin or more bytes
//      apart.
//   3. Heap bytes outside live blocks are kUnallocated, kRedzone or kFreed in the shadow.
//
// In steady state nothing here allocates or makes a system call.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "heddle/memory/block.h"
#include "heddle/memory/region.h"
#include "heddle/memory/site_table.h"

namespace heddle {

struct ArenaLimits {
  // Bytes of heap of one execution, redzones included: freed memory is not reused, so this bounds
  // what an execution allocates in all. At most Region::kHeapSize.
  size_t heap_bytes_max = size_t{64} << 20;
};

// What new memory holds.
enum class BlockContent : uint8_t {
  kUninitialised,  // A pattern; reading it is a finding.
  kZeroed,
  // A pattern that may be read: for memory that code without instrumentation writes to, unseen.
  kUnknown,
};

// What an allocation asks for.
struct BlockRequest {
  size_t size = 0;
  size_t alignment = 16;  // A power of two; 16 at least is given.
  const char* name = "";  // A literal or interned text.
  BlockContent content = BlockContent::kUninitialised;
  BlockForm form = BlockForm::kPlain;
  bool is_internal = false;
};

class Arena {
 public:
  static constexpr size_t kAlignment = 16;
  static constexpr size_t kRedzoneMin = 16;
  static constexpr size_t kRedzoneMax = 512;
  static constexpr uint8_t kNewPattern = 0xa5;
  static constexpr uint8_t kFreedPattern = 0x6b;

  enum class FreeError : uint8_t {
    kNone,
    kDouble,    // The block was freed before.
    kNotABlock  // The address is not that of a block.
  };

  static Arena& Instance();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Takes effect at the next Reset.
  void set_limits(const ArenaLimits& limits) { limits_ = limits; }
  const ArenaLimits& limits() const { return limits_; }

  // Empties the heap, for a new execution, except for kept blocks. Costs as much as the last one
  // used.
  void Reset();

  // A live block survives the next Reset.
  void Keep(const Block& block) { const_cast<Block&>(block).is_kept = true; }

  // Returns a new block, or null if it would exceed heap_bytes_max.
  void* Allocate(const BlockRequest& request, const Origin& origin);

  // Frees the block that begins at `address`; null is no block.
  FreeError Free(uintptr_t address, const Origin& origin);

  // Returns the block that `address` lies in, or whose redzone it lies in, or null. Valid until the
  // next Allocate or Reset.
  const Block* Find(uintptr_t address) const;

  // Returns the block that begins at `address`, or null. Valid until the next Allocate or Reset.
  const Block* FindExact(uintptr_t address) const;

  // All blocks of this execution, freed ones included, in order of allocation.
  std::span<const Block> blocks() const { return blocks_; }

  // Blocks of earlier executions that were kept.
  std::span<const Block> kept() const { return kept_; }

  // First byte past all blocks and redzones.
  uintptr_t top() const { return top_; }

  SiteTable& sites() { return sites_; }

 private:
  Arena();

  void MarkLive(const Block& block, BlockContent content);
  uint32_t NextNumber(TaskId task);
  void CollectKept();

  ArenaLimits limits_;
  uintptr_t base_ = Region::kHeapBegin;  // Kept blocks lie below, those of this execution above.
  uintptr_t top_ = Region::kHeapBegin;
  uintptr_t end_ = Region::kHeapBegin;  // No block may reach beyond.
  std::vector<Block> blocks_;
  std::vector<uint32_t> blocks_of_task_;  // By number of the task plus one; 0: of nobody.
  std::vector<Block> kept_;
  SiteTable sites_;
};

}  // namespace heddle
