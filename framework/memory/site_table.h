// SPDX-License-Identifier: MIT
//
// SiteTable: the names that memory objects were given, and how many objects of each name an
// execution has made so far.
//
// A name and a running number identify an object across executions and processes, which no address
// or program counter could.
//
// INVARIANT: names of equal text are one site, whatever their addresses.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heddle/memory/block.h"

namespace heddle {

class SiteTable {
 public:
  SiteTable();

  // Returns the site called `name`.
  // REQUIRES: `name` is a literal or interned text: its address will never hold another text.
  SiteId Find(const char* name);

  const char* Name(SiteId site) const { return sites_[site.value].name; }

  // Returns the number of the next object of `site` in this execution, from 1.
  uint32_t NextOccurrence(SiteId site);

  // Begins a new execution: all objects are counted anew.
  void Reset() { ++execution_; }

  size_t size() const { return sites_.size(); }

 private:
  struct Site {
    const char* name = "";
    uint32_t occurrences = 0;
    uint64_t execution = 0;  // In which `occurrences` was counted.
  };
  struct Entry {
    const char* name = nullptr;
    SiteId site;
  };

  Entry& Slot(const char* name);
  SiteId FindByText(const char* name);
  void Grow();

  std::vector<Site> sites_;
  std::vector<Entry> by_address_;  // Open addressing; the size is a power of two.
  size_t entries_ = 0;
  uint64_t execution_ = 1;
};

}  // namespace heddle
