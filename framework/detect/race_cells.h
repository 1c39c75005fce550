// SPDX-License-Identifier: MIT
//
// RaceCells: what the race detector remembers of the accesses to each granule of memory.
//
// A granule has one cell as long as all accesses to it cover the same bytes. When an access covers
// others, the granule is split into parts, the coarsest in which each access so far is a union of
// parts; each part has a cell of its own. So fields smaller than a granule never race with their
// neighbours, and ordinary memory costs one cell per granule.
//
// Cells in the region lie at fixed addresses. Those of other memory (globals, memory from before
// the execution) lie in pages that are made at the first access and stay.
//
// INVARIANTS
//   1. A cell whose generation is not the current one is empty, whatever it holds: a new execution
//   forgets
//      all accesses by one increment.
//   2. The masks of a granule's parts are disjoint and not empty.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "heddle/memory/region.h"

namespace heddle::internal {

// The time of one access: a clock value in the upper bits, the task in the lower 16. Clock values
// of later executions are greater, so that equal epochs mean equal executions; 0 is no access.
using Epoch = uint64_t;

// One access of those that a cell cannot hold itself. A chain has at most one per task and class.
struct ExtraAccess {
  enum Class : uint8_t { kPlainRead, kPlainWrite, kMarkedRead, kMarkedWrite };
  Epoch epoch = 0;
  uint64_t where : 48 = 0;
  uint64_t access_class : 8 = kPlainRead;
  uint64_t size : 7 = 0;  // 0: a range, or more than fits.
  uint64_t is_end : 1 = 0;
  uint32_t step = 0;
  uint32_t next = 0;  // Index of the next one; 0 ends the chain.
};

struct RaceCell {
  Epoch write_epoch = 0;  // The last plain write.
  Epoch read_epoch = 0;   // A plain read; further concurrent ones are extras.
  uint64_t write_where : 48 = 0;
  uint64_t mask : 8 =
      0;  // The bytes of the granule that the cell stands for; 0: the granule is split.
  uint64_t write_size : 7 = 0;
  uint64_t write_is_end : 1 = 0;  // The write is the end of the object's life.
  uint64_t read_where : 48 = 0;
  uint64_t read_size : 7 = 0;
  uint32_t write_step = 0;
  uint32_t read_step = 0;
  uint32_t generation = 0;
  uint32_t extra = 0;  // Head of the chain of extras; of a split granule: index of its parts.
};

static_assert(sizeof(RaceCell) == Region::kCellSize);

// The parts of a split granule.
struct SplitGranule {
  size_t count = 0;
  RaceCell parts[Region::kGranuleSize];
};

class RaceCells {
 public:
  RaceCells();

  // Makes all cells empty.
  void Reset();

  uint32_t generation() const { return generation_; }

  // Returns the cell of the granule that `address` lies in. May allocate for addresses outside the
  // region that were never seen before. Stays valid.
  RaceCell* CellOf(uintptr_t address) {
    return Region::Contains(address) ? RegionCellOf(address) : OtherCellOf(address);
  }

  // REQUIRES: Region::Contains(address).
  static RaceCell* RegionCellOf(uintptr_t address) {
    const uintptr_t granule = (address - Region::kBegin) / Region::kGranuleSize;
    return reinterpret_cast<RaceCell*>(Region::kCellsBegin) + granule;
  }

  // Splits the granule of `cell` until the accessed bytes, `mask`, are a union of parts.
  // Returns the parts; those within `mask` that no access touched before are new and empty.
  // Valid until the next Split of this execution.
  // REQUIRES: cell->generation == generation(), cell->mask != mask.
  SplitGranule& Split(RaceCell* cell, uint8_t mask);

  // Adds an extra access to the chain of `cell` and returns it. Valid until the next AddExtra.
  ExtraAccess& AddExtra(RaceCell* cell);
  ExtraAccess& extra(uint32_t index) { return extras_[index]; }

 private:
  static constexpr size_t kPageSize = 512;  // Bytes of memory whose cells make a page.
  using Page = std::unique_ptr<RaceCell[]>;
  struct PageEntry {
    uintptr_t number = 0;  // 0: free; no program has anything in page 0.
    Page cells;
  };

  RaceCell* OtherCellOf(uintptr_t address);
  PageEntry& PageSlot(uintptr_t number);
  void GrowPages();
  void ForgetEverything();
  void Refine(SplitGranule* granule, uint8_t mask);
  void CopyExtras(RaceCell* cell);

  uint32_t generation_ = 1;
  std::vector<ExtraAccess> extras_;   // Entry 0 is unused.
  std::vector<SplitGranule> splits_;  // The first split_count_ belong to this execution.
  size_t split_count_ = 0;
  std::vector<PageEntry> pages_;  // Open addressing; the size is a power of two.
  size_t page_count_ = 0;
  uintptr_t last_page_number_ = 0;
  RaceCell* last_page_ = nullptr;
};

}  // namespace heddle::internal
