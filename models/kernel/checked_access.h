// SPDX-License-Identifier: GPL-2.0-only
//
// Checked access: the one way from the memory of a primitive to its object.
//
// The memory is checked whenever a task comes to an operation, and again when it goes on: in
// between others may have freed it, or made it another object.
//
//   Fails: kUseAfterFree for memory that was freed; kMisuse for a handle that was never
//   initialised, or whose object was destroyed.

#pragma once

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "models/kernel/object_handle.h"

namespace models::kernel::internal {

// What a primitive is, and what is being done with it: for messages.
struct primitive_call {
  const heddle::ObjectType& type;
  const char* function = "";  // "mutex_lock"
  heddle::SourceLocation where;
};

// Makes `handle` a new object called `name`. `size` is that of the whole primitive.
// Fails: kMisuse if the object that it was is held or waited for.
heddle::ObjectId init_object(object_handle* handle, size_t size, const char* name,
                             const primitive_call& call);

// Ends the life of the object. Fails: kMisuse if it is held or waited for.
void destroy_object(object_handle* handle, const primitive_call& call);

// Returns the object behind `handle`.
heddle::ObjectId use_object(object_handle* handle, const primitive_call& call);

// Returns the object behind `handle` if there is one, else kExecutionObject. Fails: never.
heddle::ObjectId peek_object(const object_handle* handle);

// Stands at `operation`, whose object is the one behind `handle`, until it can be performed.
heddle::Outcome stand_at(object_handle* handle, const primitive_call& call,
                         heddle::Operation* operation);

// Returns whether the memory of `object` is gone. A blocked operation is ready then: the task that
// stands at it is to find out.
bool is_gone(const heddle::Object& object);

}  // namespace models::kernel::internal
