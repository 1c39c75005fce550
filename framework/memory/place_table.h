// SPDX-License-Identifier: MIT
//
// PlaceTable: code places as numbers of 48 bits, as race cells keep them.
//
// A program counter is its own number. A source location gets the number of its entry, which lies
// where no code does.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heddle/memory/origin.h"

namespace heddle {

class PlaceTable {
 public:
  // The lowest program counter there can be, and so the most source locations that are kept apart.
  static constexpr size_t kEntriesMax = size_t{64} << 10;

  PlaceTable();

  // Returns the number of `place`; 0 for one that is not known.
  // REQUIRES: equal places come with equal pointers to their texts, which are never freed.
  uint64_t Encode(const CodePlace& place);

  CodePlace Decode(uint64_t number) const;

 private:
  size_t Slot(const SourceLocation& where) const;
  void Grow();

  std::vector<SourceLocation> entries_{SourceLocation{}};  // By number; entry 0 is unused.
  std::vector<uint32_t> slots_;  // Numbers by hash; open addressing, 0 is free, a power of two.
};

}  // namespace heddle
