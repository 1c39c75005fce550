// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/tee/tee_core.c and of the enumeration in drivers/tee/optee/device.c: a second
// bus, whose devices are added by the probe of a platform driver.
//
// OP-TEE is a platform device. Its probe asks the firmware which services there are, and adds a
// device for each to the tee bus, with its own device lock held; their drivers are probed right
// there. virtio-mmio does the same with the virtio bus, so it is here by another name.

#pragma once

#include "models/driver_core/platform.h"

namespace models::driver_core {

struct tee_client_device {
  u32 uuid;
  device dev;
};

struct tee_client_driver {
  u32 uuid;
  device_driver driver;
};

#define to_tee_client_device(d) container_of(d, ::models::driver_core::tee_client_device, dev)
#define to_tee_client_driver(d) container_of(d, ::models::driver_core::tee_client_driver, driver)

// A bus that matches by uuid. Returns null without memory.
bus_type* tee_bus_init(driver_core* core, const char* name);

inline constexpr u32 kScmiService = 0xa8cfe406;

// The driver of the parent; it adds the services it finds to `tee_bus`.
struct optee_driver {
  platform_driver pdrv;
  bus_type* tee_bus;
};

// An unregistered driver for platform devices of this name.
optee_driver* optee_driver_create(const char* name, bus_type* platform, bus_type* tee_bus);

}  // namespace models::driver_core
