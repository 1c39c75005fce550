// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/devres.c; see PORT.md.

#include "models/driver_core/devres.h"

#include "models/kernel/errno.h"
#include "models/kernel/warn.h"

namespace models::driver_core {

using kernel::kfree;

namespace {

enum class node_kind : kernel::u8 { RESOURCE, GROUP_BEGIN, GROUP_END };

struct devres_node {
  list_head entry;
  node_kind kind;
};

struct devres {
  devres_node node;
  dr_release_t release;
  // The caller's bytes follow.
};

struct devres_group {
  devres_node begin;
  devres_node end;
  void* id;
};

struct action_devres {
  void* data;
  void (*action)(void*);
};

devres* to_devres(void* res) {
  return static_cast<devres*>(res) - 1;
}
void* data_of(devres* dr) {
  return dr + 1;
}

void add_node(device* dev, devres_node* node) {
  list_add_tail(&node->entry, &dev->devres_head);
}

// REQUIRES: devres_lock is held.
devres_group* find_group(device* dev, const void* id) {
  devres_node* node = nullptr;
  list_for_each_entry_reverse(node, &dev->devres_head, entry) {
    if (node->kind != node_kind::GROUP_BEGIN) continue;
    devres_group* group = container_of(node, devres_group, begin);
    if (id != nullptr ? group->id == id : list_empty(&group->end.entry)) return group;
  }
  return nullptr;
}

// Moves the nodes from `first` up to, not including, `end` to `todo`. Groups that are in it as a
// whole go with it; one that only begins or ends in it stays. Returns the number of resources.
int remove_nodes(device* dev, list_head* first, list_head* end, list_head* todo) {
  int count = 0;
  for (list_head* at = first; at != end;) {
    devres_node* node = list_entry(at, devres_node, entry);
    at = at->next;
    if (node->kind == node_kind::RESOURCE) {
      ++count;
      list_move_tail(&node->entry, todo);
      continue;
    }
    if (node->kind == node_kind::GROUP_END) continue;
    devres_group* group = container_of(node, devres_group, begin);
    const bool is_closed = !list_empty(&group->end.entry);
    bool is_inside = !is_closed && end == &dev->devres_head;
    for (list_head* later = at; is_closed && later != end; later = later->next) {
      if (later == &group->end.entry) is_inside = true;
    }
    if (!is_inside) continue;
    if (is_closed) {
      if (at == &group->end.entry) at = at->next;
      list_del_init(&group->end.entry);
    }
    list_move_tail(&group->begin.entry, todo);
  }
  return count;
}

// Runs what was taken off the list, last in, first out.
void release_nodes(device* dev, list_head* todo) {
  while (!list_empty(todo)) {
    devres_node* node = list_entry(todo->prev, devres_node, entry);
    list_del(&node->entry);
    if (node->kind == node_kind::GROUP_BEGIN) {
      kfree(container_of(node, devres_group, begin));
      continue;
    }
    devres* dr = container_of(node, devres, node);
    dr->release(dev, data_of(dr));
    kfree(dr);
  }
}

void devm_action_release(device* /*dev*/, void* res) {
  const auto* devres = static_cast<action_devres*>(res);
  devres->action(devres->data);
}

void devm_kmalloc_release(device* /*dev*/, void* /*res*/) {}

// Takes an action off the list, or returns null.
devres* take_action(device* dev, void (*action)(void*), const void* data) {
  devres* found = nullptr;
  spin_lock(&dev->devres_lock);
  devres_node* node = nullptr;
  list_for_each_entry_reverse(node, &dev->devres_head, entry) {
    if (node->kind != node_kind::RESOURCE) continue;
    devres* dr = container_of(node, devres, node);
    if (dr->release != devm_action_release) continue;
    const auto* candidate = static_cast<action_devres*>(data_of(dr));
    if (candidate->action != action || candidate->data != data) continue;
    list_del_init(&node->entry);
    found = dr;
    break;
  }
  spin_unlock(&dev->devres_lock);
  return found;
}

}  // namespace

// ---- Entries

void* __devres_alloc(dr_release_t release, size_t size, kernel::gfp_t gfp, const char* name) {
  auto* dr = static_cast<devres*>(kernel::kzalloc(sizeof(devres) + size, gfp, name));
  if (dr == nullptr) return nullptr;
  INIT_LIST_HEAD(&dr->node.entry);
  dr->release = release;
  return data_of(dr);
}

void devres_free(void* res) {
  if (res != nullptr) kfree(to_devres(res));
}

void devres_add(device* dev, void* res) {
  spin_lock(&dev->devres_lock);
  add_node(dev, &to_devres(res)->node);
  spin_unlock(&dev->devres_lock);
}

void* devm_kzalloc(device* dev, size_t size, kernel::gfp_t gfp, const char* name) {
  void* res = __devres_alloc(devm_kmalloc_release, size, gfp, name);
  if (res != nullptr) devres_add(dev, res);
  return res;
}

// ---- Actions

int devm_add_action(device* dev, void (*action)(void*), void* data) {
  auto* devres = static_cast<action_devres*>(
      devres_alloc(devm_action_release, sizeof(action_devres), kernel::GFP_KERNEL));
  if (devres == nullptr) return -ENOMEM;
  devres->data = data;
  devres->action = action;
  devres_add(dev, devres);
  return 0;
}

int devm_add_action_or_reset(device* dev, void (*action)(void*), void* data) {
  const int ret = devm_add_action(dev, action, data);
  if (ret != 0) action(data);
  return ret;
}

void devm_release_action(device* dev, void (*action)(void*), void* data) {
  devres* dr = take_action(dev, action, data);
  if (WARN_ON(dr == nullptr)) return;
  action(data);
  kfree(dr);
}

void devm_remove_action(device* dev, void (*action)(void*), void* data) {
  devres* dr = take_action(dev, action, data);
  if (WARN_ON(dr == nullptr)) return;
  kfree(dr);
}

// ---- Groups

void* devres_open_group(device* dev, void* id, kernel::gfp_t gfp) {
  auto* group = kernel::kmalloc_obj<devres_group>(gfp);
  if (group == nullptr) return nullptr;
  group->begin.kind = node_kind::GROUP_BEGIN;
  group->end.kind = node_kind::GROUP_END;
  INIT_LIST_HEAD(&group->begin.entry);
  INIT_LIST_HEAD(&group->end.entry);
  group->id = id != nullptr ? id : group;
  // Read before others can see the group, and free it.
  void* its_id = group->id;
  spin_lock(&dev->devres_lock);
  add_node(dev, &group->begin);
  spin_unlock(&dev->devres_lock);
  return its_id;
}

void devres_close_group(device* dev, void* id) {
  spin_lock(&dev->devres_lock);
  devres_group* group = find_group(dev, id);
  if (!WARN_ON(group == nullptr)) add_node(dev, &group->end);
  spin_unlock(&dev->devres_lock);
}

void devres_remove_group(device* dev, void* id) {
  spin_lock(&dev->devres_lock);
  devres_group* group = find_group(dev, id);
  if (!WARN_ON(group == nullptr)) {
    list_del_init(&group->begin.entry);
    list_del_init(&group->end.entry);
  }
  spin_unlock(&dev->devres_lock);
  kfree(group);
}

int devres_release_group(device* dev, void* id) {
  int count = 0;
  LIST_HEAD(todo);
  spin_lock(&dev->devres_lock);
  devres_group* group = find_group(dev, id);
  if (group != nullptr) {
    list_head* end = list_empty(&group->end.entry) ? &dev->devres_head : group->end.entry.next;
    count = remove_nodes(dev, &group->begin.entry, end, &todo);
  } else {
    // Everything may have been released meanwhile, the group with it.
    WARN_ON(!list_empty(&dev->devres_head));
  }
  spin_unlock(&dev->devres_lock);
  release_nodes(dev, &todo);
  return count;
}

int devres_release_all(device* dev) {
  if (list_empty(&dev->devres_head)) return 0;
  LIST_HEAD(todo);
  spin_lock(&dev->devres_lock);
  const int count = remove_nodes(dev, dev->devres_head.next, &dev->devres_head, &todo);
  spin_unlock(&dev->devres_lock);
  release_nodes(dev, &todo);
  return count;
}

}  // namespace models::driver_core
