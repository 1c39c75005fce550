// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/pci.c, and of what it calls in drivers/cxl/core/regs.c; see PORT.md.

#include "models/cxl/pci.h"

#include "models/cxl/port.h"
#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/devres.h"
#include "models/driver_core/driver.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::cxl {

using kernel::EPROBE_DEFER;
using kernel::GFP_KERNEL;
using kernel::IS_ERR;
using kernel::kfree;
using kernel::kzalloc_obj;

// ---- PCI devices

static void pci_release_dev(device* dev) {
  kfree(to_pci_dev(dev));
}

pci_dev* pci_dev_create(driver_core::driver_core* drivers, const char* name, device* parent,
                        bus_type* bus) {
  auto* pdev = kzalloc_obj<pci_dev>(GFP_KERNEL);
  driver_core::device_initialize(&pdev->dev, drivers);
  init_device_lock(&pdev->dev, "pdev->dev.mutex", &kernel::__lockdep_no_validate__);
  pdev->dev.name = name;
  pdev->dev.parent = parent;
  pdev->dev.bus = bus;
  pdev->dev.release = pci_release_dev;
  return pdev;
}

static cxl_core* core_of_pci(const device* dev) {
  return container_of(dev->bus, cxl_pci_driver, pci_bus)->core;
}

// ---- Reading registers through the dport: rcd_link_cap in sysfs

static ssize_t read_rcd_pcie_cap(const cxl_dport* dport, char* buf) {
  if (dport->regs.rcd_pcie_cap == nullptr) return -ENXIO;
  buf[0] = dport->regs.rcd_pcie_cap->value != 0 ? '1' : '0';
  return 1;
}

// The look-up's pointer is looked at without a lock, and used under that of the host.
static ssize_t emit_captured(cxl_port* root, const cxl_dport* dport, char* buf) {
  device* root_dev = root->uport_dev;
  if (dport->regs.rcd_pcie_cap == nullptr) return -ENXIO;
  guard(device)(root_dev);
  if (root_dev->driver == nullptr) return -ENXIO;
  return read_rcd_pcie_cap(dport, buf);
}

// `dport`: the look-up's pointer, or null to load it under the lock.
static ssize_t emit_locked(cxl_port* root, device* lock_dev, const cxl_dport* dport,
                           const device* dport_dev, char* buf) {
  guard(device)(lock_dev);
  if (lock_dev != &root->dev && lock_dev->driver == nullptr) return -ENXIO;
  if (dport == nullptr) dport = cxl_find_dport_by_dev(root, dport_dev);
  if (dport == nullptr) return -ENXIO;
  return read_rcd_pcie_cap(dport, buf);
}

static ssize_t rcd_pcie_cap_emit(device* dev, char* buf) {
  const auto* cxlds = static_cast<const cxl_dev_state*>(driver_core::dev_get_drvdata(dev));
  cxl_memdev* cxlmd = cxlds->cxlmd;
  const dport_access access = cxlmd->core->options.emit;
  const bool is_captured =
      access == dport_access::CAPTURED || access == dport_access::CAPTURED_IN_PORT;
  cxl_dport* dport = nullptr;
  cxl_port* root __free(put_cxl_port) = cxl_mem_find_port(cxlmd, is_captured ? &dport : nullptr);
  if (root == nullptr) return -ENXIO;

  const device* dport_dev = cxlmd->dev.parent->parent;
  if (access == dport_access::CAPTURED) return emit_captured(root, dport, buf);
  device* lock_dev = access == dport_access::LOADED_IN_HOST ? root->uport_dev : &root->dev;
  return emit_locked(root, lock_dev, dport, dport_dev, buf);
}

static ssize_t rcd_link_cap_show(device* dev, char* buf) {
  return rcd_pcie_cap_emit(dev, buf);
}

static constexpr driver_core::device_attribute rcd_link_cap = {
    .name = "rcd_link_cap", .show = rcd_link_cap_show, .store = nullptr};

// ---- Mapping them

static int cxl_rcrb_get_comp_regs(const cxl_dport* dport) {
  if (!dport->rch) return -ENXIO;
  return dport->rcrb.base == CXL_RESOURCE_NONE ? -ENXIO : 0;
}

// The mapping goes with the driver of the PCI device; the dport is not told.
static int cxl_dport_map_rcd_linkcap(device* pdev, cxl_dport* dport) {
  if (dport->rcrb.base == 0) return -ENXIO;
  cxl_iomap* map = devm_cxl_iomap_block(pdev, "rcd_pcie_cap");
  if (map == nullptr) return -ENOMEM;
  dport->regs.rcd_pcie_cap = map;
  return 0;
}

static int setup_rcrb(device* pdev, cxl_dport* dport) {
  const int rc = cxl_rcrb_get_comp_regs(dport);
  if (rc != 0) return rc;
  return cxl_dport_map_rcd_linkcap(pdev, dport);
}

static int cxl_pci_setup_regs(device* pdev) {
  if (!to_pci_dev(pdev)->is_rcd) return 0;

  cxl_core* core = core_of_pci(pdev);
  const dport_access access = core->options.pci_users;
  const bool is_captured = access == dport_access::CAPTURED;
  cxl_dport* dport = nullptr;
  cxl_port* port __free(put_cxl_port) =
      cxl_pci_find_port(core, pdev, is_captured ? &dport : nullptr);
  if (port == nullptr) return -EPROBE_DEFER;
  if (is_captured) return setup_rcrb(pdev, dport);

  guard(device)(access == dport_access::LOADED_IN_HOST ? port->uport_dev : &port->dev);
  dport = cxl_find_dport_by_dev(port, pdev->parent);
  if (dport == nullptr) return -EPROBE_DEFER;
  return setup_rcrb(pdev, dport);
}

// ---- The driver

static void remove_file(void* pdev) {
  driver_core::device_remove_file(&static_cast<pci_dev*>(pdev)->rcd_link_cap);
}

int cxl_pci_probe(device* dev) {
  pci_dev* pdev = to_pci_dev(dev);
  cxl_core* core = core_of_pci(dev);
  cxl_dev_state* cxlds = &pdev->cxlds;
  cxlds->dev = dev;
  cxlds->rcd = pdev->is_rcd;
  cxlds->media_ready = true;
  driver_core::dev_set_drvdata(dev, cxlds);

  // The first to come is the last to go.
  if (pdev->is_rcd && !core->options.removes_files_first) {
    const int rc = driver_core::devm_add_action_or_reset(dev, remove_file, pdev);
    if (rc != 0) return rc;
  }
  const int rc = cxl_pci_setup_regs(dev);
  if (rc != 0) return rc;
  const cxl_memdev* cxlmd = devm_cxl_add_memdev(core, cxlds);
  if (IS_ERR(cxlmd)) return kernel::PTR_ERR_OR_ZERO(cxlmd);
  // An attribute of the driver: made when the probe is through.
  if (!pdev->is_rcd) return 0;
  return driver_core::device_create_file(dev, &pdev->rcd_link_cap, &rcd_link_cap);
}

// Attributes of the driver go before it is asked to let go of anything.
static void cxl_pci_remove(device* dev) {
  if (core_of_pci(dev)->options.removes_files_first) remove_file(to_pci_dev(dev));
}

cxl_pci_driver* cxl_pci_driver_create(cxl_core* core, driver_core::driver_core* drivers) {
  auto* pci = kzalloc_obj<cxl_pci_driver>(GFP_KERNEL);
  pci->core = core;
  pci->pci_bus.name = "pci";
  driver_core::bus_register(&pci->pci_bus, drivers);
  pci->drv.name = "cxl_pci";
  pci->drv.bus = &pci->pci_bus;
  pci->drv.probe = cxl_pci_probe;
  pci->drv.remove = cxl_pci_remove;
  driver_core::driver_register(&pci->drv);
  return pci;
}

}  // namespace models::cxl
