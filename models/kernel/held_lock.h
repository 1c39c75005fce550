// SPDX-License-Identifier: GPL-2.0-only
//
// held_lock: one thing that a task holds: a lock, a read section, an annotation, or a context in
// which it must not sleep.

#pragma once

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "models/kernel/types.h"

namespace models::kernel {

inline constexpr unsigned int MAX_LOCKDEP_SUBCLASSES = 8;

// Identified by its address.
struct lock_class_key {
  u8 subkeys[MAX_LOCKDEP_SUBCLASSES];
};

enum class lock_kind : u8 {
  kSleeping,    // mutex, rw_semaphore
  kSpinning,    // spinlock_t, rwlock_t: no sleeping while it is held
  kRcu,         // rcu_read_lock
  kSrcu,        // srcu_read_lock: sleeping is allowed
  kAnnotation,  // lock_map_acquire
  kContext,     // preemption, bottom halves or interrupts are off
  kInterrupt,   // the callback of an interrupt, a timer or RCU
};

enum class lock_mode : u8 { kExclusive = 0, kShared = 1, kRecursiveRead = 2 };

struct held_lock {
  heddle::ObjectId object;
  const lock_class_key* key = nullptr;  // Null: the object is a class of its own.
  u32 subclass = 0;
  lock_kind kind = lock_kind::kSleeping;
  lock_mode mode = lock_mode::kExclusive;
  bool is_trylock = false;
  const char* what = nullptr;  // Of a context: how reports say it.
  heddle::SourceLocation where;
};

}  // namespace models::kernel
