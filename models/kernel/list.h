// SPDX-License-Identifier: GPL-2.0-only
//
// Doubly linked circular lists.
//
// Plain memory and plain accesses, as in the kernel: whoever includes this file gets copies of its
// own, so an instrumented port has every step checked. An entry that was taken off with list_del or
// hlist_del points at poison; to follow it is an oops.

#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace models::kernel {

// The object of type `type` whose `member` `ptr` points at.
#define container_of(ptr, type, member) \
  (reinterpret_cast<type*>(reinterpret_cast<uintptr_t>(ptr) - offsetof(type, member)))

struct list_head {
  list_head* next;
  list_head* prev;
};

// Addresses that no pointer can have: dereferencing them faults.
inline constexpr uintptr_t LIST_POISON1 = 0xdead000000000100;
inline constexpr uintptr_t LIST_POISON2 = 0xdead000000000122;

// ---- list_head

#define LIST_HEAD_INIT(name) \
  { &(name), &(name) }
#define LIST_HEAD(name) ::models::kernel::list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(list_head* list) {
  list->next = list;
  list->prev = list;
}

static inline void __list_add(list_head* entry, list_head* prev, list_head* next) {
  next->prev = entry;
  entry->next = next;
  entry->prev = prev;
  prev->next = entry;
}

// Adds `entry` at the front: behind `head`.
static inline void list_add(list_head* entry, list_head* head) {
  __list_add(entry, head, head->next);
}

// Adds `entry` at the end: before `head`.
static inline void list_add_tail(list_head* entry, list_head* head) {
  __list_add(entry, head->prev, head);
}

static inline void __list_del(list_head* prev, list_head* next) {
  next->prev = prev;
  prev->next = next;
}

static inline void __list_del_entry(list_head* entry) {
  __list_del(entry->prev, entry->next);
}

// Takes `entry` off its list and poisons it.
static inline void list_del(list_head* entry) {
  __list_del_entry(entry);
  entry->next = reinterpret_cast<list_head*>(LIST_POISON1);
  entry->prev = reinterpret_cast<list_head*>(LIST_POISON2);
}

// Takes `entry` off its list and leaves it an empty list of its own.
static inline void list_del_init(list_head* entry) {
  __list_del_entry(entry);
  INIT_LIST_HEAD(entry);
}

static inline void list_replace(list_head* old, list_head* entry) {
  entry->next = old->next;
  entry->next->prev = entry;
  entry->prev = old->prev;
  entry->prev->next = entry;
}

static inline void list_replace_init(list_head* old, list_head* entry) {
  list_replace(old, entry);
  INIT_LIST_HEAD(old);
}

static inline void list_move(list_head* entry, list_head* head) {
  __list_del_entry(entry);
  list_add(entry, head);
}

static inline void list_move_tail(list_head* entry, list_head* head) {
  __list_del_entry(entry);
  list_add_tail(entry, head);
}

static inline bool list_empty(const list_head* head) {
  return head->next == head;
}

static inline bool list_is_singular(const list_head* head) {
  return !list_empty(head) && head->next == head->prev;
}

static inline bool list_is_first(const list_head* entry, const list_head* head) {
  return entry->prev == head;
}

static inline bool list_is_last(const list_head* entry, const list_head* head) {
  return entry->next == head;
}

static inline void __list_splice(const list_head* list, list_head* prev, list_head* next) {
  list_head* first = list->next;
  list_head* last = list->prev;
  first->prev = prev;
  prev->next = first;
  last->next = next;
  next->prev = last;
}

// Puts all entries of `list` at the front of `head`; `list` itself is stale afterwards.
static inline void list_splice(const list_head* list, list_head* head) {
  if (!list_empty(list)) __list_splice(list, head, head->next);
}

static inline void list_splice_init(list_head* list, list_head* head) {
  if (list_empty(list)) return;
  __list_splice(list, head, head->next);
  INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(list_head* list, list_head* head) {
  if (list_empty(list)) return;
  __list_splice(list, head->prev, head);
  INIT_LIST_HEAD(list);
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) \
  (list_empty(head) ? nullptr : list_first_entry(head, type, member))

// What `pos`, a pointer to an entry, points at.
#define __list_type(pos) std::remove_reference_t<decltype(*(pos))>
#define list_next_entry(pos, member) list_entry((pos)->member.next, __list_type(pos), member)
#define list_prev_entry(pos, member) list_entry((pos)->member.prev, __list_type(pos), member)
#define list_entry_is_head(pos, head, member) (&(pos)->member == (head))

#define list_for_each(pos, head) for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)

#define list_for_each_safe(pos, n, head) \
  for ((pos) = (head)->next, (n) = (pos)->next; (pos) != (head); (pos) = (n), (n) = (pos)->next)

#define list_for_each_entry(pos, head, member)                   \
  for ((pos) = list_first_entry(head, __list_type(pos), member); \
       !list_entry_is_head(pos, head, member); (pos) = list_next_entry(pos, member))

#define list_for_each_entry_reverse(pos, head, member)          \
  for ((pos) = list_last_entry(head, __list_type(pos), member); \
       !list_entry_is_head(pos, head, member); (pos) = list_prev_entry(pos, member))

// As list_for_each_entry; the body may take `pos` off the list.
#define list_for_each_entry_safe(pos, n, head, member)           \
  for ((pos) = list_first_entry(head, __list_type(pos), member), \
      (n) = list_next_entry(pos, member);                        \
       !list_entry_is_head(pos, head, member); (pos) = (n), (n) = list_next_entry(n, member))

#define list_for_each_entry_safe_reverse(pos, n, head, member)  \
  for ((pos) = list_last_entry(head, __list_type(pos), member), \
      (n) = list_prev_entry(pos, member);                       \
       !list_entry_is_head(pos, head, member); (pos) = (n), (n) = list_prev_entry(n, member))

}  // namespace models::kernel
