// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/oops.h"

#include "models/kernel/bug.h"

namespace models::driver_core {

// A kernel that did so would keep a list of them per task. There is none here: all devices are
// asked that share a bus with the device or one of its ancestors. This file is not instrumented, so
// the walk is no access of the dying task.
static void unlock_devices_of_task(const device* dying) {
  for (; dying != nullptr; dying = dying->parent) {
    device_private* p = nullptr;
    list_for_each_entry(p, &dying->bus->p->klist_devices.k_list, knode_bus.n_node) {
      if (kernel::__lockdep_is_held(&p->dev->mutex.dep_map)) device_unlock(p->dev);
    }
  }
}

void oops_in_driver(device* dev) {
  if (dev->core->options.oops_unlocks_devices) unlock_devices_of_task(dev);
  BUG();
}

}  // namespace models::driver_core
