// SPDX-License-Identifier: GPL-2.0-only
//
// Port of include/linux/device.h: devices, drivers, buses, and the device lock.
//
// A device lives as long as it has references; it is known to others from device_add() to
// device_del(). dev->mutex, the device lock, is held around probe and remove of its driver, and
// dev->driver changes under it only. Registering a device or a driver takes no lock of the bus:
// each side walks the list of the other, whose nodes are pinned while a walk stands at them.
//
// What the kernel keeps in static variables of drivers/base is in struct driver_core, of which a
// world has one; every device and bus points at it.

#pragma once

#include "models/driver_core/core_options.h"
#include "models/kernel/cleanup.h"
#include "models/kernel/kernfs.h"
#include "models/kernel/klist.h"
#include "models/kernel/kref.h"
#include "models/kernel/list.h"
#include "models/kernel/mutex.h"
#include "models/kernel/spinlock.h"
#include "models/kernel/types.h"
#include "models/kernel/wait.h"
#include "models/kernel/workqueue.h"

namespace models::driver_core {

using kernel::klist;
using kernel::klist_node;
using kernel::kref;
using kernel::list_head;
using kernel::mutex;
using kernel::spinlock_t;
using kernel::ssize_t;
using kernel::u32;

struct bus_type;
struct device;
struct device_driver;
struct ghost_log;

// ---- What is static in the kernel

struct driver_core {
  core_options options;
  ghost_log* ghost;

  // Deferred probing: lists under the mutex.
  mutex deferred_probe_mutex;
  list_head deferred_probe_pending_list;
  list_head deferred_probe_active_list;
  kernel::atomic_t deferred_trigger_count;
  kernel::work_struct deferred_probe_work;
  bool driver_deferred_probe_enable;

  // Probes that have begun and not returned; who waits for them.
  kernel::atomic_t probe_count;
  kernel::wait_queue_head_t probe_waitqueue;

  // Of the environment: drivers and what they have; static data of modules.
  void* modules;

  // devices_kset: all devices that were added, oldest first.
  spinlock_t devices_lock;
  list_head devices;
};

// ---- Attributes in sysfs

struct device_attribute {
  const char* name;
  ssize_t (*show)(device* dev, char* buf);
  ssize_t (*store)(device* dev, const char* buf, size_t count);
};

// The file of one attribute of one device.
struct device_file {
  device* dev;
  const device_attribute* attr;
  kernel::kernfs_node* kn;  // Null while it does not exist.
};

// ---- Buses

struct subsys_private {
  klist klist_devices;
  klist klist_drivers;
  // drivers_kset: names of drivers.
  spinlock_t drivers_lock;
  list_head drivers;
  bool drivers_autoprobe;
};

struct bus_type {
  const char* name;
  // Positive: the driver is for the device; 0: it is not; -EPROBE_DEFER: too early to tell.
  int (*match)(device* dev, const device_driver* drv);
  int (*probe)(device* dev);
  void (*remove)(device* dev);
  void (*shutdown)(device* dev);
  bool need_parent_lock;
  bool driver_override;              // The core makes the attribute (has_core_override).
  const device_attribute* dev_attr;  // An attribute that the bus brings along, or null.
  subsys_private* p;
  driver_core* core;
};

// ---- Drivers

enum class probe_type : kernel::u8 { PROBE_FORCE_SYNCHRONOUS, PROBE_PREFER_ASYNCHRONOUS };

// The file of a driver's bind or unbind.
struct driver_file {
  device_driver* drv;
  kernel::kernfs_node* kn;
};

struct driver_private {
  klist klist_devices;  // That are bound to it.
  klist_node knode_bus;
  list_head entry;  // Among subsys_private::drivers.
  device_driver* driver;
  driver_file bind;
  driver_file unbind;
};

struct device_driver {
  const char* name;
  bus_type* bus;
  probe_type how;
  // Where the bus has none of its own.
  int (*probe)(device* dev);
  void (*remove)(device* dev);
  driver_private* p;
};

// ---- Devices

struct device_private {
  klist_node knode_bus;
  klist_node knode_driver;
  klist_node knode_parent;
  klist klist_children;
  list_head deferred_probe;
  const device_driver* async_driver;
  device* dev;
  bool dead;
};

struct device {
  kref kobj;
  const char* name;
  bool state_in_sysfs;
  list_head kset_entry;  // Among driver_core::devices.
  device* parent;
  bus_type* bus;
  driver_core* core;
  device_private* p;
  // Null, or the driver that is bound or being probed. Written under the mutex.
  device_driver* driver;
  void* driver_data;
  kernel::mutex mutex;
  kernel::lock_class_key mutex_key;  // annotates_match.

  struct {
    const char* name;
    spinlock_t lock;
  } driver_override;  // has_core_override.
  device_file override_file;
  device_file bus_file;

  spinlock_t devres_lock;
  list_head devres_head;

  bool can_match;
  void (*release)(device* dev);  // Frees what the device is part of.
};

// ---- The device lock

// Scheduling point: before the acquire. Blocks: until the owner unlocks.
// Fails:            kRecursiveDeadlock if the running task holds it.
static inline void device_lock(device* dev,
                               heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  kernel::mutex_lock(&dev->mutex, where);
}
static inline int device_trylock(device* dev,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return kernel::mutex_trylock(&dev->mutex, where);
}
static inline int device_lock_interruptible(
    device* dev, heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return kernel::mutex_lock_interruptible(&dev->mutex, where);
}
static inline void device_unlock(device* dev,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  kernel::mutex_unlock(&dev->mutex, where);
}
static inline void device_lock_assert(
    device* dev, heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  kernel::__lockdep_assert_held(&dev->mutex.dep_map, "&dev->mutex", where);
}

// guard(device)(dev), scoped_guard(device, dev).
DEFINE_GUARD(device, device*, device_lock(_T, where), device_unlock(_T, where));

static inline bool device_is_registered(const device* dev) {
  return dev->state_in_sysfs;
}
static inline void dev_set_drvdata(device* dev, void* data) {
  dev->driver_data = data;
}
static inline void* dev_get_drvdata(const device* dev) {
  return dev->driver_data;
}

}  // namespace models::driver_core
