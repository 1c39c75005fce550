// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/script.h"

#include "models/driver_core/core.h"
#include "models/driver_core/driver.h"
#include "models/driver_core/ghost.h"
#include "models/driver_core/oops.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

using kernel::EPROBE_DEFER;

static int probe_of(platform_device* pdev) {
  platform_driver* pdrv = to_platform_driver(pdev->dev.driver);
  return run_probe(&pdev->dev, container_of(pdrv, scripted_driver, pdrv));
}

scripted_driver* scripted_driver_create(bus_type* platform, const driver_spec& spec) {
  auto* drv = kernel::kzalloc_obj<scripted_driver>(kernel::GFP_KERNEL);
  drv->pdrv.driver.name = spec.name;
  drv->pdrv.driver.bus = platform;
  drv->pdrv.driver.how = spec.how;
  drv->pdrv.id_table = spec.id_table;
  drv->pdrv.probe = probe_of;
  for (int i = 0; i < kProbeSteps; ++i) drv->steps[i] = spec.probe[i];
  return drv;
}

// The override as the driver sees it, by the accessor or the field that the version has.
static int reserved_for(device* dev) {
  if (dev->core->options.platform_uses_core_override)
    return device_match_driver_override(dev, dev->driver);
  return to_platform_device(dev)->driver_override != nullptr ? 1 : -1;
}

static int read_twice(device* dev) {
  const int first = reserved_for(dev);
  ghost_read_in_probe(dev, first, reserved_for(dev));
  return 0;
}

// Returns 0 to go on with the next step.
static int do_step(device* dev, scripted_driver* drv, const probe_step& step) {
  switch (step.act) {
    case probe_act::SUCCEED:
      return 0;
    case probe_act::FAIL:
      return -EIO;
    case probe_act::DEFER:
      return -EPROBE_DEFER;
    case probe_act::DEFER_ONCE: {
      const bool defers = !drv->has_deferred;
      drv->has_deferred = true;
      return defers ? -EPROBE_DEFER : 0;
    }
    case probe_act::OOPS:
      oops_in_driver(dev);
    case probe_act::ADD_DEVICE:
      return device_add(static_cast<device*>(step.with));
    case probe_act::REGISTER:
      return driver_register(static_cast<device_driver*>(step.with));
    case probe_act::WAIT:
      kernel::wait_for_completion(static_cast<kernel::completion*>(step.with));
      return 0;
    case probe_act::SIGNAL:
      kernel::complete(static_cast<kernel::completion*>(step.with));
      return 0;
    case probe_act::READ_TWICE:
      return read_twice(dev);
  }
  return 0;
}

int run_probe(device* dev, scripted_driver* drv) {
  for (const probe_step& step : drv->steps) {
    const int ret = do_step(dev, drv, step);
    if (ret != 0 || step.act == probe_act::SUCCEED) return ret;
  }
  return 0;
}

}  // namespace models::driver_core
