// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/acpi.c: the driver of ACPI0017, which makes the root port, its dports, and
// the ports of the host bridges below. Its unbinding (W1) takes all of that back, under the lock of
// the platform device.

#pragma once

#include "models/cxl/cxl.h"
#include "models/driver_core/platform.h"

namespace models::cxl {

// What the ACPI tables say of a host bridge.
struct acpi_host_bridge {
  device* bridge;
  bool is_rch;
};

inline constexpr int kHostBridges = 2;

struct cxl_acpi_driver {
  driver_core::platform_driver pdrv;
  cxl_core* core;
  acpi_host_bridge bridges[kHostBridges];
  int bridge_count;
};

// REQUIRES: pdev->dev is locked; the driver core calls it so.
int cxl_acpi_probe(driver_core::platform_device* pdev);

cxl_acpi_driver* cxl_acpi_driver_create(cxl_core* core, bus_type* platform);

}  // namespace models::cxl
