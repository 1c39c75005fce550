// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/bus.c; see PORT.md.

#include "models/driver_core/bus.h"

#include "models/driver_core/core.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/driver.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/kernel/string.h"

namespace models::driver_core {

using kernel::GFP_KERNEL;
using kernel::kernfs_node;
using kernel::kfree;
using kernel::klist_iter;
using kernel::kzalloc_obj;

// ---- The bus

static device* to_device(klist_node* n) {
  return container_of(n, device_private, knode_bus)->dev;
}
static device_driver* to_driver(klist_node* n) {
  return container_of(n, driver_private, knode_bus)->driver;
}

static void klist_devices_get(klist_node* n) {
  get_device(to_device(n));
}
static void klist_devices_put(klist_node* n) {
  put_device(to_device(n));
}

int bus_register(bus_type* bus, driver_core* core) {
  auto* sp = kzalloc_obj<subsys_private>(GFP_KERNEL);
  if (sp == nullptr) return -ENOMEM;
  klist_init(&sp->klist_devices, klist_devices_get, klist_devices_put);
  klist_init(&sp->klist_drivers, nullptr, nullptr);
  spin_lock_init(&sp->drivers_lock);
  INIT_LIST_HEAD(&sp->drivers);
  sp->drivers_autoprobe = true;
  bus->p = sp;
  bus->core = core;
  return 0;
}

void bus_unregister(bus_type* bus) {
  kfree(bus->p);
  bus->p = nullptr;
}

// ---- Walks

int bus_for_each_dev(bus_type* bus, device* start, void* data, int (*fn)(device* dev, void* data)) {
  klist_iter i;
  int error = 0;
  klist_iter_init_node(&bus->p->klist_devices, &i,
                       start != nullptr ? &start->p->knode_bus : nullptr);
  while (error == 0) {
    klist_node* n = klist_next(&i);
    if (n == nullptr) break;
    error = fn(to_device(n), data);
  }
  klist_iter_exit(&i);
  return error;
}

int bus_for_each_drv(bus_type* bus, device_driver* start, void* data,
                     int (*fn)(device_driver* drv, void* data)) {
  klist_iter i;
  int error = 0;
  klist_iter_init_node(&bus->p->klist_drivers, &i,
                       start != nullptr ? &start->p->knode_bus : nullptr);
  while (error == 0) {
    klist_node* n = klist_next(&i);
    if (n == nullptr) break;
    error = fn(to_driver(n), data);
  }
  klist_iter_exit(&i);
  return error;
}

device* bus_find_device(bus_type* bus, device* start, const void* data,
                        bool (*match)(device* dev, const void* data)) {
  klist_iter i;
  device* found = nullptr;
  klist_iter_init_node(&bus->p->klist_devices, &i,
                       start != nullptr ? &start->p->knode_bus : nullptr);
  while (klist_node* n = klist_next(&i)) {
    device* dev = to_device(n);
    if (match(dev, data)) {
      found = get_device(dev);
      break;
    }
  }
  klist_iter_exit(&i);
  return found;
}

static bool device_match_name(device* dev, const void* name) {
  return kernel::strcmp(dev->name, static_cast<const char*>(name)) == 0;
}

device* bus_find_device_by_name(bus_type* bus, device* start, const char* name) {
  return bus_find_device(bus, start, name, device_match_name);
}

// ---- Devices

int bus_add_device(device* dev) {
  bus_type* bus = dev->bus;
  if (bus == nullptr) return 0;

  int error = 0;
  if (bus->dev_attr != nullptr) {
    error = device_create_file(dev, &dev->bus_file, bus->dev_attr);
    if (error != 0) return error;
  }
  if (bus->driver_override && dev->core->options.has_core_override) {
    error = device_create_file(dev, &dev->override_file, &driver_override_attribute);
    if (error != 0) {
      device_remove_file(&dev->bus_file);
      return error;
    }
  }
  klist_add_tail(&dev->p->knode_bus, &bus->p->klist_devices);
  return 0;
}

void bus_probe_device(device* dev) {
  if (dev->bus == nullptr) return;
  if (dev->bus->p->drivers_autoprobe) device_initial_probe(dev);
}

void bus_remove_device(device* dev) {
  if (dev->bus == nullptr) return;
  device_remove_file(&dev->override_file);
  device_remove_file(&dev->bus_file);
  if (klist_node_attached(&dev->p->knode_bus)) klist_del(&dev->p->knode_bus);
  device_release_driver(dev);
}

// ---- bind and unbind

static ssize_t unbind_store(kernfs_node* kn, const char* buf, size_t count) {
  device_driver* drv = static_cast<driver_file*>(kn->priv)->drv;
  ssize_t err = -ENODEV;

  device* dev = bus_find_device_by_name(drv->bus, nullptr, buf);
  if (dev != nullptr && dev->driver == drv) {
    device_driver_detach(dev);
    err = static_cast<ssize_t>(count);
  }
  put_device(dev);
  return err;
}

// Any answer but 0 counts as a match, also -EPROBE_DEFER.
static ssize_t bind_store(kernfs_node* kn, const char* buf, size_t count) {
  device_driver* drv = static_cast<driver_file*>(kn->priv)->drv;
  ssize_t err = -ENODEV;

  device* dev = bus_find_device_by_name(drv->bus, nullptr, buf);
  if (dev != nullptr && driver_match_unheld(drv, dev) != 0) {
    err = device_driver_attach(drv, dev);
    if (err == 0) err = static_cast<ssize_t>(count);
  }
  put_device(dev);
  return err;
}

static constexpr kernel::kernfs_ops bind_ops = {.read = nullptr, .write = bind_store};
static constexpr kernel::kernfs_ops unbind_ops = {.read = nullptr, .write = unbind_store};

static int driver_create_file(device_driver* drv, driver_file* file, const char* name,
                              const kernel::kernfs_ops* ops) {
  file->drv = drv;
  kernfs_node* kn = kernfs_create_file(name, ops, file);
  if (kernel::IS_ERR(kn)) return kernel::PTR_ERR_OR_ZERO(kn);
  file->kn = kn;
  return 0;
}

static void driver_remove_file(driver_file* file) {
  if (file->kn == nullptr) return;
  kernfs_remove(file->kn);
  file->kn = nullptr;
}

// A driver without its files is a driver all the same: the kernel only prints an error.
static void add_bind_files(device_driver* drv) {
  if (driver_create_file(drv, &drv->p->unbind, "unbind", &unbind_ops) != 0) return;
  if (driver_create_file(drv, &drv->p->bind, "bind", &bind_ops) != 0)
    driver_remove_file(&drv->p->unbind);
}

static void remove_bind_files(device_driver* drv) {
  driver_remove_file(&drv->p->bind);
  driver_remove_file(&drv->p->unbind);
}

// ---- Drivers

// The entry of that name. REQUIRES: drivers_lock is held.
static driver_private* find_entry(subsys_private* sp, const char* name) {
  driver_private* p = nullptr;
  list_for_each_entry(p, &sp->drivers, entry) {
    if (kernel::strcmp(p->driver->name, name) == 0) return p;
  }
  return nullptr;
}

device_driver* driver_find(const char* name, bus_type* bus) {
  spin_lock(&bus->p->drivers_lock);
  const driver_private* p = find_entry(bus->p, name);
  device_driver* drv = p != nullptr ? p->driver : nullptr;
  spin_unlock(&bus->p->drivers_lock);
  return drv;
}

static int driver_kobject_add(subsys_private* sp, driver_private* priv) {
  spin_lock(&sp->drivers_lock);
  const bool exists = find_entry(sp, priv->driver->name) != nullptr;
  if (!exists) list_add_tail(&priv->entry, &sp->drivers);
  spin_unlock(&sp->drivers_lock);
  return exists ? -EEXIST : 0;
}

static void driver_kobject_put(subsys_private* sp, driver_private* priv) {
  spin_lock(&sp->drivers_lock);
  list_del(&priv->entry);
  spin_unlock(&sp->drivers_lock);
  kfree(priv);
}

int bus_add_driver(device_driver* drv) {
  subsys_private* sp = drv->bus->p;

  auto* priv = kzalloc_obj<driver_private>(GFP_KERNEL);
  if (priv == nullptr) return -ENOMEM;
  klist_init(&priv->klist_devices, nullptr, nullptr);
  priv->driver = drv;
  drv->p = priv;
  int error = driver_kobject_add(sp, priv);
  if (error != 0) {
    kfree(priv);
    drv->p = nullptr;
    return error;
  }
  klist_add_tail(&priv->knode_bus, &sp->klist_drivers);
  if (sp->drivers_autoprobe) {
    error = driver_attach(drv);
    if (error != 0) goto out_del_list;
  }
  add_bind_files(drv);
  return 0;

out_del_list:
  klist_del(&priv->knode_bus);
  driver_kobject_put(sp, priv);
  drv->p = nullptr;
  return error;
}

void bus_remove_driver(device_driver* drv) {
  remove_bind_files(drv);
  klist_remove(&drv->p->knode_bus);
  driver_detach(drv);
  driver_kobject_put(drv->bus->p, drv->p);
  drv->p = nullptr;
}

}  // namespace models::driver_core
