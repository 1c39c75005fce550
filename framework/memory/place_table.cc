// SPDX-License-Identifier: MIT

#include "heddle/memory/place_table.h"

namespace heddle {

static constexpr size_t kFirstCapacity = 256;

PlaceTable::PlaceTable() : slots_(kFirstCapacity) {}

uint64_t PlaceTable::Encode(const CodePlace& place) {
  if (place.where.line == 0) return place.pc;
  const size_t slot = Slot(place.where);
  if (slots_[slot] != 0) return slots_[slot];
  if (entries_.size() == kEntriesMax) return place.pc;
  const auto number = static_cast<uint32_t>(entries_.size());
  entries_.push_back(place.where);
  slots_[slot] = number;
  if (entries_.size() * 2 > slots_.size()) Grow();
  return number;
}

CodePlace PlaceTable::Decode(uint64_t number) const {
  if (number >= kEntriesMax) return {.pc = number, .where = {}};
  if (number >= entries_.size()) return {};
  return {.pc = 0, .where = entries_[number]};
}

// Returns the slot of `where`, or the free one where it belongs.
size_t PlaceTable::Slot(const SourceLocation& where) const {
  const auto file = reinterpret_cast<uintptr_t>(where.file);
  size_t index = ((file + static_cast<uintptr_t>(where.line)) * 0x9e3779b97f4a7c15U) >> 32;
  while (true) {
    const size_t slot = index++ & (slots_.size() - 1);
    if (slots_[slot] == 0) return slot;
    const SourceLocation& known = entries_[slots_[slot]];
    const bool is_same =
        known.file == where.file && known.line == where.line && known.function == where.function;
    if (is_same) return slot;
  }
}

void PlaceTable::Grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (uint32_t number = 1; number < entries_.size(); ++number) {
    slots_[Slot(entries_[number])] = number;
  }
}

}  // namespace heddle
