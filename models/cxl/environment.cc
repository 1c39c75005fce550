// SPDX-License-Identifier: GPL-2.0-only

#include "models/cxl/environment.h"

#include "models/cxl/ghost.h"
#include "models/cxl/mem.h"
#include "models/cxl/port.h"
#include "models/cxl/ras.h"
#include "models/debugfs/user.h"
#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/environment.h"
#include "models/kernel/err.h"
#include "models/kernel/list.h"
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
  world.acpi_driver->bridges[0].bridge = &world.bridge->dev;
  world.acpi_driver->bridges[0].is_rch = spec.below == topology::RCH;
  world.acpi_driver->bridge_count = 1;
  world.acpi = driver_core::platform_device_alloc("ACPI0017", drivers.platform);
  static kernel::lock_class_key cxl_root_key;
  init_device_lock(&world.acpi->dev, "uport_dev->mutex", &cxl_root_key);
  driver_core::platform_device_add(world.acpi);
  driver_core::platform_driver_register(&world.acpi_driver->pdrv);

  create_devices(&world, spec.below);
  for (int i = 0; i < kMemdevs; ++i) {
    if (world.pdev[i] != nullptr) world.memdev[i] = world.pdev[i]->cxlds.cxlmd;
  }
  if (spec.has_mem_driver) register_mem_driver(&world);
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

void rebind_acpi_as_vh(const environment& world) {
  unbind_acpi(world);
  world.acpi_driver->bridges[0].is_rch = false;
  device_driver_attach(&world.acpi_driver->pdrv.driver, &world.acpi->dev);
}

void remove_acpi(const environment& world) {
  driver_core::platform_device_unregister(world.acpi);
}

void replace_dport(const environment& world) {
  cxl_port* root = root_port(world);
  guard(device)(&world.acpi->dev);
  del_dport(cxl_find_dport_by_dev(root, &world.bridge->dev));
  devm_cxl_add_dport(root, &world.bridge->dev, 0);
}

int add_second_dport(const environment& world, cxl_port* port) {
  device* bridge = &world.second_bridge->dev;
  device* host = is_cxl_root(port) ? port->uport_dev : &port->dev;
  guard(device)(host);
  return kernel::PTR_ERR_OR_ZERO(is_cxl_root(port) ? devm_cxl_add_rch_dport(port, bridge, 1, 0x2000)
                                                   : devm_cxl_add_dport(port, bridge, 1));
}

bool has_second_dport(const environment& world, cxl_port* port) {
  return cxl_find_dport_by_dev(port, &world.second_bridge->dev) != nullptr;
}

kernel::kernfs_node* environment_open_cap(const environment& world) {
  kernel::kernfs_node* file = world.pdev[0]->rcd_link_cap.kn;
  kernel::kernfs_get(file);
  return file;
}

ssize_t read_cap(kernel::kernfs_node* file) {
  const ssize_t size = driver_core::user_reads(file);
  kernel::kernfs_put(file);
  return size;
}

void report_error(const environment& world) {
  cxl_cor_error_detected(world.pdev[0]);
}

int bind_pci(const environment& world) {
  return device_driver_attach(&world.pci_driver->drv, &world.pdev[0]->dev);
}

void unbind_pci(const environment& world) {
  device_driver_detach(&world.pdev[0]->dev);
}

void rebind_pci(const environment& world) {
  unbind_pci(world);
  bind_pci(world);
}

void count_dports(const environment& world) {
  cxl_port* root __free(put_cxl_port) = find_cxl_port_by_uport(world.core, &world.acpi->dev);
  if (root == nullptr) return;
  guard(device)(&root->dev);
  const int counted = root->nr_dports;
  int entries = 0;
  unsigned long index = 0;
  cxl_dport* dport = nullptr;
  xa_for_each(&root->dports, index, dport)++ entries;
  ghost_counted(root, counted, entries);
}

void inject_error(const environment& world) {
  debugfs::dentry* dir = debugfs::d_lookup(world.core->cxl_debugfs, world.bridge->dev.name);
  if (dir == nullptr) return;
  debugfs::user_writes(dir, "einj_inject", "1");
  debugfs::dput(dir);
}

int resources_of(const device* dev) {
  int count = 0;
  const kernel::list_head* at = nullptr;
  list_for_each(at, &dev->devres_head)++ count;
  return count;
}

// ---- Faults

void environment_let_fail(std::initializer_list<std::string_view> sites) {
  kernel::slab_faults_at(sites);
}

void environment_let_dports_fail() {
  environment_let_fail(
      {"cxl_dport", "devres_group", "devm_action_release", "xa_node", "sysfs_link", "dport_ras"});
}

void environment_let_any_fail() {
  kernel::slab_faults_everywhere();
}

}  // namespace models::cxl
