// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/tee.h"

#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kzalloc_obj;

// ---- The bus

static int tee_client_device_match(device* dev, const device_driver* drv) {
  return to_tee_client_device(dev)->uuid == to_tee_client_driver(drv)->uuid ? 1 : 0;
}

bus_type* tee_bus_init(driver_core* core, const char* name) {
  auto* bus = kzalloc_obj<bus_type>(GFP_KERNEL);
  if (bus == nullptr) return nullptr;
  bus->name = name;
  bus->match = tee_client_device_match;
  if (bus_register(bus, core) != 0) {
    kfree(bus);
    return nullptr;
  }
  return bus;
}

// ---- The services of the firmware

static void optee_release_device(device* dev) {
  kfree(to_tee_client_device(dev));
}

static int optee_register_device(bus_type* bus, device* parent, u32 uuid) {
  auto* optee_device = kzalloc_obj<tee_client_device>(GFP_KERNEL);
  if (optee_device == nullptr) return -ENOMEM;
  optee_device->uuid = uuid;
  optee_device->dev.name = "optee-ta-scmi";
  optee_device->dev.bus = bus;
  optee_device->dev.parent = parent;
  optee_device->dev.release = optee_release_device;
  const int rc = device_register(&optee_device->dev, bus->core);
  if (rc != 0) put_device(&optee_device->dev);
  return rc;
}

static int __optee_unregister_device(device* dev, void* /*data*/) {
  device_unregister(dev);
  return 0;
}

static bus_type* tee_bus_of(platform_device* pdev) {
  platform_driver* pdrv = to_platform_driver(pdev->dev.driver);
  return container_of(pdrv, optee_driver, pdrv)->tee_bus;
}

static int optee_probe(platform_device* pdev) {
  return optee_register_device(tee_bus_of(pdev), &pdev->dev, kScmiService);
}

static void optee_remove(platform_device* pdev) {
  bus_for_each_dev(tee_bus_of(pdev), nullptr, nullptr, __optee_unregister_device);
}

optee_driver* optee_driver_create(const char* name, bus_type* platform, bus_type* tee_bus) {
  auto* optee = kzalloc_obj<optee_driver>(GFP_KERNEL);
  if (optee == nullptr) return nullptr;
  optee->pdrv.driver.name = name;
  optee->pdrv.driver.bus = platform;
  optee->pdrv.probe = optee_probe;
  optee->pdrv.remove = optee_remove;
  optee->tee_bus = tee_bus;
  return optee;
}

}  // namespace models::driver_core
