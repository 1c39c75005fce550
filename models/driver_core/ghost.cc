// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/ghost.h"

#include <cstring>

#include "heddle/base/check.h"

namespace models::driver_core {

// Outside of the memory of the program under test, which dies with it.
static ghost_log the_log;

ghost_log* ghost_log_create() {
  the_log = {};
  return &the_log;
}

static ghost_log& log_of(const device* dev) {
  return *dev->core->ghost;
}

static ghost_device& entry_of(const device* dev) {
  ghost_log& log = log_of(dev);
  for (int i = 0; i < log.device_count; ++i) {
    if (log.devices[i].dev == dev) return log.devices[i];
  }
  HEDDLE_CHECK(log.device_count < ghost_log::kDevices) << "a world of too many devices";
  ghost_device& entry = log.devices[log.device_count++];
  entry.dev = dev;
  return entry;
}

static void copy_name(char* to, const char* from) {
  std::strncpy(to, from, kNameSize - 1);
  to[kNameSize - 1] = '\0';
}

// ---- Overrides

void ghost_override_allocated(device* dev) {
  ++log_of(dev).strings_allocated;
}

void ghost_override_freed(device* dev, const char* name) {
  if (name != nullptr) ++log_of(dev).strings_freed;
}

void ghost_override_changes(device* dev, const char* name) {
  ghost_override& current = entry_of(dev).current;
  current = {.is_set = name != nullptr, .is_stored = false};
  if (name != nullptr) copy_name(current.name, name);
}

void ghost_override_stored(device* dev) {
  entry_of(dev).current.is_stored = true;
}

// ---- Binding

void ghost_bind_starts(device* dev) {
  ghost_device& entry = entry_of(dev);
  entry.at_bind_start = entry.current;
}

void ghost_driver_changes(device* dev, const device_driver* drv) {
  ghost_log& log = log_of(dev);
  if (!kernel::__lockdep_is_held(&dev->mutex.dep_map) && log.intrusion_count < ghost_log::kEntries)
    log.intrusions[log.intrusion_count++] = {
        .device = dev->name, .driver = drv != nullptr ? drv->name : nullptr, .is_overlap = false};
  if (drv == nullptr) {
    entry_of(dev).is_bound = false;
    return;
  }
  const ghost_override& reserved = entry_of(dev).at_bind_start;
  if (!reserved.is_set || !reserved.is_stored || std::strcmp(reserved.name, drv->name) == 0) return;
  if (log.disobedience_count == ghost_log::kEntries) return;
  ghost_disobedience& entry = log.disobediences[log.disobedience_count++];
  entry = {.device = dev->name, .driver = drv->name};
  copy_name(entry.reserved_for, reserved.name);
}

void ghost_probe_begins(device* dev, const device_driver* drv) {
  ghost_log& log = log_of(dev);
  ghost_device& entry = entry_of(dev);
  ++entry.probes;
  if (++entry.probes_running > 1 && log.intrusion_count < ghost_log::kEntries)
    log.intrusions[log.intrusion_count++] = {
        .device = dev->name, .driver = drv->name, .is_overlap = true};
}

void ghost_probe_ends(device* dev, int /*ret*/) {
  --entry_of(dev).probes_running;
}

void ghost_read_in_probe(device* dev, int first, int second) {
  ghost_log& log = log_of(dev);
  if (first == second || log.change_in_probe_count == ghost_log::kEntries) return;
  log.changes_in_probe[log.change_in_probe_count++] = {
      .device = dev->name, .first = first, .second = second};
}

// The record of a driver that is not through with its probe: that probe died.
static void note_half_probe(device* dev, bool is_removal) {
  ghost_log& log = log_of(dev);
  if (entry_of(dev).probes_running == 0 || log.half_probe_count == ghost_log::kEntries) return;
  log.half_probes[log.half_probe_count++] = {
      .device = dev->name, .driver = dev->driver->name, .is_removal = is_removal};
}

void ghost_bound(device* dev) {
  note_half_probe(dev, /*is_removal=*/false);
  ++entry_of(dev).bindings;
  entry_of(dev).is_bound = true;
}

void ghost_agent_used(device* dev, bool is_open) {
  if (is_open) return;
  ghost_log& log = log_of(dev);
  ++log.uses_after_close;
  log.late_user = dev->name;
}

void ghost_remove_begins(device* dev) {
  note_half_probe(dev, /*is_removal=*/true);
}

}  // namespace models::driver_core
