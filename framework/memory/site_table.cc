// SPDX-License-Identifier: MIT
//
// A lookup by address is one probe in steady state. Equal literals of two files have two addresses,
// so an address that is new is compared by text once.

#include "heddle/memory/site_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace heddle {

static constexpr size_t kFirstCapacity = 64;

SiteTable::SiteTable() : by_address_(kFirstCapacity) {}

SiteId SiteTable::Find(const char* name) {
  Entry& entry = Slot(name);
  if (entry.name == name) return entry.site;
  entry = {.name = name, .site = FindByText(name)};
  const SiteId site = entry.site;
  if (++entries_ * 2 > by_address_.size()) Grow();
  return site;
}

uint32_t SiteTable::NextOccurrence(SiteId id) {
  Site& site = sites_[id.value];
  if (site.execution != execution_) {
    site.execution = execution_;
    site.occurrences = 0;
  }
  return ++site.occurrences;
}

// Returns the entry of `name`, or the free one where it belongs.
SiteTable::Entry& SiteTable::Slot(const char* name) {
  const auto address = reinterpret_cast<uintptr_t>(name);
  size_t index = (address * 0x9e3779b97f4a7c15U) >> 32;
  while (true) {
    Entry& entry = by_address_[index++ & (by_address_.size() - 1)];
    if (entry.name == name || entry.name == nullptr) return entry;
  }
}

SiteId SiteTable::FindByText(const char* name) {
  const auto same = [&](const Site& site) { return std::strcmp(site.name, name) == 0; };
  const auto found = std::find_if(sites_.begin(), sites_.end(), same);
  const SiteId id{static_cast<uint32_t>(found - sites_.begin())};
  if (found == sites_.end()) sites_.push_back({.name = name});
  return id;
}

void SiteTable::Grow() {
  const std::vector<Entry> old =
      std::exchange(by_address_, std::vector<Entry>(by_address_.size() * 2));
  for (const Entry& entry : old) {
    if (entry.name != nullptr) Slot(entry.name) = entry;
  }
}

}  // namespace heddle
