// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/mem.c; see PORT.md.

#include "models/cxl/mem.h"

#include "models/cxl/ghost.h"
#include "models/cxl/port.h"
#include "models/driver_core/core.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::cxl {

using kernel::IS_ERR;

static int devm_cxl_add_endpoint(device* host, cxl_memdev* cxlmd, cxl_dport* parent_dport) {
  cxl_port* parent_port = parent_dport->port;
  ghost_endpoint_comes(parent_port, parent_dport, host);

  cxl_port* endpoint = devm_cxl_add_port(parent_port->core, host, &cxlmd->dev, parent_dport);
  if (IS_ERR(endpoint)) return kernel::PTR_ERR_OR_ZERO(endpoint);
  const int rc = cxl_endpoint_autoremove(cxlmd, endpoint);
  if (rc != 0) return rc;
  if (endpoint->dev.driver == nullptr) return -ENXIO;
  return 0;
}

static device* dport_dev_of(const cxl_memdev* cxlmd) {
  return cxlmd->dev.parent->parent;
}

// ---- The forms of its last part: in which version, see endpoint_attach

// The look-up's pointer decides whose lock to take, and is used under it.
static int attach_captured(cxl_memdev* cxlmd, cxl_port* parent_port, cxl_dport* dport) {
  device* endpoint_parent = dport->rch ? parent_port->uport_dev : &parent_port->dev;
  scoped_guard(device, endpoint_parent) {
    if (endpoint_parent->driver == nullptr) return -ENXIO;
    const int rc = devm_cxl_add_endpoint(endpoint_parent, cxlmd, dport);
    if (rc != 0) return rc;
  }
  return 0;
}

// The lock of the port is the only one. `dport`: the look-up's pointer, or null to load it here.
static int attach_in_port(cxl_memdev* cxlmd, cxl_port* parent_port, cxl_dport* dport) {
  guard(device)(&parent_port->dev);
  if (dport == nullptr) dport = cxl_find_dport_by_dev(parent_port, dport_dev_of(cxlmd));
  if (dport == nullptr) return -ENXIO;
  device* endpoint_parent = dport->rch ? parent_port->uport_dev : &parent_port->dev;
  if (endpoint_parent->driver == nullptr) return -ENXIO;
  return devm_cxl_add_endpoint(endpoint_parent, cxlmd, dport);
}

// The second guard of v2. `dport`: what the first one found, for versions that use it.
static int attach_below_rch(cxl_memdev* cxlmd, cxl_port* parent_port, cxl_dport* dport) {
  const cxl_options& options = parent_port->core->options;
  device* uport_dev = parent_port->uport_dev;
  scoped_guard(device, uport_dev) {
    if (uport_dev->driver == nullptr) return -ENXIO;
    if (options.attach == endpoint_attach::LOADED_TWICE) {
      dport = cxl_find_dport_by_dev(parent_port, dport_dev_of(cxlmd));
      if (dport == nullptr) return -ENXIO;
      if (options.rechecks_rch && !dport->rch) return -ENXIO;
    }
    const int rc = devm_cxl_add_endpoint(uport_dev, cxlmd, dport);
    if (rc != 0) return rc;
  }
  return 0;
}

static int attach_loaded(cxl_memdev* cxlmd, cxl_port* parent_port) {
  cxl_dport* dport = nullptr;
  bool rch = false;
  scoped_guard(device, &parent_port->dev) {
    dport = cxl_find_dport_by_dev(parent_port, dport_dev_of(cxlmd));
    if (dport == nullptr) return -ENXIO;
    rch = dport->rch;
    if (!rch) {
      if (parent_port->dev.driver == nullptr) return -ENXIO;
      return devm_cxl_add_endpoint(&parent_port->dev, cxlmd, dport);
    }
    if (parent_port->core->options.attach == endpoint_attach::LOADED_NESTED)
      return attach_below_rch(cxlmd, parent_port, dport);
  }
  return attach_below_rch(cxlmd, parent_port, dport);
}

static int attach_endpoint(cxl_memdev* cxlmd, cxl_port* parent_port, cxl_dport* dport) {
  switch (parent_port->core->options.attach) {
    case endpoint_attach::CAPTURED:
      return attach_captured(cxlmd, parent_port, dport);
    case endpoint_attach::CAPTURED_IN_PORT:
    case endpoint_attach::LOADED_IN_PORT:
      return attach_in_port(cxlmd, parent_port, dport);
    case endpoint_attach::LOADED_ONCE:
    case endpoint_attach::LOADED_TWICE:
    case endpoint_attach::LOADED_NESTED:
      return attach_loaded(cxlmd, parent_port);
  }
  return -ENXIO;
}

// ---- The probe

static bool captures_dport(const cxl_options& options) {
  return options.attach == endpoint_attach::CAPTURED ||
         options.attach == endpoint_attach::CAPTURED_IN_PORT;
}

int cxl_mem_probe(device* dev) {
  cxl_memdev* cxlmd = to_cxl_memdev(dev);
  if (!cxlmd->cxlds->media_ready) return -EBUSY;
  // It lost its endpoint, and is about to lose this driver.
  if (work_pending(&cxlmd->detach_work)) return -EBUSY;

  const int rc = devm_cxl_enumerate_ports(cxlmd);
  if (rc != 0) return rc;

  cxl_dport* dport = nullptr;
  cxl_dport** wanted = captures_dport(cxlmd->core->options) ? &dport : nullptr;
  cxl_port* parent_port __free(put_cxl_port) = cxl_mem_find_port(cxlmd, wanted);
  if (parent_port == nullptr) return -ENXIO;
  return attach_endpoint(cxlmd, parent_port, dport);
}

cxl_driver* cxl_mem_driver_create(cxl_core* core) {
  auto* cxl_drv = kernel::kzalloc_obj<cxl_driver>(kernel::GFP_KERNEL);
  cxl_drv->id = cxl_device_id::MEMORY_EXPANDER;
  cxl_drv->drv.probe = cxl_mem_probe;
  cxl_driver_register(core, cxl_drv, "cxl_mem");
  return cxl_drv;
}

}  // namespace models::cxl
