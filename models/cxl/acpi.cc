// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/acpi.c; see PORT.md.

#include "models/cxl/acpi.h"

#include "models/cxl/port.h"
#include "models/kernel/err.h"
#include "models/kernel/slab.h"

namespace models::cxl {

using driver_core::platform_device;
using kernel::IS_ERR;
using kernel::PTR_ERR_OR_ZERO;

// Where the registers of an RCH's dport are.
static constexpr u64 kRcrb = 0x1000;

static int add_host_bridge_dport(cxl_port* root_port, const acpi_host_bridge& bridge, int uid) {
  cxl_dport* dport = bridge.is_rch ? devm_cxl_add_rch_dport(root_port, bridge.bridge, uid, kRcrb)
                                   : devm_cxl_add_dport(root_port, bridge.bridge, uid);
  return PTR_ERR_OR_ZERO(dport);
}

static int add_host_bridge_uport(cxl_port* root_port, device* host,
                                 const acpi_host_bridge& bridge) {
  cxl_dport* dport = cxl_find_dport_by_dev(root_port, bridge.bridge);
  // Below an RCH there are no ports.
  if (dport == nullptr || dport->rch) return 0;
  return PTR_ERR_OR_ZERO(devm_cxl_add_port(root_port->core, host, bridge.bridge, dport));
}

int cxl_acpi_probe(platform_device* pdev) {
  driver_core::platform_driver* pdrv = to_platform_driver(pdev->dev.driver);
  const cxl_acpi_driver* acpi = container_of(pdrv, cxl_acpi_driver, pdrv);
  device* host = &pdev->dev;

  cxl_port* root_port = devm_cxl_add_port(acpi->core, host, host, nullptr);
  if (IS_ERR(root_port)) return PTR_ERR_OR_ZERO(root_port);
  for (int i = 0; i < acpi->bridge_count; ++i) {
    const int rc = add_host_bridge_dport(root_port, acpi->bridges[i], i);
    if (rc != 0) return rc;
  }
  for (int i = 0; i < acpi->bridge_count; ++i) {
    const int rc = add_host_bridge_uport(root_port, host, acpi->bridges[i]);
    if (rc != 0) return rc;
  }
  return 0;
}

cxl_acpi_driver* cxl_acpi_driver_create(cxl_core* core, bus_type* platform) {
  auto* acpi = kernel::kzalloc_obj<cxl_acpi_driver>(kernel::GFP_KERNEL);
  acpi->core = core;
  acpi->pdrv.driver.name = "cxl_acpi";
  acpi->pdrv.driver.bus = platform;
  acpi->pdrv.probe = cxl_acpi_probe;
  static constexpr const char* ids[] = {"ACPI0017", nullptr};
  acpi->pdrv.id_table = ids;
  return acpi;
}

}  // namespace models::cxl
