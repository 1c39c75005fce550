// SPDX-License-Identifier: GPL-2.0-only
//
// The table of lock classes, and what happens when it is full.
//
// A class takes its place when a lock of it is acquired for the first time. Static keys have theirs
// for good; the classes of a registered key give them back once it is unregistered. When there is
// no place left, lockdep says that MAX_LOCKDEP_KEYS is too low, and is off until the next boot: no
// order is recorded any more, and no assertion about held locks fails.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/held_lock.h"

namespace models::kernel {

inline constexpr unsigned int MAX_LOCKDEP_KEYS = 8192;

// The classes of registered keys have `places` in the table, from now on to the end of this
// execution, instead of all that MAX_LOCKDEP_KEYS would leave them.
//
// Scheduling point: none. Blocks: never. Fails: never.
void lockdep_leave_room(unsigned int places);

// Whether lockdep is still on: the kernel's variable of that name.
//
// Scheduling point: none. Blocks: never. Fails: never.
bool debug_locks();

namespace internal {

// A registered key. Return false for one that is registered already, or is not.
bool register_class_key(const lock_class_key* key);
bool unregister_class_key(const lock_class_key* key, heddle::SourceLocation where);

// A lock of that class is acquired. Returns whether lockdep is on, after giving the class its
// place.
bool find_lock_class(const lock_class_key* key, u32 subclass, heddle::SourceLocation where);

}  // namespace internal
}  // namespace models::kernel
