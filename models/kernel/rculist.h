// SPDX-License-Identifier: GPL-2.0-only
//
// Lists that readers of RCU walk while one writer changes them.
//
// The order of stores is what readers depend on: an entry is linked to its neighbours before it is
// published, and one that was taken off still leads on to where the list goes. Writers exclude each
// other by a lock of theirs, and free an entry only after a grace period.
//
// Scheduling point: before each pointer that is published or followed; list_del_rcu also stores the
// pointer backwards, which no reader follows, plainly. Blocks: never.
// Fails: walking outside of a read section is kRcuMisuse, as rcu_dereference; the findings of
// memory.

#pragma once

#include <type_traits>

#include "models/kernel/access_once.h"
#include "models/kernel/list.h"
#include "models/kernel/rcu.h"

namespace models::kernel {

static inline void INIT_LIST_HEAD_RCU(list_head* list) {
  WRITE_ONCE(list->next, list);
  WRITE_ONCE(list->prev, list);
}

static inline void __list_add_rcu(list_head* entry, list_head* prev, list_head* next) {
  entry->next = next;
  entry->prev = prev;
  rcu_assign_pointer(prev->next, entry);
  next->prev = entry;
}

// Adds `entry` at the front: behind `head`.
static inline void list_add_rcu(list_head* entry, list_head* head) {
  __list_add_rcu(entry, head, head->next);
}

// Adds `entry` at the end: before `head`.
static inline void list_add_tail_rcu(list_head* entry, list_head* head) {
  __list_add_rcu(entry, head->prev, head);
}

// Takes `entry` off. Readers that are at it go on from it; its pointer backwards is poison.
static inline void list_del_rcu(list_head* entry) {
  entry->next->prev = entry->prev;
  WRITE_ONCE(entry->prev->next, entry->next);
  entry->prev = reinterpret_cast<list_head*>(LIST_POISON2);
}

// Puts `entry` in the place of `old`.
static inline void list_replace_rcu(list_head* old, list_head* entry) {
  entry->next = old->next;
  entry->prev = old->prev;
  rcu_assign_pointer(entry->prev->next, entry);
  entry->next->prev = entry;
  old->prev = reinterpret_cast<list_head*>(LIST_POISON2);
}

// Walks the entries. A condition given last stands in for the read section.
#define list_for_each_entry_rcu(pos, head, member, ...)                                \
  for ((pos) = HEDDLE_RCU_ENTRY(pos, (head)->next, member __VA_OPT__(, ) __VA_ARGS__); \
       &(pos)->member != (head);                                                       \
       (pos) = HEDDLE_RCU_ENTRY(pos, (pos)->member.next, member __VA_OPT__(, ) __VA_ARGS__))

// The entry behind a pointer of the list.
#define list_entry_rcu(ptr, type, member) container_of(rcu_dereference(ptr), type, member)

// Returns the first entry, or null.
#define list_first_or_null_rcu(ptr, type, member)                                 \
  ({                                                                              \
    list_head* const first_or_null = rcu_dereference((ptr)->next);                \
    first_or_null == (ptr) ? nullptr : container_of(first_or_null, type, member); \
  })

// ---- Implementation

#define HEDDLE_RCU_ENTRY(pos, ptr, member, ...)                                \
  container_of(rcu_dereference_check(ptr, false __VA_OPT__(|| (__VA_ARGS__))), \
               std::remove_reference_t<decltype(*(pos))>, member)

}  // namespace models::kernel
