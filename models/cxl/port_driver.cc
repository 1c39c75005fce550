// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/port.c: the driver of ports; see PORT.md.

#include "models/cxl/port.h"
#include "models/driver_core/core.h"
#include "models/driver_core/devres.h"
#include "models/kernel/slab.h"

namespace models::cxl {

using driver_core::get_device;

cxl_iomap* devm_cxl_iomap_block(device* host, const char* name) {
  auto* map = static_cast<cxl_iomap*>(
      driver_core::devm_kzalloc(host, sizeof(cxl_iomap), kernel::GFP_KERNEL, name));
  if (map != nullptr) map->value = 1;
  return map;
}

static void schedule_detach(void* cxlmd) {
  schedule_cxl_memdev_detach(static_cast<cxl_memdev*>(cxlmd));
}

// Dports come with the first memory device below them.
static int cxl_switch_port_probe(cxl_port* /*port*/) {
  return 0;
}

static int cxl_endpoint_port_probe(cxl_port* port) {
  cxl_memdev* cxlmd = to_cxl_memdev(port->uport_dev);
  // For the work that this action queues.
  get_device(&cxlmd->dev);
  const int rc = driver_core::devm_add_action_or_reset(&port->dev, schedule_detach, cxlmd);
  if (rc != 0) return rc;
  port->regs.ras = devm_cxl_iomap_block(&port->dev, "endpoint_ras");
  return 0;
}

static int cxl_port_probe(device* dev) {
  cxl_port* port = to_cxl_port(dev);
  return is_cxl_endpoint(port) ? cxl_endpoint_port_probe(port) : cxl_switch_port_probe(port);
}

static cxl_dport* cxl_port_add_dport(cxl_port* port, device* dport_dev) {
  return devm_cxl_add_dport(port, dport_dev, port->nr_dports);
}

cxl_driver* cxl_port_driver_create(cxl_core* core) {
  auto* cxl_drv = kernel::kzalloc_obj<cxl_driver>(kernel::GFP_KERNEL);
  cxl_drv->id = cxl_device_id::PORT;
  cxl_drv->drv.probe = cxl_port_probe;
  cxl_drv->add_dport = cxl_port_add_dport;
  cxl_driver_register(core, cxl_drv, "cxl_port");
  return cxl_drv;
}

}  // namespace models::cxl
