// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/dd.c; see PORT.md.

#include "models/driver_core/dd.h"

#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/devres.h"
#include "models/driver_core/ghost.h"
#include "models/kernel/access_once.h"
#include "models/kernel/async.h"
#include "models/kernel/errno.h"
#include "models/kernel/warn.h"

namespace models::driver_core {

using kernel::EPROBE_DEFER;

// ---- Matching

int driver_match_device(const device_driver* drv, device* dev) {
  if (dev->core->options.match == match_locking::DEVICE_LOCK) device_lock_assert(dev);
  return drv->bus->match != nullptr ? drv->bus->match(dev, drv) : 1;
}

int driver_match_device_locked(const device_driver* drv, device* dev) {
  device_lock(dev);
  const int ret = driver_match_device(drv, dev);
  device_unlock(dev);
  return ret;
}

int driver_match_unheld(const device_driver* drv, device* dev) {
  if (dev->core->options.match == match_locking::DEVICE_LOCK)
    return driver_match_device_locked(drv, dev);
  return driver_match_device(drv, dev);
}

// ---- Bound or not

static bool device_is_bound(device* dev) {
  return dev->p != nullptr && klist_node_attached(&dev->p->knode_driver);
}

static void device_set_driver(device* dev, device_driver* drv) {
  ghost_driver_changes(dev, drv);
  WRITE_ONCE(dev->driver, drv);
}

static void driver_bound(device* dev) {
  if (device_is_bound(dev)) return;
  klist_add_tail(&dev->p->knode_driver, &dev->driver->p->klist_devices);
  // Made sure that the device is no longer in the deferred list, and kick off retrying there.
  driver_deferred_probe_del(dev);
  driver_deferred_probe_trigger(dev->core);
  ghost_bound(dev);
}

static void device_unbind_cleanup(device* dev) {
  devres_release_all(dev);
  device_set_driver(dev, nullptr);
  dev_set_drvdata(dev, nullptr);
}

// ---- Probing

static int call_driver_probe(device* dev, device_driver* drv) {
  ghost_probe_begins(dev, drv);
  const int ret = dev->bus->probe != nullptr ? dev->bus->probe(dev)
                  : drv->probe != nullptr    ? drv->probe(dev)
                                             : 0;
  ghost_probe_ends(dev, ret);
  return ret;
}

// Returns 0, a negative error of the core, or the error of the probe with its sign inverted.
static int really_probe(device* dev, device_driver* drv) {
  // Resources that are there before the probe were never released.
  if (!list_empty(&dev->devres_head)) return -EBUSY;

  device_set_driver(dev, drv);
  const int ret = call_driver_probe(dev, drv);
  if (ret != 0) {
    device_unbind_cleanup(dev);
    return -ret;
  }
  driver_bound(dev);
  return 0;
}

static int __driver_probe_device(device_driver* drv, device* dev) {
  if (dev->p->dead || !device_is_registered(dev)) return -ENODEV;
  if (dev->driver != nullptr) return -EBUSY;
  // What was matched without the lock may no longer be true.
  if (dev->core->options.matches_again_before_probe && driver_match_device(drv, dev) <= 0)
    return -ENODEV;
  dev->can_match = true;
  return really_probe(dev, drv);
}

static int driver_probe_device(device_driver* drv, device* dev) {
  driver_core* core = dev->core;
  const int trigger_count = atomic_read(&core->deferred_trigger_count);

  atomic_inc(&core->probe_count);
  const int ret = __driver_probe_device(drv, dev);
  if (ret == -EPROBE_DEFER || ret == EPROBE_DEFER) {
    driver_deferred_probe_add(dev);
    // Something was bound while this probe ran: it may have been what the device waits for.
    if (trigger_count != atomic_read(&core->deferred_trigger_count))
      driver_deferred_probe_trigger(core);
  }
  atomic_dec(&core->probe_count);
  wake_up_all(&core->probe_waitqueue);
  return ret;
}

static bool driver_allows_async_probing(const device_driver* drv) {
  return drv->how == probe_type::PROBE_PREFER_ASYNCHRONOUS;
}

static void __device_driver_lock(device* dev, device* parent, heddle::SourceLocation where) {
  if (parent != nullptr && dev->bus->need_parent_lock) device_lock(parent, where);
  device_lock(dev, where);
}

static void __device_driver_unlock(device* dev, device* parent) {
  device_unlock(dev);
  if (parent != nullptr && dev->bus->need_parent_lock) device_unlock(parent);
}

// ---- From the side of the device

struct device_attach_data {
  device* dev;
  bool check_async;  // Only drivers that want to be probed like this.
  bool want_async;
  bool have_async;  // One was met that wants the other.
};

static int __device_attach_driver(device_driver* drv, void* _data) {
  auto* data = static_cast<device_attach_data*>(_data);
  device* dev = data->dev;

  ghost_bind_starts(dev);
  int ret = driver_match_device(drv, dev);
  if (ret == 0) return 0;
  if (ret == -EPROBE_DEFER) {
    dev->can_match = true;
    driver_deferred_probe_add(dev);
    // Nor is it tried with other drivers of the bus.
    return ret;
  }
  if (ret < 0) return ret;

  const bool async_allowed = driver_allows_async_probing(drv);
  if (async_allowed) data->have_async = true;
  if (data->check_async && async_allowed != data->want_async) return 0;

  ret = driver_probe_device(drv, dev);
  if (ret < 0) return ret;
  return ret == 0 ? 1 : 0;
}

static void __device_attach_async_helper(void* _dev, kernel::async_cookie_t /*cookie*/) {
  auto* dev = static_cast<device*>(_dev);
  device_attach_data data = {
      .dev = dev, .check_async = true, .want_async = true, .have_async = false};

  device_lock(dev);
  // The device may have been removed, or bound, since this was scheduled.
  if (!dev->p->dead && dev->driver == nullptr)
    bus_for_each_drv(dev->bus, nullptr, &data, __device_attach_driver);
  device_unlock(dev);
  put_device(dev);
}

// A device that has a driver, but is not bound to it, is bound as it stands: the kernel takes such
// a driver for one that was set by hand.
static int bind_to_driver_that_is_set(device* dev) {
  if (!device_is_bound(dev)) driver_bound(dev);
  return 1;
}

static int __device_attach(device* dev, bool allow_async) {
  int ret = 0;
  bool async = false;

  device_lock(dev);
  if (dev->p->dead) {
    ret = 0;
  } else if (dev->driver != nullptr) {
    ret = bind_to_driver_that_is_set(dev);
  } else {
    device_attach_data data = {
        .dev = dev, .check_async = allow_async, .want_async = false, .have_async = false};
    ret = bus_for_each_drv(dev->bus, nullptr, &data, __device_attach_driver);
    if (ret == 0 && allow_async && data.have_async) {
      get_device(dev);
      async = true;
    }
  }
  device_unlock(dev);
  if (async) async_schedule(__device_attach_async_helper, dev);
  return ret;
}

int device_attach(device* dev) {
  return __device_attach(dev, false);
}

void device_initial_probe(device* dev) {
  __device_attach(dev, true);
}

// ---- From the side of the driver

static void __driver_attach_async_helper(void* _dev, kernel::async_cookie_t /*cookie*/) {
  auto* dev = static_cast<device*>(_dev);
  __device_driver_lock(dev, dev->parent, heddle::SourceLocation::Here());
  auto* drv = const_cast<device_driver*>(dev->p->async_driver);
  dev->p->async_driver = nullptr;
  ghost_bind_starts(dev);
  driver_probe_device(drv, dev);
  __device_driver_unlock(dev, dev->parent);
  put_device(dev);
}

// Says that the device lock is held, which it is not.
static int match_annotated(const device_driver* drv, device* dev) {
  kernel::mutex_acquire(&dev->mutex.dep_map, 0, 0, kernel::_RET_IP_);
  const int ret = driver_match_unheld(drv, dev);
  kernel::mutex_release(&dev->mutex.dep_map, kernel::_RET_IP_);
  return ret;
}

static int __driver_attach(device* dev, void* data) {
  auto* drv = static_cast<device_driver*>(data);
  const int ret = dev->core->options.annotates_match ? match_annotated(drv, dev)
                                                     : driver_match_unheld(drv, dev);
  if (ret == 0) return 0;
  if (ret == -EPROBE_DEFER) {
    dev->can_match = true;
    driver_deferred_probe_add(dev);
    // The driver may match others all the same.
    return 0;
  }
  if (ret < 0) return 0;

  if (driver_allows_async_probing(drv)) {
    bool async = false;
    device_lock(dev);
    if (dev->driver == nullptr && dev->p->async_driver == nullptr) {
      get_device(dev);
      dev->p->async_driver = drv;
      async = true;
    }
    device_unlock(dev);
    if (async) async_schedule(__driver_attach_async_helper, dev);
    return 0;
  }

  __device_driver_lock(dev, dev->parent, heddle::SourceLocation::Here());
  ghost_bind_starts(dev);
  driver_probe_device(drv, dev);
  __device_driver_unlock(dev, dev->parent);
  return 0;
}

int driver_attach(device_driver* drv) {
  return bus_for_each_dev(drv->bus, nullptr, drv, __driver_attach);
}

int device_driver_attach(device_driver* drv, device* dev) {
  __device_driver_lock(dev, dev->parent, heddle::SourceLocation::Here());
  ghost_bind_starts(dev);
  int ret = __driver_probe_device(drv, dev);
  __device_driver_unlock(dev, dev->parent);
  // To a user an error of the probe is an error like others.
  if (ret > 0) ret = -ret;
  if (ret == -EPROBE_DEFER) return -EAGAIN;
  return ret;
}

// ---- Detaching

static void __device_release_driver(device* dev) {
  device_driver* drv = dev->driver;
  if (drv == nullptr) return;
  ghost_remove_begins(dev);
  if (dev->bus->remove != nullptr) {
    dev->bus->remove(dev);
  } else if (drv->remove != nullptr) {
    drv->remove(dev);
  }
  device_unbind_cleanup(dev);
  klist_remove(&dev->p->knode_driver);
}

// `drv`: only if it is this one.
static void device_release_driver_internal(device* dev, const device_driver* drv, device* parent,
                                           heddle::SourceLocation where) {
  __device_driver_lock(dev, parent, where);
  if (drv == nullptr || drv == dev->driver) __device_release_driver(dev);
  __device_driver_unlock(dev, parent);
}

void device_release_driver(device* dev) {
  // Without a lock for the parent: whoever removes the device has seen to that.
  device_release_driver_internal(dev, nullptr, nullptr, heddle::SourceLocation::Here());
}

void device_driver_detach(device* dev) {
  device_release_driver_internal(dev, nullptr, dev->parent, heddle::SourceLocation::Here());
}

void driver_detach(device_driver* drv) {
  if (driver_allows_async_probing(drv)) kernel::async_synchronize_full();
  klist* devices = &drv->p->klist_devices;
  for (;;) {
    spin_lock(&devices->k_lock);
    if (list_empty(&devices->k_list)) {
      spin_unlock(&devices->k_lock);
      break;
    }
    device* dev = list_entry(devices->k_list.prev, device_private, knode_driver.n_node)->dev;
    get_device(dev);
    spin_unlock(&devices->k_lock);
    device_release_driver_internal(dev, drv, dev->parent, heddle::SourceLocation::Here());
    put_device(dev);
  }
}

}  // namespace models::driver_core
