// SPDX-License-Identifier: MIT

#include "heddle/memory/address_objects.h"

#include <utility>

namespace heddle {

static constexpr size_t kFirstCapacity = 64;

AddressObjects::AddressObjects() : entries_(kFirstCapacity) {}

ObjectRef& AddressObjects::Find(uintptr_t address) {
  Entry* entry = &Slot(address);
  if (entry->address == 0) {
    if (++used_ * 2 > entries_.size()) {
      Grow();
      entry = &Slot(address);
    }
    entry->address = address;
  }
  return entry->object;
}

// Returns the entry of `address`, or the free one where it belongs.
AddressObjects::Entry& AddressObjects::Slot(uintptr_t address) {
  size_t index = (address * 0x9e3779b97f4a7c15U) >> 32;
  while (true) {
    Entry& entry = entries_[index++ & (entries_.size() - 1)];
    if (entry.address == address || entry.address == 0) return entry;
  }
}

void AddressObjects::Grow() {
  const std::vector<Entry> old = std::exchange(entries_, std::vector<Entry>(entries_.size() * 2));
  for (const Entry& entry : old) {
    if (entry.address != 0) Slot(entry.address) = entry;
  }
}

}  // namespace heddle
