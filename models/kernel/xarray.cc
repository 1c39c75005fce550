// SPDX-License-Identifier: GPL-2.0-only
//
// A sorted list stands in for the tree: what ports see of it is the same. Its nodes are allocated,
// so an array that is dropped with entries in it leaks.

#include "models/kernel/xarray.h"

#include "heddle/core/execution.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/err.h"

namespace models::kernel {

using heddle::Execution;
using heddle::ObjectId;
using heddle::OperationType;
using heddle::SourceLocation;

static constexpr heddle::ObjectType kXarray{.noun = "xarray"};
static constexpr OperationType kLoad{.verb = "xa_load", .access = heddle::AccessMode::kRead};
static constexpr OperationType kFind{.verb = "xa_find", .access = heddle::AccessMode::kRead};
static constexpr OperationType kInsert{.verb = "xa_insert"};
static constexpr OperationType kStore{.verb = "xa_store"};
static constexpr OperationType kErase{.verb = "xa_erase"};
static constexpr OperationType kDestroy{.verb = "xa_destroy"};

static void stand_at(xarray* xa, const OperationType& type, const char* function,
                     SourceLocation where) {
  heddle::Operation operation{.type = &type, .where = where};
  internal::stand_at(&xa->handle, {kXarray, function, where}, &operation);
  Execution& execution = Execution::Current();
  heddle::HappensBefore& clocks = execution.happens_before();
  clocks.Acquire(execution.running().id, execution.object(operation.object));
  const bool changes = type.access == heddle::AccessMode::kWrite;
  if (changes) clocks.Release(execution.running().id, &execution.object(operation.object));
}

// Returns where the pointer to the first node at or behind `index` stands.
static xa_node** lower_bound(xarray* xa, unsigned long index) {
  xa_node** at = &xa->first;
  while (*at != nullptr && (*at)->index < index) at = &(*at)->next;
  return at;
}

static bool is_at(const xa_node* node, unsigned long index) {
  return node != nullptr && node->index == index;
}

static int add_node(xa_node** at, unsigned long index, void* entry, gfp_t gfp,
                    SourceLocation where) {
  auto* node = kzalloc_obj<xa_node>(gfp, where);
  if (node == nullptr) return -ENOMEM;
  *node = {.index = index, .entry = entry, .next = *at};
  *at = node;
  return 0;
}

static void* remove_node(xa_node** at, SourceLocation where) {
  xa_node* node = *at;
  void* entry = node->entry;
  *at = node->next;
  kfree(node, where);
  return entry;
}

void __xa_init(xarray* xa, const char* name, SourceLocation where) {
  internal::init_object(&xa->handle, sizeof(*xa), name, {kXarray, "xa_init", where});
  xa->first = nullptr;
}

void* xa_load(xarray* xa, unsigned long index, SourceLocation where) {
  stand_at(xa, kLoad, "xa_load", where);
  const xa_node* node = *lower_bound(xa, index);
  return is_at(node, index) ? node->entry : nullptr;
}

int xa_insert(xarray* xa, unsigned long index, void* entry, gfp_t gfp, SourceLocation where) {
  if ((gfp & __GFP_DIRECT_RECLAIM) != 0) might_sleep(where);
  stand_at(xa, kInsert, "xa_insert", where);
  xa_node** at = lower_bound(xa, index);
  if (is_at(*at, index)) return -EBUSY;
  return add_node(at, index, entry, gfp, where);
}

void* xa_store(xarray* xa, unsigned long index, void* entry, gfp_t gfp, SourceLocation where) {
  if ((gfp & __GFP_DIRECT_RECLAIM) != 0) might_sleep(where);
  stand_at(xa, kStore, "xa_store", where);
  xa_node** at = lower_bound(xa, index);
  if (!is_at(*at, index)) {
    const int error = entry == nullptr ? 0 : add_node(at, index, entry, gfp, where);
    return error == 0 ? nullptr : static_cast<void*>(ERR_PTR(error));
  }
  if (entry == nullptr) return remove_node(at, where);
  void* old = (*at)->entry;
  (*at)->entry = entry;
  return old;
}

void* xa_erase(xarray* xa, unsigned long index, SourceLocation where) {
  stand_at(xa, kErase, "xa_erase", where);
  xa_node** at = lower_bound(xa, index);
  return is_at(*at, index) ? remove_node(at, where) : nullptr;
}

bool xa_empty(const xarray* xa, SourceLocation where) {
  stand_at(const_cast<xarray*>(xa), kLoad, "xa_empty", where);
  return xa->first == nullptr;
}

void xa_destroy(xarray* xa, SourceLocation where) {
  stand_at(xa, kDestroy, "xa_destroy", where);
  while (xa->first != nullptr) remove_node(&xa->first, where);
}

static void* find_from(xarray* xa, unsigned long* index, bool is_behind, SourceLocation where) {
  stand_at(xa, kFind, is_behind ? "xa_find_after" : "xa_find", where);
  if (is_behind && ++*index == 0) return nullptr;
  const xa_node* node = *lower_bound(xa, *index);
  if (node == nullptr) return nullptr;
  *index = node->index;
  return node->entry;
}

void* xa_find(xarray* xa, unsigned long* index, SourceLocation where) {
  return find_from(xa, index, false, where);
}

void* xa_find_after(xarray* xa, unsigned long* index, SourceLocation where) {
  return find_from(xa, index, true, where);
}

}  // namespace models::kernel
