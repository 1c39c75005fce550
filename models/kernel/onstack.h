// SPDX-License-Identifier: GPL-2.0-only
//
// Objects on a stack that others have pointers to: a work item, a completion, a buffer that a
// worker fills.
//
//   char buf[200];
//   ONSTACK_OBJECT(buf);
//
// Such an object dies when control leaves its block, after whatever was declared behind it; who
// touches it then uses a dead stack frame. It is called as the source spells it. A task that is
// abandoned, or that dies, never leaves the block: its objects live on.
//
// Whatever others get a pointer to is registered: a local of a later call that happens to lie where
// a dead object lay is taken for that object.

#pragma once

#include <cstddef>

#include "heddle/base/source_location.h"
#include "models/kernel/cleanup.h"
#include "models/kernel/object_name.h"

// Scheduling point: none.
// Blocks:           never.
// Fails:            kStackUseAfterReturn, for whoever touches `variable` once it is dead.
// REQUIRES:         `variable` is declared in the same block, and trivially destructible.
#define ONSTACK_OBJECT(variable)                               \
  const ::models::kernel::onstack_object __UNIQUE_ID(onstack)( \
      &(variable), sizeof(variable), ::models::kernel::object_name(#variable))

namespace models::kernel {

class onstack_object {
 public:
  onstack_object(const void* address, size_t size, const char* name,
                 heddle::SourceLocation where = heddle::SourceLocation::Here());
  ~onstack_object();
  onstack_object(const onstack_object&) = delete;
  onstack_object& operator=(const onstack_object&) = delete;

 private:
  const void* address_;
  heddle::SourceLocation where_;
};

}  // namespace models::kernel
