// SPDX-License-Identifier: MIT
//
// DataRaceDetector: finds pairs of accesses to one location that nothing orders.
//
// Two accesses of different tasks race if they touch a byte in common, at least one writes, neither
// happens before the other, and not both are marked (READ_ONCE, WRITE_ONCE, atomics). The end of an
// object's life, by free or by return from its function, is a plain write to all of it. Under a
// scheduler that owns every decision, each race found is real.
//
// After FastTrack (Flanagan, Freund, PLDI 2009): the last write is one epoch, and so are reads
// until two of them are concurrent. Departures: a location is what RaceCells tells apart, not a
// variable; marked accesses are kept like concurrent reads, for unordered ones are no race; and a
// race does not end the analysis of its location, so accesses that raced are kept as well.
//
// INVARIANT: of the accesses to a byte so far, each is either kept, or a kept one of the same
// moment or later races with every future access that it would race with.
//
// Cost: an access like the previous one of its task to that granule is filtered by IsRepeated,
// inline.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/core/happens_before.h"
#include "heddle/detect/race_cells.h"
#include "heddle/memory/memory_access.h"
#include "heddle/memory/origin.h"
#include "heddle/memory/place_table.h"

namespace heddle {

// One side of a race.
struct RacingAccess {
  TaskId task;
  uint64_t step = 0;
  CodePlace place;
  CallStackId stack;  // Where the execution was traced.
  uint32_t size = 0;  // 0: a range of bytes, or a whole object.
  bool is_write = false;
  bool is_marked = false;
  bool is_end = false;  // Free, or death of a registered frame.
};

// A race: which bytes, and the two accesses in the order in which this execution performed them.
struct DataRace {
  uintptr_t address = 0;
  uint32_t size = 0;
  RacingAccess earlier;
  RacingAccess later;
};

class DataRaceDetector {
 public:
  // Races of one execution that are kept; later ones are counted.
  static constexpr size_t kRacesMax = 64;

  static DataRaceDetector& Instance();

  // Forgets all accesses, for a new execution whose order `clocks` keeps.
  void Reset(const HappensBefore& clocks);

  // Returns the present of `task` as an epoch.
  internal::Epoch Now(TaskId task) const {
    return (base_ + clocks_->Now(task)) << kTaskBits | task.value;
  }

  // Returns whether a plain access can add nothing to what is known: its task made one at least as
  // strong at `now`, the same moment. REQUIRES: Region::Contains(address); size is 1, 2, 4 or 8.
  static bool IsRepeated(uintptr_t address, size_t size, bool is_write, internal::Epoch now);

  // Takes note of an access by `origin.task`, and of the races it is part of.
  void OnAccess(const MemoryAccess& access, const Origin& origin);

  // Forgets the accesses to the granules that lie within a range, where a new object begins.
  // REQUIRES: Region::Contains all of it.
  void Forget(uintptr_t address, size_t size);

  // The races of this execution, in order of detection; each pair of places once per location.
  std::span<const DataRace> races() const { return races_; }
  size_t races_dropped() const { return races_dropped_; }

 private:
  static constexpr int kTaskBits = 16;
  using Epoch = internal::Epoch;
  using RaceCell = internal::RaceCell;
  using ExtraAccess = internal::ExtraAccess;

  // An access on its way through the cells it touches.
  struct Pending {
    const MemoryAccess& access;
    const Origin& origin;
    Epoch now = 0;
    uint64_t where = 0;
    uintptr_t granule = 0;  // Address of the granule under consideration.
  };

  DataRaceDetector() = default;

  uint64_t WhereOf(const Origin& origin);
  void OnGranule(const Pending& pending, uint8_t mask);
  void OnCell(const Pending& pending, RaceCell* cell);
  void CheckCell(const Pending& pending, const RaceCell& cell);
  void CheckExtras(const Pending& pending, const RaceCell& cell);
  void RecordWrite(const Pending& pending, RaceCell* cell);
  void DropOrderedExtras(TaskId task, RaceCell* cell);
  void RecordRead(const Pending& pending, RaceCell* cell);
  void RecordExtra(const Pending& pending, RaceCell* cell, ExtraAccess::Class access_class);
  void Report(const Pending& pending, uint8_t mask, const RacingAccess& earlier);
  RacingAccess Recall(Epoch epoch, uint64_t where) const;

  static TaskId TaskOf(Epoch epoch) { return TaskId{static_cast<uint16_t>(epoch)}; }
  // Returns whether what happened at `epoch` happens before the present of `task`.
  bool IsOrdered(Epoch epoch, TaskId task) const {
    return (epoch >> kTaskBits) <= base_ + clocks_->Clock(TaskOf(epoch), task);
  }

  const HappensBefore* clocks_ = nullptr;
  uint64_t base_ = 0;    // Added to the clocks of this execution.
  uint64_t latest_ = 0;  // Greatest clock of any epoch so far, base included.
  internal::RaceCells cells_;
  PlaceTable places_;
  std::vector<DataRace> races_;
  size_t races_dropped_ = 0;
};

// ---- Implementation

namespace internal {

// Returns the bytes of a granule that `size` bytes at `address` cover; the rest may lie in the
// next.
constexpr uint8_t GranuleMask(uintptr_t address, size_t size) {
  const unsigned ones = (1U << size) - 1;
  return static_cast<uint8_t>(ones << (address % Region::kGranuleSize));
}

}  // namespace internal

inline bool DataRaceDetector::IsRepeated(uintptr_t address, size_t size, bool is_write,
                                         internal::Epoch now) {
  const RaceCell& cell = *internal::RaceCells::RegionCellOf(address);
  if (cell.mask != internal::GranuleMask(address, size)) return false;
  return cell.write_epoch == now || (!is_write && cell.read_epoch == now);
}

}  // namespace heddle
