// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/platform.c; see PORT.md.

#include "models/driver_core/platform.h"

#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/driver.h"
#include "models/driver_core/ghost.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/kernel/string.h"

namespace models::driver_core {

using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kzalloc_obj;

// ---- Matching

static bool platform_match_id(const char* const* id, const platform_device* pdev) {
  for (; *id != nullptr; ++id) {
    if (kernel::strcmp(pdev->name, *id) == 0) return true;
  }
  return false;
}

static int platform_match(device* dev, const device_driver* drv) {
  const platform_device* pdev = to_platform_device(dev);
  const platform_driver* pdrv = to_platform_driver(drv);

  // A device that is reserved matches its driver and no other.
  if (dev->core->options.platform_uses_core_override) {
    const int ret = device_match_driver_override(dev, drv);
    if (ret >= 0) return ret;
  } else if (pdev->driver_override != nullptr) {
    return kernel::strcmp(pdev->driver_override, drv->name) == 0 ? 1 : 0;
  }
  if (pdrv->id_table != nullptr) return platform_match_id(pdrv->id_table, pdev) ? 1 : 0;
  return kernel::strcmp(pdev->name, drv->name) == 0 ? 1 : 0;
}

static int platform_probe(device* dev) {
  const platform_driver* drv = to_platform_driver(dev->driver);
  return drv->probe != nullptr ? drv->probe(to_platform_device(dev)) : 0;
}

static void platform_remove(device* dev) {
  const platform_driver* drv = to_platform_driver(dev->driver);
  if (drv->remove != nullptr) drv->remove(to_platform_device(dev));
}

// ---- driver_override of the bus

static ssize_t driver_override_store(device* dev, const char* buf, size_t count) {
  platform_device* pdev = to_platform_device(dev);
  const int ret = driver_set_override(dev, &pdev->driver_override, buf, count);
  if (ret != 0) return ret;
  ghost_override_stored(dev);
  return static_cast<ssize_t>(count);
}

static ssize_t driver_override_show(device* dev, char* buf) {
  const platform_device* pdev = to_platform_device(dev);
  device_lock(dev);
  kernel::strscpy(buf, pdev->driver_override != nullptr ? pdev->driver_override : "(null)",
                  PAGE_SIZE);
  device_unlock(dev);
  return static_cast<ssize_t>(kernel::strlen(buf));
}

static constexpr device_attribute platform_driver_override = {
    .name = "driver_override", .show = driver_override_show, .store = driver_override_store};

// ---- The bus

bus_type* platform_bus_init(driver_core* core) {
  auto* bus = kzalloc_obj<bus_type>(GFP_KERNEL);
  if (bus == nullptr) return nullptr;
  bus->name = "platform";
  bus->match = platform_match;
  bus->probe = platform_probe;
  bus->remove = platform_remove;
  bus->driver_override = core->options.platform_uses_core_override;
  bus->dev_attr = core->options.platform_uses_core_override ? nullptr : &platform_driver_override;
  if (bus_register(bus, core) != 0) {
    kfree(bus);
    return nullptr;
  }
  return bus;
}

// ---- Devices and drivers

static void platform_device_release(device* dev) {
  platform_device* pdev = to_platform_device(dev);
  ghost_override_freed(dev, pdev->driver_override);
  kfree(pdev->driver_override);
  kfree(pdev);
}

platform_device* platform_device_alloc(const char* name, bus_type* platform_bus) {
  auto* pdev = kzalloc_obj<platform_device>(GFP_KERNEL);
  if (pdev == nullptr) return nullptr;
  pdev->name = name;
  pdev->dev.name = name;
  pdev->dev.release = platform_device_release;
  pdev->dev.bus = platform_bus;
  device_initialize(&pdev->dev, platform_bus->core);
  return pdev;
}

int platform_device_add(platform_device* pdev) {
  return device_add(&pdev->dev);
}

void platform_device_unregister(platform_device* pdev) {
  device_unregister(&pdev->dev);
}

void platform_device_put(platform_device* pdev) {
  put_device(&pdev->dev);
}

int platform_driver_register(platform_driver* drv) {
  return driver_register(&drv->driver);
}

void platform_driver_unregister(platform_driver* drv) {
  driver_unregister(&drv->driver);
}

}  // namespace models::driver_core
