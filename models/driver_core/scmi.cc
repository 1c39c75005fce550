// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/scmi.h"

#include "models/driver_core/devres.h"
#include "models/driver_core/driver.h"
#include "models/driver_core/ghost.h"
#include "models/kernel/access_once.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

using kernel::EPROBE_DEFER;
using kernel::ERR_PTR;
using kernel::GFP_KERNEL;
using kernel::IS_ERR;
using kernel::kfree;
using kernel::kzalloc_obj;

// ---- The supplier

static device* not_ready() {
  return ERR_PTR(-EPROBE_DEFER);
}
static device* busy() {
  return ERR_PTR(-EBUSY);
}

// Returns the device, or why there is none.
static device* supplier_get(scmi_transport_supplier* supplier) {
  mutex_lock(&supplier->mtx);
  device* dev = supplier->available;
  if (!IS_ERR(dev)) supplier->available = busy();
  mutex_unlock(&supplier->mtx);
  return dev;
}

// A service that comes and a user that leaves both make it available; a service that goes takes it
// back, if nobody has it.
static int supplier_put(scmi_module* module, device* dev) {
  scmi_transport_supplier* supplier = &module->supplier;
  int ret = 0;
  mutex_lock(&supplier->mtx);
  if (IS_ERR(supplier->available)) {
    supplier->available = dev;
  } else if (supplier->available == dev) {
    supplier->available = not_ready();
  } else {
    ret = -EINVAL;
  }
  mutex_unlock(&supplier->mtx);
  return ret;
}

// ---- The service

static scmi_module* module_of_service(device* dev) {
  return container_of(to_tee_client_driver(dev->driver), scmi_module, service);
}

static void agent_close(scmi_agent* agent) {
  agent->is_open = false;
}

static int publish(scmi_module* module, device* dev) {
  switch (module->options.registration) {
    case scmi_registration::IN_PROBE:
      return driver_register(&module->pdrv.driver);
    case scmi_registration::SUPPLIER:
      return supplier_put(module, dev);
    case scmi_registration::DEFER:
      break;
  }
  return 0;
}

static int scmi_optee_service_probe(device* dev) {
  scmi_module* module = module_of_service(dev);
  if (READ_ONCE(module->scmi_private) != nullptr) return -EBUSY;

  auto* agent =
      static_cast<scmi_agent*>(devm_kzalloc(dev, sizeof(scmi_agent), GFP_KERNEL, "scmi_agent"));
  if (agent == nullptr) return -ENOMEM;
  agent->dev = dev;
  agent->is_open = true;
  mutex_init(&agent->mu);
  INIT_LIST_HEAD(&agent->channel_list);

  smp_store_mb(module->scmi_private, agent);
  const int ret = publish(module, dev);
  if (ret != 0) {
    WRITE_ONCE(module->scmi_private, nullptr);
    agent_close(agent);
  }
  return ret;
}

static bool has_channels(scmi_agent* agent) {
  mutex_lock(&agent->mu);
  const bool has = !list_empty(&agent->channel_list);
  mutex_unlock(&agent->mu);
  return has;
}

static void scmi_optee_service_remove(device* dev) {
  scmi_module* module = module_of_service(dev);
  scmi_agent* agent = READ_ONCE(module->scmi_private);
  if (agent == nullptr) return;

  if (module->options.registration == scmi_registration::IN_PROBE)
    driver_unregister(&module->pdrv.driver);
  // The error is nobody's to handle: the device goes, and its resources with it.
  if (!module->options.is_virtio && has_channels(agent)) return;

  WRITE_ONCE(module->scmi_private, nullptr);
  if (module->options.registration == scmi_registration::SUPPLIER) supplier_put(module, dev);
  agent_close(agent);
}

// ---- The platform driver

static scmi_module* module_of(platform_device* pdev) {
  return container_of(to_platform_driver(pdev->dev.driver), scmi_module, pdrv);
}

// Finds the agent, or says why there is none.
static int find_agent(scmi_module* module, scmi_agent** agent) {
  if (module->options.registration == scmi_registration::SUPPLIER) {
    device* dev = supplier_get(&module->supplier);
    if (IS_ERR(dev)) return kernel::PTR_ERR_OR_ZERO(dev);
    *agent = READ_ONCE(module->scmi_private);
    return 0;
  }
  *agent = READ_ONCE(module->scmi_private);
  if (*agent != nullptr) return 0;
  return module->options.registration == scmi_registration::DEFER ? -EPROBE_DEFER : -ENODEV;
}

static int scmi_chan_setup(platform_device* pdev, scmi_agent* agent) {
  auto* channel = kzalloc_obj<scmi_channel>(GFP_KERNEL);
  if (channel == nullptr) return -ENOMEM;
  channel->agent = agent;
  ghost_agent_used(&pdev->dev, agent->is_open);
  mutex_lock(&agent->mu);
  list_add_tail(&channel->link, &agent->channel_list);
  mutex_unlock(&agent->mu);
  dev_set_drvdata(&pdev->dev, channel);
  return 0;
}

static int scmi_probe(platform_device* pdev) {
  scmi_agent* agent = nullptr;
  const int ret = find_agent(module_of(pdev), &agent);
  if (ret != 0) return ret;
  return scmi_chan_setup(pdev, agent);
}

static void scmi_remove(platform_device* pdev) {
  scmi_module* module = module_of(pdev);
  auto* channel = static_cast<scmi_channel*>(dev_get_drvdata(&pdev->dev));
  scmi_agent* agent = channel->agent;
  mutex_lock(&agent->mu);
  list_del(&channel->link);
  mutex_unlock(&agent->mu);
  if (module->options.registration == scmi_registration::SUPPLIER) supplier_put(module, agent->dev);
  kfree(channel);
}

int scmi_send(platform_device* pdev) {
  auto* channel = static_cast<scmi_channel*>(dev_get_drvdata(&pdev->dev));
  if (channel == nullptr) return -ENXIO;
  mutex_lock(&channel->agent->mu);
  ghost_agent_used(&pdev->dev, channel->agent->is_open);
  mutex_unlock(&channel->agent->mu);
  return 0;
}

// ---- The module

scmi_module* scmi_module_create(const scmi_options& options, bus_type* platform,
                                bus_type* service_bus) {
  auto* module = kzalloc_obj<scmi_module>(GFP_KERNEL);
  if (module == nullptr) return nullptr;
  module->options = options;
  mutex_init(&module->supplier.mtx);
  module->supplier.available = not_ready();
  module->service.uuid = kScmiService;
  module->service.driver.name = options.is_virtio ? "scmi-virtio-service" : "scmi-optee-service";
  module->service.driver.bus = service_bus;
  module->service.driver.probe = scmi_optee_service_probe;
  module->service.driver.remove = scmi_optee_service_remove;
  module->pdrv.driver.name = kScmiDevice;
  module->pdrv.driver.bus = platform;
  module->pdrv.probe = scmi_probe;
  module->pdrv.remove = scmi_remove;
  return module;
}

int scmi_module_init(scmi_module* module) {
  if (module->options.registration != scmi_registration::IN_PROBE) {
    const int ret = platform_driver_register(&module->pdrv);
    if (ret != 0) return ret;
  }
  return driver_register(&module->service.driver);
}

}  // namespace models::driver_core
