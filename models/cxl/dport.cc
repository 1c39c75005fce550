// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/core/port.c, the part of the dports; see PORT.md.

#include "models/cxl/ghost.h"
#include "models/cxl/port.h"
#include "models/driver_core/core.h"
#include "models/driver_core/devres.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/kernel/warn.h"

namespace models::cxl {

using driver_core::devm_add_action_or_reset;
using driver_core::get_device;
using driver_core::put_device;
using kernel::ERR_PTR;
using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kzalloc_obj;

static unsigned long index_of(const device* dport_dev) {
  return reinterpret_cast<unsigned long>(dport_dev);
}

cxl_dport* cxl_find_dport_by_dev(cxl_port* port, const device* dport_dev) {
  return static_cast<cxl_dport*>(kernel::xa_load(&port->dports, index_of(dport_dev)));
}

device* dport_to_host(const cxl_dport* dport) {
  cxl_port* port = dport->port;
  return is_cxl_root(port) ? port->uport_dev : &port->dev;
}

// ---- The lock of a root port

// Elsewhere the caller holds the lock of the port, which is the dport's host.
static void cond_cxl_root_lock(cxl_port* port) {
  if (is_cxl_root(port)) device_lock(&port->dev);
}

static void cond_cxl_root_unlock(cxl_port* port) {
  if (is_cxl_root(port)) device_unlock(&port->dev);
}

// ---- What devres does at the end of a dport, last line first

static void free_dport(void* data) {
  auto* dport = static_cast<cxl_dport*>(data);
  ghost_dport_freed(dport->port, dport);
  kfree(dport);
}

static void cxl_dport_remove(void* data) {
  auto* dport = static_cast<cxl_dport*>(data);
  cxl_port* port = dport->port;

  const dport_removal form = port->core->options.removal;
  if (form == dport_removal::PORT_LOCK) device_lock(&port->dev);
  if (form == dport_removal::COND_ROOT_LOCK) cond_cxl_root_lock(port);
  port->nr_dports--;
  kernel::xa_erase(&port->dports, index_of(dport->dport_dev));
  if (form == dport_removal::COND_ROOT_LOCK) cond_cxl_root_unlock(port);
  if (form == dport_removal::PORT_LOCK) device_unlock(&port->dev);
  ghost_dport_dev_put(port, dport->dport_dev);
  put_device(dport->dport_dev);
}

static void cxl_dport_unlink(void* data) {
  sysfs_remove_link(&static_cast<cxl_dport*>(data)->link);
}

// ---- Its debugfs file: an error is injected by writing to it

static ssize_t cxl_einj_inject(debugfs::file* file, const char* /*buf*/, size_t count,
                               loff_t* /*ppos*/) {
  const auto* dport = static_cast<const cxl_dport*>(file->private_data);
  if (dport->rch && dport->rcrb.base == CXL_RESOURCE_NONE) return -EINVAL;
  return static_cast<ssize_t>(count);
}

static constexpr debugfs::file_operations cxl_einj_inject_fops = {.open = debugfs::simple_open,
                                                                  .write = cxl_einj_inject};

static void cxl_debugfs_create_dport_dir(cxl_dport* dport) {
  debugfs::dentry* cxl_debugfs = dport->port->core->cxl_debugfs;
  if (cxl_debugfs == nullptr || (!dport->rch && is_cxl_root(dport->port))) return;
  dport->debugfs_dir = debugfs::debugfs_create_dir(dport->dport_dev->name, cxl_debugfs);
  debugfs::debugfs_create_file("einj_inject", dport->debugfs_dir, dport, &cxl_einj_inject_fops);
}

static void cxl_debugfs_remove_dport_dir(void* data) {
  debugfs::debugfs_remove(static_cast<cxl_dport*>(data)->debugfs_dir);
}

// ---- Adding

static bool has_port_id(cxl_port* port, int id) {
  unsigned long index = 0;
  cxl_dport* dport = nullptr;
  xa_for_each(&port->dports, index, dport) {
    if (dport->port_id == id) return true;
  }
  return false;
}

static int add_dport(cxl_port* port, cxl_dport* dport) {
  device_lock_assert(&port->dev);
  if (has_port_id(port, dport->port_id)) return -EBUSY;

  get_device(dport->dport_dev);
  const int rc = kernel::xa_insert(&port->dports, index_of(dport->dport_dev), dport, GFP_KERNEL);
  if (rc != 0) {
    put_device(dport->dport_dev);
    return rc;
  }
  ghost_dport_added(port, dport);
  port->nr_dports++;
  return 0;
}

// What needs the lock of the port, and what the removal of the dport undoes.
static int insert_dport(cxl_port* port, cxl_dport* dport, device* host) {
  cond_cxl_root_lock(port);
  int rc = add_dport(port, dport);
  if (!port->core->options.registers_removal_unlocked) {
    if (rc == 0) rc = devm_add_action_or_reset(host, cxl_dport_remove, dport);
    cond_cxl_root_unlock(port);
    return rc;
  }
  cond_cxl_root_unlock(port);
  if (rc != 0) return rc;
  return devm_add_action_or_reset(host, cxl_dport_remove, dport);
}

static int setup_registers(cxl_dport* dport, u64 rcrb) {
  if (rcrb == CXL_RESOURCE_NONE) return 0;
  dport->rcrb.base = rcrb;
  if (rcrb == 0) return -ENXIO;
  dport->rch = true;
  return 0;
}

static int publish_dport(cxl_dport* dport, device* host) {
  int rc = sysfs_create_link(&dport->link, "dport");
  if (rc != 0) return rc;
  rc = devm_add_action_or_reset(host, cxl_dport_unlink, dport);
  if (rc != 0) return rc;
  cxl_debugfs_create_dport_dir(dport);
  if (dport->debugfs_dir != nullptr && dport->port->core->options.removes_debugfs_dir) {
    rc = devm_add_action_or_reset(host, cxl_debugfs_remove_dport_dir, dport);
    if (rc != 0) return rc;
  }
  // Without them the dport is there, and its errors are not reported.
  dport->regs.ras = devm_cxl_iomap_block(host, "dport_ras");
  return 0;
}

static int setup_dport(cxl_port* port, cxl_dport* dport, device* host, u64 rcrb) {
  int rc = setup_registers(dport, rcrb);
  if (rc != 0) return rc;
  rc = insert_dport(port, dport, host);
  if (rc != 0) return rc;
  return publish_dport(dport, host);
}

static cxl_dport* __devm_cxl_add_dport(cxl_port* port, device* dport_dev, int port_id, u64 rcrb) {
  device* host = is_cxl_root(port) ? port->uport_dev : &port->dev;
  if (WARN_ON_ONCE(host->driver == nullptr)) return ERR_PTR(-ENXIO);

  auto* dport = kzalloc_obj<cxl_dport>(GFP_KERNEL);
  if (dport == nullptr) return ERR_PTR(-ENOMEM);
  dport->dport_dev = dport_dev;
  dport->port_id = port_id;
  dport->port = port;
  if (driver_core::devres_open_group(host, dport, GFP_KERNEL) == nullptr) {
    kfree(dport);
    return ERR_PTR(-ENOMEM);
  }
  // The group goes by the address of the dport, which may be gone.
  void* group = dport;
  int rc = devm_add_action_or_reset(host, free_dport, dport);
  if (rc == 0) rc = setup_dport(port, dport, host, rcrb);
  if (rc != 0) {
    driver_core::devres_release_group(host, group);
    return ERR_PTR(rc);
  }
  driver_core::devres_close_group(host, group);
  return dport;
}

cxl_dport* devm_cxl_add_dport(cxl_port* port, device* dport_dev, int port_id) {
  return __devm_cxl_add_dport(port, dport_dev, port_id, CXL_RESOURCE_NONE);
}

cxl_dport* devm_cxl_add_rch_dport(cxl_port* port, device* dport_dev, int port_id, u64 rcrb) {
  return __devm_cxl_add_dport(port, dport_dev, port_id, rcrb);
}

// ---- Releasing

void del_dport(cxl_dport* dport) {
  driver_core::devres_release_group(dport_to_host(dport), dport);
}

void del_dports(cxl_port* port) {
  device_lock_assert(&port->dev);
  unsigned long index = 0;
  cxl_dport* dport = nullptr;
  xa_for_each(&port->dports, index, dport) del_dport(dport);
}

}  // namespace models::cxl
