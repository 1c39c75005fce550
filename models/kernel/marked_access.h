// SPDX-License-Identifier: GPL-2.0-only
//
// marked_access: one step on a location of plain memory that several tasks use on purpose.
//
//   const marked_access access(&v->counter, access_kind::exchange, "atomic", where);
//   ...                            The access itself, in code without instrumentation.
//   access.exchanged(memory_order::full);

#pragma once

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "models/kernel/types.h"

namespace models::kernel::internal {

enum class access_kind : u8 { load, store, exchange };

// What an access orders: nothing, what comes after it, what came before it, or both.
enum class memory_order : u8 { relaxed, acquire, release, full };

class marked_access {
 public:
  // Stands before an access to the location at `address`. `name` is what a location is called that
  // was not accessed or named before; it must outlive the execution.
  marked_access(const void* address, access_kind kind, const char* name,
                heddle::SourceLocation where);

  // The access was performed: says what it orders.
  void loaded(memory_order order) const;
  void stored(memory_order order) const;
  void exchanged(memory_order order) const;

  heddle::ObjectId object() const { return object_; }

 private:
  heddle::ObjectId object_;
};

// Gives the location at `address` its name, unless it has one.
void name_location(const void* address, const char* name);

}  // namespace models::kernel::internal
