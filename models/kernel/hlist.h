// SPDX-License-Identifier: GPL-2.0-only
//
// Doubly linked lists whose head is one pointer, as hash tables use them. Plain memory, see list.h.

#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/kernel/list.h"

namespace models::kernel {

struct hlist_node {
  hlist_node* next;
  hlist_node** pprev;
};

struct hlist_head {
  hlist_node* first;
};

#define INIT_HLIST_HEAD(head) ((head)->first = nullptr)

static inline void INIT_HLIST_NODE(hlist_node* node) {
  node->next = nullptr;
  node->pprev = nullptr;
}

static inline bool hlist_unhashed(const hlist_node* node) {
  return node->pprev == nullptr;
}
static inline bool hlist_empty(const hlist_head* head) {
  return head->first == nullptr;
}

static inline void hlist_add_head(hlist_node* node, hlist_head* head) {
  hlist_node* first = head->first;
  node->next = first;
  if (first != nullptr) first->pprev = &node->next;
  head->first = node;
  node->pprev = &head->first;
}

static inline void __hlist_del(hlist_node* node) {
  hlist_node* next = node->next;
  hlist_node** pprev = node->pprev;
  *pprev = next;
  if (next != nullptr) next->pprev = pprev;
}

static inline void hlist_del(hlist_node* node) {
  __hlist_del(node);
  node->next = reinterpret_cast<hlist_node*>(LIST_POISON1);
  node->pprev = reinterpret_cast<hlist_node**>(LIST_POISON2);
}

static inline void hlist_del_init(hlist_node* node) {
  if (hlist_unhashed(node)) return;
  __hlist_del(node);
  INIT_HLIST_NODE(node);
}

#define hlist_entry(ptr, type, member) container_of(ptr, type, member)

// The entry around `node`, which is evaluated once; null for null.
static inline void* __hlist_entry_safe(const hlist_node* node, size_t offset) {
  if (node == nullptr) return nullptr;
  return reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(node) - offset);
}

#define hlist_entry_safe(ptr, type, member) \
  static_cast<type*>(::models::kernel::__hlist_entry_safe(ptr, offsetof(type, member)))

#define hlist_for_each_entry(pos, head, member)                                             \
  for ((pos) = hlist_entry_safe((head)->first, __list_type(pos), member); (pos) != nullptr; \
       (pos) = hlist_entry_safe((pos)->member.next, __list_type(pos), member))

// As hlist_for_each_entry; `n` is a hlist_node pointer, and the body may take `pos` off the list.
#define hlist_for_each_entry_safe(pos, n, head, member)                   \
  for ((pos) = hlist_entry_safe((head)->first, __list_type(pos), member); \
       (pos) != nullptr && ((n) = (pos)->member.next, true);              \
       (pos) = hlist_entry_safe(n, __list_type(pos), member))

}  // namespace models::kernel
