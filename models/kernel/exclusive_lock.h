// SPDX-License-Identifier: GPL-2.0-only
//
// Locks with one owner: what mutex and spinlock_t share.
//
// State: Object::owner is the task that holds the lock.

#pragma once

#include "heddle/core/operation.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/task_context.h"

namespace models::kernel::internal {

// The names under which a lock's operations are reported.
struct exclusive_lock_operations {
  heddle::OperationType lock;
  heddle::OperationType try_lock;
  heddle::OperationType unlock;
  heddle::OperationType look;
  const char* try_lock_fails;
};

bool can_lock(const heddle::Execution& execution, const heddle::Operation& operation);

// One lock and one call on it.
struct exclusive_lock {
  const exclusive_lock_operations& operations;
  lockdep_map* map;
  primitive_call call;
  lock_kind kind;

  // Acquires the lock, waiting as long as it takes. Returns false if a signal came first.
  bool lock(u32 subclass, bool is_interruptible) const;
  // Acquires it if nobody has it.
  bool try_lock() const;
  void unlock() const;
  bool is_locked() const;

 private:
  void take(heddle::ObjectId id, acquisition how) const;
  heddle::ObjectId look_without_blocking(const heddle::OperationType& type) const;
};

}  // namespace models::kernel::internal
