// SPDX-License-Identifier: MIT

#include "heddle/detect/race_cells.h"

#include <doctest/doctest.h>

#include <vector>

#include "heddle/base/random.h"

namespace heddle::internal {
namespace {

TEST_CASE("neighbouring granules have cells of their own, in the region and outside") {
  RaceCells cells;
  alignas(8) static char global[8192];
  const auto outside = reinterpret_cast<uintptr_t>(&global[0]);
  for (const uintptr_t base : {Region::kHeapBegin, outside}) {
    for (uintptr_t i = 0; i + 8 < sizeof(global); i += 8) {
      CHECK(cells.CellOf(base + i) == cells.CellOf(base + i + 7));
      CHECK(cells.CellOf(base + i) != cells.CellOf(base + i + 8));
    }
  }
}

TEST_CASE("a cell outside the region stays where it is while thousands of pages are added") {
  RaceCells cells;
  RaceCell* const first = cells.CellOf(0x100000);
  for (uintptr_t page = 0; page < 5000; ++page) cells.CellOf(0x200000 + page * 4096)->extra = 7;
  CHECK(cells.CellOf(0x100000) == first);
  CHECK(cells.CellOf(0x200000 + 4096)->extra == 7);
}

TEST_CASE("parts of a split granule are disjoint, cover every access, and keep their history") {
  Random random(3);
  for (int round = 0; round < 500; ++round) {
    RaceCells cells;
    RaceCell* const cell = cells.CellOf(Region::kHeapBegin);
    *cell = {.write_epoch = 99, .mask = 0x0f, .generation = cells.generation()};
    uint8_t covered = 0x0f;
    for (int i = 0; i < 6; ++i) {
      const auto mask = static_cast<uint8_t>(random.Below(255) + 1);
      if (cell->mask == mask) continue;
      covered |= mask;
      const SplitGranule& granule = cells.Split(cell, mask);
      uint8_t seen = 0;
      for (size_t part = 0; part < granule.count; ++part) {
        const RaceCell& it = granule.parts[part];
        REQUIRE(it.mask != 0);
        REQUIRE((seen & it.mask) == 0);
        seen |= it.mask;
        const bool is_inside = (it.mask & mask) == it.mask;
        const bool is_outside = (it.mask & mask) == 0;
        REQUIRE((is_inside || is_outside));
        const bool is_old = (it.mask & 0x0f) != 0;
        REQUIRE(it.write_epoch == (is_old ? 99 : 0));
      }
      REQUIRE(seen == covered);
      const bool is_split = cell->mask == 0;
      REQUIRE(is_split);
    }
  }
}

TEST_CASE("parts that come from one have equal extra accesses and do not share them") {
  RaceCells cells;
  RaceCell* const cell = cells.CellOf(Region::kHeapBegin);
  *cell = {.mask = 0xff, .generation = cells.generation()};
  cells.AddExtra(cell).epoch = 1;
  cells.AddExtra(cell).epoch = 2;
  SplitGranule& granule = cells.Split(cell, 0x0f);
  REQUIRE(granule.count == 2);
  const auto epochs = [&](const RaceCell& part) {
    std::vector<Epoch> all;
    for (uint32_t i = part.extra; i != 0; i = cells.extra(i).next)
      all.push_back(cells.extra(i).epoch);
    return all;
  };
  CHECK(epochs(granule.parts[0]) == std::vector<Epoch>{2, 1});
  CHECK(epochs(granule.parts[1]).size() == 2);
  cells.extra(granule.parts[0].extra).epoch = 77;
  for (const Epoch epoch : epochs(granule.parts[1])) CHECK(epoch != 77);
}

TEST_CASE("a reset gives every cell an old generation") {
  RaceCells cells;
  RaceCell* const cell = cells.CellOf(Region::kHeapBegin);
  cell->generation = cells.generation();
  cells.Reset();
  CHECK(cell->generation != cells.generation());
}

}  // namespace
}  // namespace heddle::internal
