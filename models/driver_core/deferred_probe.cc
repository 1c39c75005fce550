// SPDX-License-Identifier: GPL-2.0-only
//
// Port of the deferred probing of drivers/base/dd.c; see PORT.md.

#include "models/driver_core/bus.h"
#include "models/driver_core/core.h"
#include "models/driver_core/dd.h"
#include "models/kernel/async.h"

namespace models::driver_core {

void driver_deferred_probe_add(device* dev) {
  if (!dev->can_match) return;
  driver_core* core = dev->core;
  mutex_lock(&core->deferred_probe_mutex);
  if (list_empty(&dev->p->deferred_probe))
    list_add_tail(&dev->p->deferred_probe, &core->deferred_probe_pending_list);
  mutex_unlock(&core->deferred_probe_mutex);
}

void driver_deferred_probe_del(device* dev) {
  driver_core* core = dev->core;
  mutex_lock(&core->deferred_probe_mutex);
  if (!list_empty(&dev->p->deferred_probe)) list_del_init(&dev->p->deferred_probe);
  mutex_unlock(&core->deferred_probe_mutex);
}

void driver_deferred_probe_trigger(driver_core* core) {
  if (!core->driver_deferred_probe_enable) return;
  mutex_lock(&core->deferred_probe_mutex);
  atomic_inc(&core->deferred_trigger_count);
  const bool has_work = !list_empty(&core->deferred_probe_pending_list);
  list_splice_tail_init(&core->deferred_probe_pending_list, &core->deferred_probe_active_list);
  mutex_unlock(&core->deferred_probe_mutex);
  if (has_work) queue_work(kernel::system_unbound_wq, &core->deferred_probe_work);
}

void deferred_probe_work_func(kernel::work_struct* work) {
  driver_core* core = container_of(work, driver_core, deferred_probe_work);
  mutex_lock(&core->deferred_probe_mutex);
  while (!list_empty(&core->deferred_probe_active_list)) {
    device_private* p =
        list_entry(core->deferred_probe_active_list.next, device_private, deferred_probe);
    device* dev = p->dev;
    list_del_init(&p->deferred_probe);
    get_device(dev);
    // Probes take the mutex again, and may take any time.
    mutex_unlock(&core->deferred_probe_mutex);
    bus_probe_device(dev);
    mutex_lock(&core->deferred_probe_mutex);
    put_device(dev);
  }
  mutex_unlock(&core->deferred_probe_mutex);
}

void deferred_probe_initcall(driver_core* core) {
  core->driver_deferred_probe_enable = true;
  driver_deferred_probe_trigger(core);
  flush_work(&core->deferred_probe_work);
}

void wait_for_device_probe(driver_core* core) {
  flush_work(&core->deferred_probe_work);
  wait_event(core->probe_waitqueue, atomic_read(&core->probe_count) == 0);
  kernel::async_synchronize_full();
}

}  // namespace models::driver_core
