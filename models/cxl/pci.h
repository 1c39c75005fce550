// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/pci.c: the driver of the PCI device that a memory device is. Its probe (R4)
// maps registers by way of the dport above; its file (R2) reads them.

#pragma once

#include "models/cxl/cxl.h"

namespace models::cxl {

struct pci_dev {
  device dev;
  bool is_rcd;
  cxl_dev_state cxlds;  // Of the driver.
  driver_core::device_file rcd_link_cap;
};

#define to_pci_dev(d) container_of(d, ::models::cxl::pci_dev, dev)

struct cxl_pci_driver {
  device_driver drv;
  bus_type pci_bus;
  cxl_core* core;
};

// A device at the lower end of `parent`, or at the top; on no bus where `bus` is null.
pci_dev* pci_dev_create(driver_core::driver_core* drivers, const char* name, device* parent,
                        bus_type* bus);

cxl_pci_driver* cxl_pci_driver_create(cxl_core* core, driver_core::driver_core* drivers);

// REQUIRES: dev is locked; the driver core calls it so.
int cxl_pci_probe(device* dev);

}  // namespace models::cxl
