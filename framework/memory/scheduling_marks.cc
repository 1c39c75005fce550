// SPDX-License-Identifier: MIT

#include "heddle/memory/scheduling_marks.h"

#include <algorithm>
#include <deque>
#include <string>

#include "heddle/memory/region.h"
#include "heddle/memory/shadow.h"
#include "heddle/memory/symbolizer.h"

namespace heddle {

void SchedulingMarks::Begin(const SchedulingLocations* locations, SiteTable* sites) {
  const uint64_t version = locations == nullptr ? 0 : locations->version();
  if (version != version_) {
    for (const Range& range : stack_marks_) Shadow::Unmark(range.begin, range.size);
    object_marks_.clear();
    global_marks_.clear();
    stack_marks_.clear();
    if (locations != nullptr) Read(*locations, sites);
    version_ = version;
  }
  for (const Range& range : stack_marks_) Shadow::Mark(range.begin, range.size);
}

void SchedulingMarks::Read(const SchedulingLocations& locations, SiteTable* sites) {
  for (const std::string& text : locations.known()) {
    const std::optional<MemoryLocation> location = ParseMemoryLocation(text);
    if (location && location->size > 0) Add(*location, sites);
  }
}

// Sites want names that never go away.
static const char* Interned(const std::string& name) {
  static std::deque<std::string> names;
  const auto known = std::find(names.begin(), names.end(), name);
  return known != names.end() ? known->c_str() : names.emplace_back(name).c_str();
}

void SchedulingMarks::Add(const MemoryLocation& location, SiteTable* sites) {
  switch (location.kind) {
    case MemoryLocation::Kind::kObject:
      object_marks_.push_back({.site = sites->Find(Interned(location.name)),
                               .occurrence = location.occurrence,
                               .offset = location.offset,
                               .size = location.size});
      return;
    case MemoryLocation::Kind::kGlobal: {
      const auto address = Symbolizer::Instance().AddressOf(
          {.symbol = location.name, .occurrence = location.occurrence, .offset = location.offset});
      if (address) global_marks_.push_back({.begin = *address, .size = location.size});
      return;
    }
    case MemoryLocation::Kind::kStack: {
      const bool exists = location.occurrence < Region::kSlotCount &&
                          location.offset <= Region::kStackSize && location.size <= location.offset;
      if (!exists) return;
      const uintptr_t top = Region::kStacksBegin + (location.occurrence + 1) * Region::kSlotSize;
      stack_marks_.push_back({.begin = top - location.offset, .size = location.size});
      return;
    }
  }
}

void SchedulingMarks::MarkBlock(const Block& block) const {
  for (const ObjectMark& mark : object_marks_) {
    if (mark.site != block.site || mark.occurrence != block.occurrence) continue;
    if (mark.offset >= block.size) continue;
    Shadow::Mark(block.begin + mark.offset, std::min(mark.size, block.size - mark.offset));
  }
}

bool SchedulingMarks::TouchesGlobalMark(uintptr_t address, size_t size) const {
  return std::any_of(global_marks_.begin(), global_marks_.end(), [&](const Range& range) {
    return address < range.begin + range.size && range.begin < address + size;
  });
}

}  // namespace heddle
