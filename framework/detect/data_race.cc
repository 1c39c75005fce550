// SPDX-License-Identifier: MIT

#include "heddle/detect/data_race.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "heddle/memory/call_stack_log.h"

namespace heddle {

using internal::Epoch;
using internal::ExtraAccess;
using internal::RaceCell;
using internal::SplitGranule;

DataRaceDetector& DataRaceDetector::Instance() {
  static DataRaceDetector detector;
  return detector;
}

// Clocks of an execution begin again at 1; the base keeps its epochs apart from all earlier ones.
void DataRaceDetector::Reset(const HappensBefore& clocks) {
  clocks_ = &clocks;
  base_ = latest_ + 1;
  cells_.Reset();
  races_.clear();
  races_.reserve(kRacesMax);
  races_dropped_ = 0;
}

void DataRaceDetector::Forget(uintptr_t address, size_t size) {
  constexpr size_t kGranule = Region::kGranuleSize;
  const uintptr_t first = (address + kGranule - 1) / kGranule * kGranule;
  for (uintptr_t granule = first; granule + kGranule <= address + size; granule += kGranule) {
    *internal::RaceCells::RegionCellOf(granule) = {};
  }
}

void DataRaceDetector::OnAccess(const MemoryAccess& access, const Origin& origin) {
  if (!clocks_->enabled()) return;
  Pending pending{
      .access = access, .origin = origin, .now = Now(origin.task), .where = WhereOf(origin)};
  latest_ = std::max(latest_, pending.now >> kTaskBits);

  constexpr size_t kGranule = Region::kGranuleSize;
  uintptr_t address = access.address;
  size_t rest = access.size;
  while (rest > 0) {
    const size_t here = std::min(rest, kGranule - address % kGranule);
    pending.granule = address & ~uintptr_t{kGranule - 1};
    OnGranule(pending, internal::GranuleMask(address, here));
    address += here;
    rest -= here;
  }
}

// What a cell keeps of a place: in a traced execution the call stack, which knows its place.
uint64_t DataRaceDetector::WhereOf(const Origin& origin) {
  return CallStackLog::Instance().is_recording() ? origin.stack.value
                                                 : places_.Encode(origin.place);
}

void DataRaceDetector::OnGranule(const Pending& pending, uint8_t mask) {
  RaceCell* const cell = cells_.CellOf(pending.granule);
  if (cell->generation != cells_.generation()) {
    *cell = {.mask = mask, .generation = cells_.generation()};
  }
  if (cell->mask == mask) {
    OnCell(pending, cell);
    return;
  }
  SplitGranule& parts = cells_.Split(cell, mask);
  for (size_t i = 0; i < parts.count; ++i) {
    if ((parts.parts[i].mask & mask) != 0) OnCell(pending, &parts.parts[i]);
  }
}

void DataRaceDetector::OnCell(const Pending& pending, RaceCell* cell) {
  CheckCell(pending, *cell);
  const MemoryAccess& access = pending.access;
  if (access.is_marked) {
    RecordExtra(pending, cell,
                access.is_write ? ExtraAccess::kMarkedWrite : ExtraAccess::kMarkedRead);
  } else if (access.is_write) {
    RecordWrite(pending, cell);
  } else {
    RecordRead(pending, cell);
  }
}

// ---- Checks

void DataRaceDetector::CheckCell(const Pending& pending, const RaceCell& cell) {
  const TaskId task = pending.origin.task;
  if (!IsOrdered(cell.write_epoch, task)) {
    RacingAccess earlier = Recall(cell.write_epoch, cell.write_where);
    earlier.step = cell.write_step;
    earlier.size = cell.write_size;
    earlier.is_write = true;
    earlier.is_end = cell.write_is_end != 0;
    Report(pending, cell.mask, earlier);
  }
  if (pending.access.is_write && !IsOrdered(cell.read_epoch, task)) {
    RacingAccess earlier = Recall(cell.read_epoch, cell.read_where);
    earlier.step = cell.read_step;
    earlier.size = cell.read_size;
    Report(pending, cell.mask, earlier);
  }
  if (cell.extra != 0) CheckExtras(pending, cell);
}

void DataRaceDetector::CheckExtras(const Pending& pending, const RaceCell& cell) {
  for (uint32_t i = cell.extra; i != 0; i = cells_.extra(i).next) {
    const ExtraAccess& extra = cells_.extra(i);
    const bool was_marked = extra.access_class == ExtraAccess::kMarkedRead ||
                            extra.access_class == ExtraAccess::kMarkedWrite;
    const bool was_write = extra.access_class == ExtraAccess::kPlainWrite ||
                           extra.access_class == ExtraAccess::kMarkedWrite;
    if (was_marked && pending.access.is_marked) continue;
    if (!was_write && !pending.access.is_write) continue;
    if (IsOrdered(extra.epoch, pending.origin.task)) continue;
    RacingAccess earlier = Recall(extra.epoch, extra.where);
    earlier.step = extra.step;
    earlier.size = extra.size;
    earlier.is_write = was_write;
    earlier.is_marked = was_marked;
    earlier.is_end = extra.is_end != 0;
    Report(pending, cell.mask, earlier);
  }
}

RacingAccess DataRaceDetector::Recall(Epoch epoch, uint64_t where) const {
  RacingAccess access;
  access.task = TaskOf(epoch);
  if (CallStackLog::Instance().is_recording()) {
    access.stack = CallStackId{static_cast<uint32_t>(where)};
    access.place = CallStackLog::Instance().Place(access.stack);
  } else {
    access.place = places_.Decode(where);
  }
  return access;
}

static bool IsSame(const CodePlace& a, const CodePlace& b) {
  return a.pc == b.pc && a.where.file == b.where.file && a.where.line == b.where.line;
}

// The location is the lowest run of bytes that both accesses touched.
void DataRaceDetector::Report(const Pending& pending, uint8_t mask, const RacingAccess& earlier) {
  const auto first = static_cast<unsigned>(std::countr_zero(mask));
  const auto size = static_cast<uint32_t>(std::countr_one(static_cast<uint8_t>(mask >> first)));
  const Origin& origin = pending.origin;
  const MemoryAccess& access = pending.access;
  const DataRace race{.address = pending.granule + first,
                      .size = size,
                      .earlier = earlier,
                      .later = {.task = origin.task,
                                .step = origin.step,
                                .place = origin.place,
                                .stack = origin.stack,
                                .size = static_cast<uint32_t>(access.is_end ? 0 : access.size),
                                .is_write = access.is_write,
                                .is_marked = access.is_marked,
                                .is_end = access.is_end}};
  const auto is_same = [&](const DataRace& known) {
    return known.address == race.address && IsSame(known.earlier.place, race.earlier.place) &&
           IsSame(known.later.place, race.later.place);
  };
  if (std::any_of(races_.begin(), races_.end(), is_same)) return;
  if (races_.size() == kRacesMax) {
    ++races_dropped_;
  } else {
    races_.push_back(race);
  }
}

// ---- Records

static uint64_t SizeBits(const MemoryAccess& access) {
  return access.is_end || access.size >= 128 ? 0 : access.size;
}

// What happens before a plain write may be forgotten: an access that races with it and not with the
// write would be ordered after the write, and so after it.
void DataRaceDetector::RecordWrite(const Pending& pending, RaceCell* cell) {
  const TaskId task = pending.origin.task;
  DropOrderedExtras(task, cell);
  if (!IsOrdered(cell->write_epoch, task)) {
    ExtraAccess& extra = cells_.AddExtra(cell);
    extra.epoch = cell->write_epoch;
    extra.where = cell->write_where;
    extra.access_class = ExtraAccess::kPlainWrite;
    extra.size = cell->write_size;
    extra.is_end = cell->write_is_end;
    extra.step = cell->write_step;
  }
  if (!IsOrdered(cell->read_epoch, task)) {
    ExtraAccess& extra = cells_.AddExtra(cell);
    extra.epoch = cell->read_epoch;
    extra.where = cell->read_where;
    extra.access_class = ExtraAccess::kPlainRead;
    extra.size = cell->read_size;
    extra.step = cell->read_step;
  }
  cell->write_epoch = pending.now;
  cell->write_where = pending.where;
  cell->write_step = static_cast<uint32_t>(pending.origin.step);
  cell->write_size = SizeBits(pending.access) & 127;
  cell->write_is_end = pending.access.is_end ? 1 : 0;
  cell->read_epoch = 0;
}

void DataRaceDetector::DropOrderedExtras(TaskId task, RaceCell* cell) {
  uint32_t next = std::exchange(cell->extra, 0);
  while (next != 0) {
    ExtraAccess& extra = cells_.extra(next);
    const uint32_t index = std::exchange(next, extra.next);
    if (IsOrdered(extra.epoch, task)) continue;
    extra.next = std::exchange(cell->extra, index);
  }
}

void DataRaceDetector::RecordRead(const Pending& pending, RaceCell* cell) {
  if (cell->write_epoch == pending.now) return;
  if (!IsOrdered(cell->read_epoch, pending.origin.task)) {
    RecordExtra(pending, cell, ExtraAccess::kPlainRead);
    return;
  }
  cell->read_epoch = pending.now;
  cell->read_where = pending.where;
  cell->read_step = static_cast<uint32_t>(pending.origin.step);
  cell->read_size = SizeBits(pending.access) & 127;
}

// Takes the place of an extra access of its class that happens before it, or joins the chain.
void DataRaceDetector::RecordExtra(const Pending& pending, RaceCell* cell,
                                   ExtraAccess::Class access_class) {
  ExtraAccess* place = nullptr;
  for (uint32_t i = cell->extra; i != 0 && place == nullptr; i = cells_.extra(i).next) {
    ExtraAccess& extra = cells_.extra(i);
    if (extra.access_class != access_class) continue;
    if (IsOrdered(extra.epoch, pending.origin.task)) place = &extra;
  }
  if (place == nullptr) place = &cells_.AddExtra(cell);
  place->epoch = pending.now;
  place->where = pending.where;
  place->access_class = access_class;
  place->size = SizeBits(pending.access) & 127;
  place->is_end = 0;
  place->step = static_cast<uint32_t>(pending.origin.step);
}

}  // namespace heddle
