// SPDX-License-Identifier: GPL-2.0-only
//
// XArray: pointers by index.
//
// Looking up takes no lock and gives no promise: the entry that xa_load returned may be erased, and
// what it points at freed, before the caller looks. Changes take the array's own lock, so each is
// one step. Walking looks for the next index anew each time: entries may come and go meanwhile,
// also by the hand of the loop's body.
//
// Whatever happened before an entry was stored happens before what its finder does.
//
// INVARIANT: nodes are in order of their indices; none holds a null entry.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/object_name.h"
#include "models/kernel/slab.h"

namespace models::kernel {

struct xa_node {
  unsigned long index;
  void* entry;
  xa_node* next;
};

struct xarray {
  object_handle handle;
  xa_node* first;
};

// xa_init(&port->dports): the array is called "port->dports".
#define xa_init(xa) ::models::kernel::__xa_init(xa, ::models::kernel::object_name(#xa))
#define DEFINE_XARRAY(name) ::models::kernel::xarray name = {STATIC_OBJECT_HANDLE(#name), nullptr}

// Scheduling point: none. Blocks: never.
void __xa_init(xarray* xa, const char* name,
               heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns the entry at `index`, or null.
//
// Scheduling point: before the look-up. Blocks: never; any context.
// Fails:            kMisuse if the array was never initialised; kUseAfterFree if it is gone.
void* xa_load(xarray* xa, unsigned long index,
              heddle::SourceLocation where = heddle::SourceLocation::Here());

// Stores `entry` where there is none. Returns 0, -EBUSY if there is one, -ENOMEM. May sleep as
// `gfp` says.
//
// Scheduling point: before the change. Blocks: never. An allocation that may fail.
// Fails:            as xa_load; kAtomicSleep.
int xa_insert(xarray* xa, unsigned long index, void* entry, gfp_t gfp,
              heddle::SourceLocation where = heddle::SourceLocation::Here());

// Stores `entry`, null for none, and returns what was there, or an error pointer (-ENOMEM).
// Otherwise as xa_insert.
void* xa_store(xarray* xa, unsigned long index, void* entry, gfp_t gfp,
               heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes the entry at `index` out and returns it, or null.
// Scheduling point: before the change. Blocks: never. Fails: as xa_load.
void* xa_erase(xarray* xa, unsigned long index,
               heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether there is no entry.
// Scheduling point: before the look. Blocks: never. Fails: as xa_load.
bool xa_empty(const xarray* xa, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes all entries out; what they point at is the caller's.
// Scheduling point: before the change. Blocks: never. Fails: as xa_load.
void xa_destroy(xarray* xa, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns the first entry at or behind `*index`, and its index there; or null.
// Scheduling point: before the look. Blocks: never. Fails: as xa_load.
void* xa_find(xarray* xa, unsigned long* index,
              heddle::SourceLocation where = heddle::SourceLocation::Here());
// The same behind `*index`.
void* xa_find_after(xarray* xa, unsigned long* index,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());

// xa_for_each(&port->dports, index, dport) { ... }
#define xa_for_each(xa, index, entry)                                                  \
  for ((index) = 0,                                                                    \
      (entry) = static_cast<decltype(entry)>(::models::kernel::xa_find(xa, &(index))); \
       (entry) != nullptr;                                                             \
       (entry) = static_cast<decltype(entry)>(::models::kernel::xa_find_after(xa, &(index))))

}  // namespace models::kernel
