// SPDX-License-Identifier: GPL-2.0-only
//
// object_handle: what a kernel primitive keeps in the program's memory: its name and its identity.
//
// All state of a primitive is the execution's. The memory of its struct only says which object it
// is, so a program that overwrites, frees or never initialises it is found out (checked_access.h)
// and cannot break anything else.

#pragma once

#include "heddle/core/object.h"
#include "models/kernel/types.h"

namespace models::kernel {

struct object_handle {
  heddle::ObjectRef ref;
  const char* name = nullptr;
  u32 magic = 0;
};

// Marks a handle that a static initialiser has filled in.
inline constexpr u32 STATIC_OBJECT_MAGIC = 0x6865646c;

#define STATIC_OBJECT_HANDLE(spelled) \
  { .ref = {}, .name = spelled, .magic = ::models::kernel::STATIC_OBJECT_MAGIC }

}  // namespace models::kernel
