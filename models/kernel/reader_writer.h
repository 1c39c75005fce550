// SPDX-License-Identifier: GPL-2.0-only
//
// Readers and writers: what rwlock_t and rw_semaphore share.
//
// Whoever finds the lock closed takes a ticket, in a step of its own, and then waits: a reader for
// the writer inside and for writers with smaller tickets, a writer for everybody inside. Tickets
// are in the operations that the waiters stand at; there is no other queue.
//
// What readers did is released to the object's shared clock, which only writers acquire: the lock
// does not order two readers.
//
// State: Object::owner is the writer inside, count the readers inside, value the last ticket.

#pragma once

#include "heddle/core/operation.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/task_context.h"

namespace models::kernel::internal {

// The names under which a lock's operations are reported.
struct reader_writer_operations {
  heddle::OperationType read;       // Arrives.
  heddle::OperationType read_wait;  // Found the lock closed.
  heddle::OperationType write;
  heddle::OperationType write_wait;
  heddle::OperationType try_read;
  heddle::OperationType try_write;
  heddle::OperationType release;
  heddle::OperationType look;
};

bool can_read(const heddle::Execution& execution, const heddle::Operation& operation);
bool can_write(const heddle::Execution& execution, const heddle::Operation& operation);
// Whom a waiting reader waits for: the writer inside and those before it.
void add_writers(const heddle::Execution& execution, const heddle::Operation& operation,
                 heddle::TaskSet* owners);

// One lock and one call on it.
struct reader_writer {
  const reader_writer_operations& operations;
  lockdep_map* map;
  primitive_call call;
  lock_kind kind;

  // Enters in the mode of `how`, waiting as long as it takes. Returns false if a signal came first.
  bool enter(acquisition how, bool is_interruptible) const;
  // Enters if that is possible at once and nobody waits.
  bool try_enter(acquisition how) const;
  void leave(lock_mode mode) const;
  void downgrade() const;
  bool is_locked() const;

 private:
  void take(heddle::ObjectId id, const acquisition& how) const;
  heddle::ObjectId stand_at_release() const;
  void require_inside(heddle::ObjectId id, lock_mode mode) const;
};

}  // namespace models::kernel::internal
