// SPDX-License-Identifier: MIT
//
// SchedulingMarks: which bytes of this execution are the scheduling locations that the search
// knows.
//
// A location names an object; the object's bytes are marked in the shadow when it comes to life.
//
// Globals have no shadow: whether an access touches one that is marked is asked for each access
// outside the region.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "heddle/core/locations.h"
#include "heddle/memory/block.h"
#include "heddle/memory/memory_location.h"
#include "heddle/memory/site_table.h"

namespace heddle {

class SchedulingMarks {
 public:
  // Begins an execution with the locations known to `locations`; null for none.
  // REQUIRES: the shadow has been reset.
  void Begin(const SchedulingLocations* locations, SiteTable* sites);

  // Marks the locations of a block that has just come to life.
  void OnBlock(const Block& block) const {
    if (!object_marks_.empty()) [[unlikely]]
      MarkBlock(block);
  }

  // Returns whether an access outside the region touches a marked byte.
  bool IsMarkedOutside(uintptr_t address, size_t size) const {
    return !global_marks_.empty() && TouchesGlobalMark(address, size);
  }

 private:
  struct ObjectMark {
    SiteId site;
    uint32_t occurrence = 0;
    uint64_t offset = 0;
    size_t size = 0;
  };
  struct Range {
    uintptr_t begin = 0;
    size_t size = 0;
  };

  void Read(const SchedulingLocations& locations, SiteTable* sites);
  void Add(const MemoryLocation& location, SiteTable* sites);
  void MarkBlock(const Block& block) const;
  bool TouchesGlobalMark(uintptr_t address, size_t size) const;

  uint64_t version_ = 0;  // Of the locations that the marks stand for.
  std::vector<ObjectMark> object_marks_;
  std::vector<Range> global_marks_;
  std::vector<Range> stack_marks_;
};

}  // namespace heddle
