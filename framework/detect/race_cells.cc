// SPDX-License-Identifier: MIT

#include "heddle/detect/race_cells.h"

#include <sys/mman.h>

#include <utility>

#include "heddle/base/check.h"

namespace heddle::internal {

static constexpr size_t kFirstPages = 64;

RaceCells::RaceCells() : extras_(1), pages_(kFirstPages) {
  Region::Map();
}

void RaceCells::Reset() {
  extras_.resize(1);
  split_count_ = 0;
  if (++generation_ == 0) ForgetEverything();
}

// Once in 2^32 executions an old generation would come round again.
void RaceCells::ForgetEverything() {
  void* const cells = reinterpret_cast<void*>(Region::kCellsBegin);
  HEDDLE_CHECK(madvise(cells, Region::kCellsSize, MADV_DONTNEED) == 0) << "race cells stay";
  pages_ = std::vector<PageEntry>(kFirstPages);
  page_count_ = 0;
  last_page_number_ = 0;
  generation_ = 1;
}

// ---- Cells outside the region

RaceCell* RaceCells::OtherCellOf(uintptr_t address) {
  const uintptr_t number = address / kPageSize;
  if (number != last_page_number_) {
    PageEntry* entry = &PageSlot(number);
    if (entry->number != number) {
      if (++page_count_ * 2 > pages_.size()) {
        GrowPages();
        entry = &PageSlot(number);
      }
      *entry = {.number = number,
                .cells = std::make_unique<RaceCell[]>(kPageSize / Region::kGranuleSize)};
    }
    last_page_number_ = number;
    last_page_ = entry->cells.get();
  }
  return &last_page_[address % kPageSize / Region::kGranuleSize];
}

// Returns the entry of page `number`, or the free one where it belongs.
RaceCells::PageEntry& RaceCells::PageSlot(uintptr_t number) {
  size_t index = (number * 0x9e3779b97f4a7c15U) >> 32;
  while (true) {
    PageEntry& entry = pages_[index++ & (pages_.size() - 1)];
    if (entry.number == number || entry.number == 0) return entry;
  }
}

void RaceCells::GrowPages() {
  std::vector<PageEntry> old = std::exchange(pages_, std::vector<PageEntry>(pages_.size() * 2));
  for (PageEntry& entry : old) {
    if (entry.number != 0) PageSlot(entry.number) = std::move(entry);
  }
}

// ---- Split granules

SplitGranule& RaceCells::Split(RaceCell* cell, uint8_t mask) {
  if (cell->mask != 0) {
    if (split_count_ == splits_.size()) splits_.emplace_back();
    SplitGranule& fresh = splits_[split_count_];
    fresh.count = 1;
    fresh.parts[0] = *cell;
    *cell = {.generation = generation_, .extra = static_cast<uint32_t>(split_count_++)};
  }
  SplitGranule& granule = splits_[cell->extra];
  Refine(&granule, mask);
  return granule;
}

void RaceCells::Refine(SplitGranule* granule, uint8_t mask) {
  const size_t count = granule->count;
  uint8_t untouched = mask;
  for (size_t i = 0; i < count; ++i) {
    RaceCell& part = granule->parts[i];
    const uint8_t inside = part.mask & mask;
    const auto outside = static_cast<uint8_t>(part.mask & ~mask);
    untouched &= static_cast<uint8_t>(~part.mask);
    if (inside == 0 || outside == 0) continue;
    RaceCell& other = granule->parts[granule->count++];
    other = part;
    CopyExtras(&other);
    part.mask = inside;
    other.mask = outside;
  }
  if (untouched == 0) return;
  granule->parts[granule->count++] = {.mask = untouched, .generation = generation_};
}

// ---- Extra accesses

ExtraAccess& RaceCells::AddExtra(RaceCell* cell) {
  const auto index = static_cast<uint32_t>(extras_.size());
  extras_.push_back({.next = cell->extra});
  cell->extra = index;
  return extras_.back();
}

// Two parts that come from one have the same history but go on alone.
void RaceCells::CopyExtras(RaceCell* cell) {
  uint32_t next = std::exchange(cell->extra, 0);
  while (next != 0) {
    const ExtraAccess original = extras_[next];
    ExtraAccess& copy = AddExtra(cell);
    const uint32_t rest = copy.next;
    copy = original;
    copy.next = rest;
    next = original.next;
  }
}

}  // namespace heddle::internal
