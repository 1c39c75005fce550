// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/oops.h"

#include "models/kernel/bug.h"

namespace models::driver_core {

// A kernel that did so would keep a list of them per task. There is none here: all devices are
// asked. This file is not instrumented, so the walk is no access of the dying task.
static void unlock_devices_of_task(driver_core* core) {
  device* dev = nullptr;
  list_for_each_entry_reverse(dev, &core->devices, kset_entry) {
    if (kernel::__lockdep_is_held(&dev->mutex.dep_map)) device_unlock(dev);
  }
}

void oops_in_driver(device* dev) {
  if (dev->core->options.oops_unlocks_devices) unlock_devices_of_task(dev->core);
  BUG();
}

}  // namespace models::driver_core
