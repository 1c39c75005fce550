// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/platform.c: devices that no bus can enumerate, and their drivers.

#pragma once

#include "models/driver_core/device.h"

namespace models::driver_core {

struct platform_device {
  const char* name;
  device dev;
  const char* driver_override;  // Unless the core has it (platform_uses_core_override).
};

struct platform_driver {
  int (*probe)(platform_device* pdev);
  void (*remove)(platform_device* pdev);
  device_driver driver;
  // Names of devices, up to a null; or null: the name of the driver is that of its devices.
  const char* const* id_table;
};

#define to_platform_device(x) container_of(x, ::models::driver_core::platform_device, dev)
#define to_platform_driver(drv) container_of(drv, ::models::driver_core::platform_driver, driver)

// The platform bus of a world. REQUIRES: created by platform_bus_init.
bus_type* platform_bus_init(driver_core* core);

// A device with one reference, not yet added; null without memory.
platform_device* platform_device_alloc(const char* name, bus_type* platform_bus);
// As device_add, device_unregister, put_device.
int platform_device_add(platform_device* pdev);
void platform_device_unregister(platform_device* pdev);
void platform_device_put(platform_device* pdev);

// As driver_register, driver_unregister. REQUIRES: drv->driver.bus is the platform bus.
int platform_driver_register(platform_driver* drv);
void platform_driver_unregister(platform_driver* drv);

}  // namespace models::driver_core
