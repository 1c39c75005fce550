// SPDX-License-Identifier: GPL-2.0-only
//
// RCU: readers that never wait, and writers that wait for them.
//
// A grace period ends when every read section that existed at its beginning has ended; readers that
// come later do not delay it. Callbacks run after a grace period, in atomic context, on the task
// "rcu", each as a step of its own.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/access_once.h"
#include "models/kernel/list.h"
#include "models/kernel/object_name.h"
#include "models/kernel/types.h"

namespace models::kernel {

struct rcu_head {
  rcu_head* next;
  void (*func)(rcu_head* head);
};

using rcu_callback_t = void (*)(rcu_head* head);

// ---- Readers

// Begins, or ends, a read section of the running task. Sections nest; the outermost pair counts.
//
// Scheduling point: none (before an outermost rcu_read_lock, once some task waited for readers).
// Blocks:           never; sleeping inside is kAtomicSleep.
// Fails:            rcu_read_unlock: kRcuMisuse outside of a section.
void rcu_read_lock(heddle::SourceLocation where = heddle::SourceLocation::Here());
void rcu_read_unlock(heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether the running task is inside a read section.
bool rcu_read_lock_held();

// Loads a pointer that RCU protects: a marked access with acquire order.
//
// Scheduling point: before the load. Blocks: never.
// Fails:            kRcuMisuse outside of a read section; the findings of memory.
#define rcu_dereference(p) rcu_dereference_check(p, false)
// The same; `condition` may stand in for the section.
#define rcu_dereference_check(p, condition)                                \
  ::models::kernel::internal::rcu_load(&(p), static_cast<bool>(condition), \
                                       ::models::kernel::object_name(#p))

// Loads a pointer that cannot change because `condition` (a lock is held): a plain access.
// Scheduling point: none. Blocks: never. Fails: kRcuMisuse if the condition is false.
#define rcu_dereference_protected(p, condition)                                           \
  (::models::kernel::internal::require_rcu_protection(static_cast<bool>(condition),       \
                                                      ::models::kernel::object_name(#p)), \
   (p))

// Loads a pointer that is only compared, not followed.
#define rcu_access_pointer(p) READ_ONCE(p)

// Publishes a pointer: a marked store with release order.
#define rcu_assign_pointer(p, value) \
  ::models::kernel::internal::store_release(&(p), value, ::models::kernel::object_name(#p))
#define RCU_INIT_POINTER(p, value) WRITE_ONCE(p, value)

// ---- Writers

// Waits until every read section that exists now has ended. Sleeps.
//
// Scheduling point: before the grace period begins; and before it ends, if there are readers.
// Blocks:           until then.
// Fails:            kRecursiveDeadlock in a read section; kAtomicSleep where sleeping is otherwise
//                   forbidden.
void synchronize_rcu(heddle::SourceLocation where = heddle::SourceLocation::Here());
void synchronize_rcu_expedited(heddle::SourceLocation where = heddle::SourceLocation::Here());

// Has `func(head)` called after a grace period that begins now.
//
// Scheduling point: before the grace period begins.
// Blocks:           never; any context.
// Fails:            kRcuMisuse if `head` is queued already; the findings of memory.
void call_rcu(rcu_head* head, rcu_callback_t func,
              heddle::SourceLocation where = heddle::SourceLocation::Here());

// kfree_rcu(p, rcu): frees `p`, whose member `rcu` is an rcu_head, after a grace period.
//
// Scheduling point, Blocks, Fails: as call_rcu.
#define kfree_rcu(p, member)                                                          \
  do {                                                                                \
    auto* kfree_rcu_object = (p);                                                     \
    if (kfree_rcu_object != nullptr) {                                                \
      ::models::kernel::kvfree_call_rcu(&kfree_rcu_object->member, kfree_rcu_object); \
    }                                                                                 \
  } while (0)
void kvfree_call_rcu(rcu_head* head, void* object,
                     heddle::SourceLocation where = heddle::SourceLocation::Here());

// Waits until all callbacks that were queued before the call have run. Sleeps.
//
// Scheduling point: before the wait ends.
// Blocks:           until then.
// Fails:            kRecursiveDeadlock in a read section that one of the callbacks waits for.
void rcu_barrier(heddle::SourceLocation where = heddle::SourceLocation::Here());

// Ends the read section of a task that dies, as the kernel's exit path does. No effect outside.
void exit_rcu();

// ---- Implementation

namespace internal {

void require_rcu_protection(bool condition, const char* name,
                            heddle::SourceLocation where = heddle::SourceLocation::Here());

template <class T>
static inline T rcu_load(const T* p, bool condition, const char* name,
                         heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  require_rcu_protection(condition || rcu_read_lock_held(), name, where);
  return load(p, memory_order::acquire, name, where);
}

}  // namespace internal
}  // namespace models::kernel
