// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/core/port.c, the part that links memory devices to the ports above them; see
// PORT.md.

#include "models/cxl/ghost.h"
#include "models/cxl/port.h"
#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/devres.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::cxl {

using driver_core::devm_add_action_or_reset;
using driver_core::devm_release_action;
using driver_core::get_device;
using driver_core::put_device;
using kernel::ERR_PTR;
using kernel::GFP_KERNEL;
using kernel::IS_ERR;
using kernel::kfree;
using kernel::kzalloc_obj;
using kernel::PTR_ERR_OR_ZERO;

DEFINE_FREE(put_device, device*, ::models::driver_core::put_device(_T));

static unsigned long index_of(const device* ep_dev) {
  return reinterpret_cast<unsigned long>(ep_dev);
}

static device* grandparent(const device* dev) {
  return dev != nullptr && dev->parent != nullptr ? dev->parent->parent : nullptr;
}

// ---- A memory device and one port

static cxl_ep* cxl_ep_load(cxl_port* port, const device* ep_dev) {
  return static_cast<cxl_ep*>(kernel::xa_load(&port->endpoints, index_of(ep_dev)));
}

static void cxl_ep_release(cxl_ep* ep) {
  put_device(ep->ep);
  kfree(ep);
}

static void cxl_ep_remove(cxl_port* port, cxl_ep* ep) {
  if (ep == nullptr) return;
  kernel::xa_erase(&port->endpoints, index_of(ep->ep));
  cxl_ep_release(ep);
}

static cxl_ep* alloc_ep(cxl_dport* dport, device* ep_dev) {
  auto* ep = kzalloc_obj<cxl_ep>(GFP_KERNEL);
  if (ep == nullptr) return nullptr;
  ep->ep = get_device(ep_dev);
  ep->dport = dport;
  return ep;
}

// REQUIRES: port->dev is locked. The ep is gone if that fails.
static int insert_ep(cxl_port* port, cxl_ep* ep) {
  int rc = -ENXIO;
  if (!port->dead) rc = kernel::xa_insert(&port->endpoints, index_of(ep->ep), ep, GFP_KERNEL);
  if (rc != 0) cxl_ep_release(ep);
  return rc;
}

static int add_ep(cxl_port* port, cxl_ep* ep) {
  guard(device)(&port->dev);
  return insert_ep(port, ep);
}

static void cxl_gpf_port_setup(cxl_dport* dport) {
  if (dport->gpf_dvsec == 0) dport->gpf_dvsec = 1;
}

// ---- A dport of a port, made where it is missing

// REQUIRES: port->dev is locked.
static cxl_dport* probe_dport(cxl_port* port, device* dport_dev) {
  device_lock_assert(&port->dev);
  if (port->dev.driver == nullptr) return ERR_PTR(-ENXIO);
  if (cxl_find_dport_by_dev(port, dport_dev) != nullptr) return ERR_PTR(-EBUSY);
  const cxl_driver* drv = to_cxl_drv(port->dev.driver);
  if (drv->add_dport == nullptr) return ERR_PTR(-ENXIO);
  return drv->add_dport(port, dport_dev);
}

// The pointer is returned after both locks were dropped.
static cxl_dport* find_or_add_dport(cxl_port* port, device* dport_dev) {
  guard(device)(port_to_host(port));
  guard(device)(&port->dev);
  cxl_dport* dport = cxl_find_dport_by_dev(port, dport_dev);
  if (dport == nullptr) {
    dport = probe_dport(port, dport_dev);
    if (IS_ERR(dport)) return dport;
    // New on the way down: the walk starts over.
    return ERR_PTR(-EAGAIN);
  }
  return dport;
}

// The end of it in the reference: the dport is looked at where nobody can free it.
static int attach_ep_locked(cxl_port* port, device* dport_dev, device* ep_dev) {
  guard(device)(&port->dev);
  cxl_dport* dport = cxl_find_dport_by_dev(port, dport_dev);
  if (dport == nullptr) return -ENXIO;
  cxl_ep* ep = alloc_ep(dport, ep_dev);
  if (ep == nullptr) return -ENOMEM;
  const int rc = insert_ep(port, ep);
  if (rc == 0 || rc == -EBUSY) cxl_gpf_port_setup(dport);
  return rc;
}

// An ep that is there already is fine: an earlier pass added it.
static int attach_to_port(cxl_memdev* cxlmd, cxl_port* port, device* dport_dev) {
  cxl_dport* dport = find_or_add_dport(port, dport_dev);
  if (IS_ERR(dport)) return PTR_ERR_OR_ZERO(dport);
  if (cxlmd->core->options.enumerates_under_port_lock) {
    const int rc = attach_ep_locked(port, dport_dev, &cxlmd->dev);
    return rc == -EBUSY ? 0 : rc;
  }

  cxl_ep* ep = alloc_ep(dport, &cxlmd->dev);
  if (ep == nullptr) return -ENOMEM;
  const int rc = add_ep(dport->port, ep);
  if (rc != 0 && rc != -EBUSY) return rc;
  cxl_gpf_port_setup(dport);
  return 0;
}

// ---- A port that is missing

// REQUIRES: parent_port->dev is locked. Returns the new port's dport, and the port in `created`.
static cxl_dport* devm_cxl_create_port(cxl_port* parent_port, cxl_dport* parent_dport,
                                       device* uport_dev, device* dport_dev, cxl_port** created) {
  cxl_port* port = devm_cxl_add_port(parent_port->core, &parent_port->dev, uport_dev, parent_dport);
  if (IS_ERR(port)) return kernel::ERR_CAST(port);
  *created = port;
  guard(device)(&port->dev);
  return probe_dport(port, dport_dev);
}

static cxl_dport* find_or_probe(cxl_port* port, device* dport_dev) {
  cxl_dport* dport = cxl_find_dport_by_dev(port, dport_dev);
  return dport != nullptr ? dport : probe_dport(port, dport_dev);
}

static int add_port_attach_ep(cxl_memdev* cxlmd, device* uport_dev, device* dport_dev) {
  device* dparent = grandparent(dport_dev);
  // The walk came to the top, and there is no port of the host bridge.
  if (dparent == nullptr) return -ENXIO;

  cxl_port* parent_port __free(put_cxl_port) =
      find_cxl_port_by_uport(cxlmd->core, grandparent(uport_dev));
  // To be made first.
  if (parent_port == nullptr) return -EAGAIN;

  cxl_dport* dport = nullptr;
  scoped_guard(device, &parent_port->dev) {
    if (parent_port->dev.driver == nullptr) return -ENXIO;
    cxl_port* existing __free(put_cxl_port) = find_cxl_port_by_uport(cxlmd->core, uport_dev);
    if (existing != nullptr) return 0;
    cxl_dport* parent_dport = find_or_probe(parent_port, dparent);
    if (IS_ERR(parent_dport)) return PTR_ERR_OR_ZERO(parent_dport);
    cxl_port* port = nullptr;
    dport = devm_cxl_create_port(parent_port, parent_dport, uport_dev, dport_dev, &port);
    if (IS_ERR(dport)) return PTR_ERR_OR_ZERO(dport);
    if (cxlmd->core->options.enumerates_under_port_lock)
      return attach_ep_locked(port, dport_dev, &cxlmd->dev);
  }

  cxl_ep* ep = alloc_ep(dport, &cxlmd->dev);
  if (ep == nullptr) return -ENOMEM;
  const int rc = add_ep(dport->port, ep);
  return rc == -EBUSY ? -ENXIO : rc;
}

// ---- All ports above a memory device

int devm_cxl_enumerate_ports(cxl_memdev* cxlmd) {
  // A restricted device stands below the root itself.
  if (cxlmd->cxlds->rcd) return 0;

  int rc = devm_add_action_or_reset(&cxlmd->dev, cxl_detach_ep, cxlmd);
  if (rc != 0) return rc;

  for (device* iter = &cxlmd->dev; iter != nullptr;) {
    device* dport_dev = grandparent(iter);
    if (dport_dev == nullptr) return 0;
    device* uport_dev = dport_dev->parent;
    if (uport_dev == nullptr) return -ENXIO;

    cxl_port* port __free(put_cxl_port) = find_cxl_port_by_uport(cxlmd->core, uport_dev);
    if (port != nullptr) {
      rc = attach_to_port(cxlmd, port, dport_dev);
      if (rc != 0 && rc != -EAGAIN) return rc;
      if (rc == 0 && is_cxl_root(to_cxl_port(port->dev.parent))) return 0;
      iter = rc == 0 ? grandparent(iter) : &cxlmd->dev;
      continue;
    }

    rc = add_port_attach_ep(cxlmd, uport_dev, dport_dev);
    if (rc != 0 && rc != -EAGAIN) return rc;
    // Its parent comes first; or there may be new ports further down.
    iter = rc == -EAGAIN ? grandparent(iter) : &cxlmd->dev;
  }
  return 0;
}

// ---- The way back

struct detach_ctx {
  const cxl_memdev* cxlmd;
  int depth;
};

static bool port_has_memdev(device* dev, const void* data) {
  const auto* ctx = static_cast<const detach_ctx*>(data);
  if (!is_cxl_port(dev)) return false;
  cxl_port* port = to_cxl_port(dev);
  return port->depth == ctx->depth && cxl_ep_load(port, &ctx->cxlmd->dev) != nullptr;
}

static void delete_switch_port(cxl_port* port) {
  device* host = port->dev.parent;
  devm_release_action(host, cxl_unlink_parent_dport, port);
  devm_release_action(host, cxl_unlink_uport, port);
  devm_release_action(host, unregister_port, port);
}

void cxl_detach_ep(void* data) {
  auto* cxlmd = static_cast<cxl_memdev*>(data);

  for (int i = cxlmd->depth - 1; i >= 1; i--) {
    const detach_ctx ctx = {.cxlmd = cxlmd, .depth = i};
    device* dev __free(put_device) =
        driver_core::bus_find_device(&cxlmd->core->bus, nullptr, &ctx, port_has_memdev);
    if (dev == nullptr) continue;
    cxl_port* port = to_cxl_port(dev);
    cxl_port* parent_port = to_cxl_port(port->dev.parent);
    bool died = false;

    device_lock(&parent_port->dev);
    device_lock(&port->dev);
    cxl_ep* ep = cxl_ep_load(port, &cxlmd->dev);
    cxl_ep_remove(port, ep);
    if (ep != nullptr && !port->dead && kernel::xa_empty(&port->endpoints) &&
        !is_cxl_root(parent_port) && parent_port->dev.driver != nullptr) {
      // The last one below a switch takes it down.
      died = true;
      port->dead = true;
      del_dports(port);
    }
    device_unlock(&port->dev);
    if (died) delete_switch_port(port);
    device_unlock(&parent_port->dev);
  }
}

}  // namespace models::cxl
