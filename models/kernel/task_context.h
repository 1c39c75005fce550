// SPDX-License-Identifier: GPL-2.0-only
//
// task_context: what the running task holds, and whether it may sleep.
//
// INVARIANT: atomic_sections is the number of entries of `held` that forbid to sleep.

#pragma once

#include <vector>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "models/kernel/held_lock.h"
#include "models/kernel/types.h"

namespace models::kernel::internal {

struct task_context {
  std::vector<held_lock> held;  // Innermost last.
  u32 atomic_sections = 0;
};

// The context of the running task. Valid until the next scheduling point.
task_context& current_context();

// The running task holds `lock` from now on.
void push_held(const held_lock& lock);

// The running task no longer holds what it took last of `object` in `kind`. Returns false if it
// held nothing of the sort.
bool pop_held(heddle::ObjectId object, lock_kind kind);
// The same for a context that forbids to sleep, by its text.
bool pop_context(const char* what);

// Returns what the running task took last of `object`, or null.
const held_lock* find_held(heddle::ObjectId object);

// As might_sleep, but read sections of RCU do not count.
void might_sleep_in_rcu(heddle::SourceLocation where);

}  // namespace models::kernel::internal
