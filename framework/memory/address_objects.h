// SPDX-License-Identifier: MIT
//
// AddressObjects: which object of the execution stands for an address that tasks synchronise on: an
// atomic, or a scheduling location in plain memory.
//
// Entries stay from one execution to the next; the references in them tell by themselves that they
// are of an earlier one.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heddle/core/object.h"

namespace heddle {

class AddressObjects {
 public:
  AddressObjects();

  // Returns the reference of `address`, new or known. Valid until the next Find.
  ObjectRef& Find(uintptr_t address);

 private:
  struct Entry {
    uintptr_t address = 0;  // 0: free.
    ObjectRef object;
  };

  Entry& Slot(uintptr_t address);
  void Grow();

  std::vector<Entry> entries_;  // Open addressing; the size is a power of two.
  size_t used_ = 0;
};

}  // namespace heddle
