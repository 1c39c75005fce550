// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/core/memdev.c, and of the endpoints in core/port.c; see PORT.md.

#include "models/cxl/port.h"
#include "models/driver_core/core.h"
#include "models/driver_core/dd.h"
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
using kernel::kfree;
using kernel::kzalloc_obj;

// ---- The device

static void cxl_memdev_release(device* dev) {
  kfree(to_cxl_memdev(dev));
}

bool is_cxl_memdev(const device* dev) {
  return dev->release == cxl_memdev_release;
}

static void detach_memdev(kernel::work_struct* work) {
  cxl_memdev* cxlmd = container_of(work, cxl_memdev, detach_work);
  driver_core::device_release_driver(&cxlmd->dev);
  put_device(&cxlmd->dev);
}

bool schedule_cxl_memdev_detach(cxl_memdev* cxlmd) {
  return queue_work(cxlmd->core->cxl_bus_wq, &cxlmd->detach_work);
}

static void cxl_memdev_unregister(void* _cxlmd) {
  auto* cxlmd = static_cast<cxl_memdev*>(_cxlmd);
  driver_core::device_del(&cxlmd->dev);
  put_device(&cxlmd->dev);
}

cxl_memdev* devm_cxl_add_memdev(cxl_core* core, cxl_dev_state* cxlds) {
  auto* cxlmd = kzalloc_obj<cxl_memdev>(GFP_KERNEL);
  if (cxlmd == nullptr) return ERR_PTR(-ENOMEM);
  cxlmd->core = core;
  cxlmd->cxlds = cxlds;
  cxlds->cxlmd = cxlmd;
  device* dev = &cxlmd->dev;
  driver_core::device_initialize(dev, core->bus.core);
  static kernel::lock_class_key cxl_memdev_key;
  init_device_lock(dev, "cxlmd->dev.mutex", &cxl_memdev_key);
  dev->name = "mem";
  dev->parent = cxlds->dev;
  dev->bus = &core->bus;
  dev->release = cxl_memdev_release;
  INIT_WORK(&cxlmd->detach_work, detach_memdev);
  int rc = driver_core::device_add(dev);
  if (rc != 0) {
    cxlds->cxlmd = nullptr;
    put_device(dev);
    return ERR_PTR(rc);
  }
  rc = devm_add_action_or_reset(cxlds->dev, cxl_memdev_unregister, cxlmd);
  if (rc != 0) return ERR_PTR(rc);
  return cxlmd;
}

// ---- Its endpoint

static device* endpoint_host(cxl_port* endpoint) {
  cxl_port* port = to_cxl_port(endpoint->dev.parent);
  return is_cxl_root(port) ? port->uport_dev : &port->dev;
}

// REQUIRES: the host is locked.
static void unregister_endpoint(device* host, cxl_port* endpoint) {
  if (host->driver == nullptr || endpoint->dead) return;
  devm_release_action(host, cxl_unlink_parent_dport, endpoint);
  devm_release_action(host, cxl_unlink_uport, endpoint);
  devm_release_action(host, unregister_port, endpoint);
}

static void delete_endpoint(void* data) {
  auto* cxlmd = static_cast<cxl_memdev*>(data);
  cxl_port* endpoint = cxlmd->endpoint;
  device* host = endpoint_host(endpoint);

  scoped_guard(device, host) {
    unregister_endpoint(host, endpoint);
    cxlmd->endpoint = nullptr;
  }
  put_device(&endpoint->dev);
  put_device(host);
}

// The reference: where the action cannot be registered, what it would do is done here, under the
// lock that the caller holds.
static int autoremove_or_undo(cxl_memdev* cxlmd, device* host, cxl_port* endpoint) {
  const int rc = driver_core::devm_add_action(&cxlmd->dev, delete_endpoint, cxlmd);
  if (rc == 0) return 0;
  unregister_endpoint(host, endpoint);
  cxlmd->endpoint = nullptr;
  put_device(&endpoint->dev);
  put_device(host);
  return rc;
}

int cxl_endpoint_autoremove(cxl_memdev* cxlmd, cxl_port* endpoint) {
  device* host = endpoint_host(endpoint);
  get_device(host);
  get_device(&endpoint->dev);
  cxlmd->depth = endpoint->depth;
  if (cxlmd->core->options.undoes_endpoint_in_place)
    return autoremove_or_undo(cxlmd, host, endpoint);
  return devm_add_action_or_reset(&cxlmd->dev, delete_endpoint, cxlmd);
}

}  // namespace models::cxl
