// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/core.c; see PORT.md.

#include "models/driver_core/core.h"

#include "models/driver_core/bus.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/devres.h"
#include "models/driver_core/ghost.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

using kernel::GFP_KERNEL;
using kernel::kernfs_node;
using kernel::kfree;
using kernel::klist_iter;
using kernel::kzalloc_obj;

// ---- The world

driver_core* driver_core_create(const core_options& options) {
  auto* core = kzalloc_obj<driver_core>(GFP_KERNEL);
  if (core == nullptr) return nullptr;
  core->options = options;
  core->ghost = ghost_log_create();
  mutex_init(&core->deferred_probe_mutex);
  INIT_LIST_HEAD(&core->deferred_probe_pending_list);
  INIT_LIST_HEAD(&core->deferred_probe_active_list);
  atomic_set(&core->deferred_trigger_count, 0);
  INIT_WORK(&core->deferred_probe_work, deferred_probe_work_func);
  atomic_set(&core->probe_count, 0);
  init_waitqueue_head(&core->probe_waitqueue);
  spin_lock_init(&core->devices_lock);
  INIT_LIST_HEAD(&core->devices);
  return core;
}

void driver_core_destroy(driver_core* core) {
  kfree(core);
}

// ---- References

static void device_release(kref* kobj) {
  device* dev = container_of(kobj, device, kobj);
  device_private* p = dev->p;

  // What was added to a device that never had a driver, or was added after it lost one.
  devres_release_all(dev);

  if (dev->core->options.annotates_match) lockdep_unregister_key(&dev->mutex_key);
  ghost_override_freed(dev, dev->driver_override.name);
  kfree(dev->driver_override.name);
  dev->release(dev);
  kfree(p);
}

device* get_device(device* dev) {
  if (dev != nullptr) kref_get(&dev->kobj);
  return dev;
}

void put_device(device* dev) {
  if (dev != nullptr) kref_put(&dev->kobj, device_release);
}

// ---- Coming

void device_initialize(device* dev, driver_core* core) {
  dev->core = core;
  kref_init(&dev->kobj);
  if (core->options.annotates_match) {
    lockdep_register_key(&dev->mutex_key);
    kernel::__mutex_init(&dev->mutex, "dev->mutex", &dev->mutex_key);
  } else {
    mutex_init(&dev->mutex);
    lockdep_set_novalidate_class(&dev->mutex);
  }
  if (core->options.has_core_override) spin_lock_init(&dev->driver_override.lock);
  spin_lock_init(&dev->devres_lock);
  INIT_LIST_HEAD(&dev->devres_head);
  INIT_LIST_HEAD(&dev->kset_entry);
}

// A child is pinned while a walk stands at it, as devices of a bus are.
static void klist_children_get(klist_node* n) {
  get_device(container_of(n, device_private, knode_parent)->dev);
}
static void klist_children_put(klist_node* n) {
  put_device(container_of(n, device_private, knode_parent)->dev);
}

static int device_private_init(device* dev) {
  dev->p = kzalloc_obj<device_private>(GFP_KERNEL);
  if (dev->p == nullptr) return -ENOMEM;
  dev->p->dev = dev;
  klist_init(&dev->p->klist_children, klist_children_get, klist_children_put);
  INIT_LIST_HEAD(&dev->p->deferred_probe);
  return 0;
}

static void kobject_add(device* dev) {
  driver_core* core = dev->core;
  spin_lock(&core->devices_lock);
  list_add_tail(&dev->kset_entry, &core->devices);
  spin_unlock(&core->devices_lock);
  dev->state_in_sysfs = true;
}

static void kobject_del(device* dev) {
  driver_core* core = dev->core;
  dev->state_in_sysfs = false;
  spin_lock(&core->devices_lock);
  list_del_init(&dev->kset_entry);
  spin_unlock(&core->devices_lock);
}

int device_add(device* dev) {
  int error = -EINVAL;
  device* parent = nullptr;

  get_device(dev);
  if (dev->p == nullptr) {
    error = device_private_init(dev);
    if (error != 0) goto done;
  }
  if (dev->name == nullptr) {
    error = -EINVAL;
    goto name_error;
  }
  parent = get_device(dev->parent);
  kobject_add(dev);

  error = bus_add_device(dev);
  if (error != 0) goto BusError;

  if (parent != nullptr) klist_add_tail(&dev->p->knode_parent, &parent->p->klist_children);
  bus_probe_device(dev);
  goto done;

BusError:
  kobject_del(dev);
  put_device(parent);
name_error:
  kfree(dev->p);
  dev->p = nullptr;
done:
  put_device(dev);
  return error;
}

int device_register(device* dev, driver_core* core) {
  device_initialize(dev, core);
  return device_add(dev);
}

// ---- Going

static bool kill_device(device* dev) {
  device_lock_assert(dev);
  if (dev->p->dead) return false;
  dev->p->dead = true;
  return true;
}

void device_del(device* dev) {
  device* parent = dev->parent;

  device_lock(dev);
  kill_device(dev);
  device_unlock(dev);

  if (parent != nullptr) klist_del(&dev->p->knode_parent);
  bus_remove_device(dev);
  driver_deferred_probe_del(dev);
  kobject_del(dev);
  put_device(parent);
}

void device_unregister(device* dev) {
  device_del(dev);
  put_device(dev);
}

int device_for_each_child(device* parent, void* data, int (*fn)(device* dev, void* data)) {
  if (parent->p == nullptr) return 0;
  klist_iter i;
  int error = 0;
  klist_iter_init(&parent->p->klist_children, &i);
  while (error == 0) {
    klist_node* n = klist_next(&i);
    if (n == nullptr) break;
    error = fn(container_of(n, device_private, knode_parent)->dev, data);
  }
  klist_iter_exit(&i);
  return error;
}

// ---- Files

static ssize_t dev_attr_show(kernfs_node* kn, char* buf, size_t /*size*/) {
  const auto* file = static_cast<const device_file*>(kn->priv);
  if (file->attr->show == nullptr) return -EIO;
  return file->attr->show(file->dev, buf);
}

static ssize_t dev_attr_store(kernfs_node* kn, const char* buf, size_t size) {
  const auto* file = static_cast<const device_file*>(kn->priv);
  if (file->attr->store == nullptr) return -EIO;
  return file->attr->store(file->dev, buf, size);
}

static constexpr kernel::kernfs_ops dev_sysfs_ops = {.read = dev_attr_show,
                                                     .write = dev_attr_store};

int device_create_file(device* dev, device_file* file, const device_attribute* attr) {
  file->dev = dev;
  file->attr = attr;
  kernfs_node* kn = kernfs_create_file(attr->name, &dev_sysfs_ops, file);
  if (kernel::IS_ERR(kn)) return kernel::PTR_ERR_OR_ZERO(kn);
  file->kn = kn;
  return 0;
}

void device_remove_file(device_file* file) {
  if (file->kn == nullptr) return;
  kernfs_remove(file->kn);
  file->kn = nullptr;
}

// ---- Reboot

void device_shutdown(driver_core* core) {
  spin_lock(&core->devices_lock);
  while (!list_empty(&core->devices)) {
    device* dev = list_entry(core->devices.prev, device, kset_entry);
    device* parent = get_device(dev->parent);
    get_device(dev);
    list_del_init(&dev->kset_entry);
    spin_unlock(&core->devices_lock);

    if (parent != nullptr) device_lock(parent);
    device_lock(dev);
    if (dev->bus != nullptr && dev->bus->shutdown != nullptr) dev->bus->shutdown(dev);
    device_unlock(dev);
    if (parent != nullptr) device_unlock(parent);

    put_device(dev);
    put_device(parent);
    spin_lock(&core->devices_lock);
  }
  spin_unlock(&core->devices_lock);
}

}  // namespace models::driver_core
