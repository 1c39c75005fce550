// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/core/port.c, the part of the ports; see PORT.md.

#include "models/cxl/port.h"

#include "models/cxl/ghost.h"
#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/devres.h"
#include "models/driver_core/driver.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::cxl {

using driver_core::devm_add_action_or_reset;
using driver_core::get_device;
using driver_core::put_device;
using kernel::ERR_PTR;
using kernel::GFP_KERNEL;
using kernel::IS_ERR;
using kernel::kfree;
using kernel::kzalloc_obj;

// ---- The world

static cxl_device_id device_id(const device* dev) {
  if (is_cxl_memdev(dev)) return cxl_device_id::MEMORY_EXPANDER;
  return is_cxl_root(to_cxl_port(dev)) ? cxl_device_id::ROOT : cxl_device_id::PORT;
}

static int cxl_bus_match(device* dev, const device_driver* drv) {
  return device_id(dev) == to_cxl_drv(drv)->id ? 1 : 0;
}

cxl_core* cxl_core_init(const cxl_options& options, driver_core::driver_core* core, bool has_einj) {
  auto* cxl = kzalloc_obj<cxl_core>(GFP_KERNEL);
  cxl->options = options;
  cxl->ghost = ghost_log_create();
  cxl->bus.name = "cxl";
  cxl->bus.match = cxl_bus_match;
  driver_core::bus_register(&cxl->bus, core);
  cxl->cxl_bus_wq = kernel::alloc_ordered_workqueue("cxl_port");
  if (has_einj)
    cxl->cxl_debugfs = debugfs::debugfs_create_dir("cxl", debugfs::debugfs_mount({})->s_root);
  return cxl;
}

void init_device_lock(device* dev, const char* name, kernel::lock_class_key* key, int subclass) {
  kernel::__mutex_init(&dev->mutex, name, key);
  lockdep_set_class_and_subclass(&dev->mutex, key, static_cast<unsigned int>(subclass));
}

int cxl_driver_register(cxl_core* core, cxl_driver* cxl_drv, const char* name) {
  cxl_drv->drv.name = name;
  cxl_drv->drv.bus = &core->bus;
  return driver_core::driver_register(&cxl_drv->drv);
}

// ---- Links

int sysfs_create_link(sysfs_link** link, const char* name) {
  auto* created = kzalloc_obj<sysfs_link>(GFP_KERNEL);
  if (created == nullptr) return -ENOMEM;
  created->name = name;
  *link = created;
  return 0;
}

void sysfs_remove_link(sysfs_link** link) {
  kfree(*link);
  *link = nullptr;
}

// ---- The end of a port

static void cxl_ep_release(cxl_ep* ep) {
  put_device(ep->ep);
  kfree(ep);
}

static void cxl_port_release(device* dev) {
  cxl_port* port = to_cxl_port(dev);
  unsigned long index = 0;
  cxl_ep* ep = nullptr;

  xa_for_each(&port->endpoints, index, ep) {
    kernel::xa_erase(&port->endpoints, index);
    cxl_ep_release(ep);
  }
  kernel::xa_destroy(&port->endpoints);
  kernel::xa_destroy(&port->dports);
  if (port->core->options.pins_uport_dev) put_device(port->uport_dev);
  if (!is_cxl_root(port)) put_device(dev->parent);
  kfree(port);
}

bool is_cxl_port(const device* dev) {
  return dev->release == cxl_port_release;
}

bool is_cxl_root(const cxl_port* port) {
  const device* uport_dev = port->uport_dev;
  return uport_dev == port->dev.parent;
}

bool is_cxl_endpoint(const cxl_port* port) {
  return is_cxl_memdev(port->uport_dev);
}

void put_cxl_port(cxl_port* port) {
  if (!kernel::IS_ERR_OR_NULL(port)) put_device(&port->dev);
}

device* port_to_host(cxl_port* port) {
  if (is_cxl_root(port)) return port->uport_dev;
  cxl_port* parent = to_cxl_port(port->dev.parent);
  return is_cxl_root(parent) ? parent->uport_dev : &parent->dev;
}

void unregister_port(void* _port) {
  auto* port = static_cast<cxl_port*>(_port);
  device_lock_assert(port_to_host(port));
  port->dead = true;
  ghost_port_unregisters(port);
  driver_core::device_unregister(&port->dev);
}

// ---- Its links

void cxl_unlink_uport(void* _port) {
  sysfs_remove_link(&static_cast<cxl_port*>(_port)->uport_link);
}

static int devm_cxl_link_uport(device* host, cxl_port* port) {
  const int rc = sysfs_create_link(&port->uport_link, "uport");
  if (rc != 0) return rc;
  return devm_add_action_or_reset(host, cxl_unlink_uport, port);
}

void cxl_unlink_parent_dport(void* _port) {
  sysfs_remove_link(&static_cast<cxl_port*>(_port)->parent_dport_link);
}

static int devm_cxl_link_parent_dport(device* host, cxl_port* port, const cxl_dport* parent_dport) {
  if (parent_dport == nullptr) return 0;
  const int rc = sysfs_create_link(&port->parent_dport_link, "parent_dport");
  if (rc != 0) return rc;
  return devm_add_action_or_reset(host, cxl_unlink_parent_dport, port);
}

// ---- Its beginning

static const char* lock_name(const cxl_port* port) {
  if (port->depth == 0) return "root->dev.mutex";
  return is_cxl_endpoint(port) ? "endpoint->dev.mutex" : "port->dev.mutex";
}

static const char* port_name(const cxl_port* port) {
  if (port->depth == 0) return "root0";
  return is_cxl_endpoint(port) ? "endpoint" : "port";
}

static cxl_port* cxl_port_alloc(cxl_core* core, device* uport_dev, cxl_dport* parent_dport) {
  auto* port = kzalloc_obj<cxl_port>(GFP_KERNEL);
  if (port == nullptr) return nullptr;
  port->core = core;
  port->uport_dev = uport_dev;
  port->id = core->next_port_id++;
  device* dev = &port->dev;
  // Without a parent port it is a root, whose parent is its uport.
  if (parent_dport != nullptr) {
    cxl_port* parent_port = parent_dport->port;
    dev->parent = get_device(&parent_port->dev);
    port->depth = parent_port->depth + 1;
    port->parent_dport = parent_dport;
    port->host_bridge = parent_dport->rch          ? parent_dport->dport_dev
                        : is_cxl_root(parent_port) ? uport_dev
                                                   : parent_port->host_bridge;
  } else {
    dev->parent = uport_dev;
  }
  if (core->options.pins_uport_dev) get_device(uport_dev);
  xa_init(&port->dports);
  xa_init(&port->endpoints);
  driver_core::device_initialize(dev, core->bus.core);
  static kernel::lock_class_key cxl_port_key;
  init_device_lock(dev, lock_name(port), &cxl_port_key, port->depth);
  dev->name = port_name(port);
  dev->bus = &core->bus;
  dev->release = cxl_port_release;
  return port;
}

cxl_port* devm_cxl_add_port(cxl_core* core, device* host, device* uport_dev,
                            cxl_dport* parent_dport) {
  cxl_port* port = cxl_port_alloc(core, uport_dev, parent_dport);
  if (port == nullptr) return ERR_PTR(-ENOMEM);
  if (is_cxl_endpoint(port)) to_cxl_memdev(uport_dev)->endpoint = port;

  int rc = driver_core::device_add(&port->dev);
  if (rc != 0) {
    put_device(&port->dev);
    return ERR_PTR(rc);
  }
  if (is_cxl_endpoint(port)) ghost_endpoint_added(port);
  rc = devm_add_action_or_reset(host, unregister_port, port);
  if (rc != 0) return ERR_PTR(rc);
  rc = devm_cxl_link_uport(host, port);
  if (rc != 0) return ERR_PTR(rc);
  rc = devm_cxl_link_parent_dport(host, port, parent_dport);
  if (rc != 0) return ERR_PTR(rc);
  return port;
}

// ---- Finding ports

struct dport_query {
  const device* dport_dev;
  cxl_dport** dport;
};

static bool match_port_by_dport(device* dev, const void* data) {
  const auto* query = static_cast<const dport_query*>(data);
  if (!is_cxl_port(dev)) return false;
  cxl_dport* dport = cxl_find_dport_by_dev(to_cxl_port(dev), query->dport_dev);
  if (query->dport != nullptr) *query->dport = dport;
  return dport != nullptr;
}

cxl_port* find_cxl_port_by_dport(cxl_core* core, device* dport_dev, cxl_dport** dport) {
  if (dport_dev == nullptr) return nullptr;
  const dport_query query = {.dport_dev = dport_dev, .dport = dport};
  device* dev = driver_core::bus_find_device(&core->bus, nullptr, &query, match_port_by_dport);
  return dev != nullptr ? to_cxl_port(dev) : nullptr;
}

static bool match_port_by_uport(device* dev, const void* uport_dev) {
  return is_cxl_port(dev) && to_cxl_port(dev)->uport_dev == uport_dev;
}

cxl_port* find_cxl_port_by_uport(cxl_core* core, device* uport_dev) {
  device* dev = driver_core::bus_find_device(&core->bus, nullptr, uport_dev, match_port_by_uport);
  return dev != nullptr ? to_cxl_port(dev) : nullptr;
}

cxl_port* cxl_mem_find_port(cxl_memdev* cxlmd, cxl_dport** dport) {
  return find_cxl_port_by_dport(cxlmd->core, cxlmd->dev.parent->parent, dport);
}

cxl_port* cxl_pci_find_port(cxl_core* core, device* pdev, cxl_dport** dport) {
  return find_cxl_port_by_dport(core, pdev->parent, dport);
}

}  // namespace models::cxl
