// SPDX-License-Identifier: GPL-2.0-only

#include "models/cxl/environment.h"

#include "models/cxl/mem.h"
#include "models/cxl/port.h"
#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/environment.h"
#include "models/kernel/slab.h"

namespace models::cxl {

using driver_core::device_driver_attach;
using driver_core::device_driver_detach;

// ---- The world

// Memory devices wait for their driver: it is known, but was not tried with them.
static void register_mem_driver(environment* world) {
  world->core->bus.p->drivers_autoprobe = false;
  world->mem_driver = cxl_mem_driver_create(world->core);
  world->core->bus.p->drivers_autoprobe = true;
}

static pci_dev* create_endpoint(const environment& world, const char* name, pci_dev* above,
                                bool is_rcd) {
  pci_dev* pdev = pci_dev_create(world.drivers, name, &above->dev, &world.pci_driver->pci_bus);
  pdev->is_rcd = is_rcd;
  driver_core::device_add(&pdev->dev);
  return pdev;
}

// A device that no driver of this port is for; `above` is null at the top.
static pci_dev* create_below(const environment& world, const char* name, pci_dev* above) {
  pci_dev* pdev =
      pci_dev_create(world.drivers, name, above != nullptr ? &above->dev : nullptr, nullptr);
  driver_core::device_add(&pdev->dev);
  return pdev;
}

// The PCI devices below the host bridge.
static void create_devices(environment* world, topology below) {
  if (below == topology::RCH) {
    world->pdev[0] = create_endpoint(*world, "rcd", world->bridge, true);
    return;
  }
  pci_dev* root_port = create_below(*world, "rp", world->bridge);
  if (below == topology::VH) {
    world->pdev[0] = create_endpoint(*world, "ep", root_port, false);
    return;
  }
  pci_dev* upstream = create_below(*world, "usp", root_port);
  world->pdev[0] = create_endpoint(*world, "ep0", create_below(*world, "dsp0", upstream), false);
  world->pdev[1] = create_endpoint(*world, "ep1", create_below(*world, "dsp1", upstream), false);
}

environment environment_create(const cxl_options& options, const environment_spec& spec) {
  const driver_core::environment drivers =
      driver_core::environment_create(driver_core::variant("M3"));
  environment world = {};
  world.drivers = drivers.core;
  world.core = cxl_core_init(options, drivers.core, spec.has_einj);
  world.acpi_driver = cxl_acpi_driver_create(world.core, drivers.platform);
  world.port_driver = cxl_port_driver_create(world.core);
  world.pci_driver = cxl_pci_driver_create(world.core, drivers.core);
  for (void* item : {static_cast<void*>(world.core), static_cast<void*>(world.acpi_driver),
                     static_cast<void*>(world.port_driver), static_cast<void*>(world.pci_driver)})
    driver_core::environment_keep(drivers, item);

  world.bridge = create_below(world, "bridge", nullptr);
  world.second_bridge = create_below(world, "bridge2", nullptr);
  world.acpi_driver->bridges[0] = {.bridge = &world.bridge->dev,
                                   .is_rch = spec.below == topology::RCH};
  world.acpi_driver->bridge_count = 1;
  world.acpi = driver_core::platform_device_alloc("ACPI0017", drivers.platform);
  name_device_lock(&world.acpi->dev, "uport_dev->mutex");
  driver_core::platform_device_add(world.acpi);
  driver_core::platform_driver_register(&world.acpi_driver->pdrv);

  create_devices(&world, spec.below);
  for (int i = 0; i < kMemdevs; ++i) {
    if (world.pdev[i] != nullptr) world.memdev[i] = world.pdev[i]->cxlds.cxlmd;
  }
  register_mem_driver(&world);
  driver_core::environment_keep(drivers, world.mem_driver);
  for (int i = 0; i < spec.bound; ++i) bind_memdev(world, i);
  return world;
}

cxl_port* bridge_port(const environment& world) {
  cxl_port* port = find_cxl_port_by_uport(world.core, &world.bridge->dev);
  put_cxl_port(port);
  return port;
}

cxl_port* root_port(const environment& world) {
  cxl_port* port = find_cxl_port_by_uport(world.core, &world.acpi->dev);
  put_cxl_port(port);
  return port;
}

// ---- Actors

int bind_memdev(const environment& world, int index) {
  return device_driver_attach(&world.mem_driver->drv, &world.memdev[index]->dev);
}

void unbind_memdev(const environment& world, int index) {
  device_driver_detach(&world.memdev[index]->dev);
}

void unbind_acpi(const environment& world) {
  device_driver_detach(&world.acpi->dev);
}

void rebind_acpi(const environment& world) {
  unbind_acpi(world);
  device_driver_attach(&world.acpi_driver->pdrv.driver, &world.acpi->dev);
}

void rebind_bridge_port(const environment& world) {
  cxl_port* port = bridge_port(world);
  device_driver_detach(&port->dev);
  device_driver_attach(&world.port_driver->drv, &port->dev);
}

void remove_acpi(const environment& world) {
  driver_core::platform_device_unregister(world.acpi);
}

// ---- Faults

void environment_let_fail(std::initializer_list<std::string_view> sites) {
  kernel::slab_faults_at(sites);
}

}  // namespace models::cxl
