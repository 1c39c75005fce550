// SPDX-License-Identifier: GPL-2.0-only
//
// The record behind the invariants: what users wrote, which driver began on which device, and under
// what.
//
// Nothing here exists in the kernel. The port calls ghost_*() where something happens that an
// invariant speaks of. The calls only write to the record: they are not instrumented, contain no
// scheduling point, take no lock and change nothing that the port reads.

#pragma once

#include "models/driver_core/device.h"

namespace models::driver_core {

inline constexpr int kNameSize = 64;

// What a device is reserved for.
struct ghost_override {
  bool is_set = false;
  bool is_stored = false;  // The store that wrote it has returned to its user.
  char name[kNameSize] = {};
};

struct ghost_device {
  const device* dev = nullptr;
  ghost_override current;
  ghost_override at_bind_start;
  int probes_running = 0;
  int probes = 0;
  int bindings = 0;  // That succeeded.
  bool is_bound = false;
};

// A device was given a driver although it was reserved for another.
struct ghost_disobedience {
  const char* device = nullptr;
  const char* driver = nullptr;
  char reserved_for[kNameSize] = {};
};

// A probe that began while another one ran, or a driver that changed without the device lock.
struct ghost_intrusion {
  const char* device = nullptr;
  const char* driver = nullptr;
  bool is_overlap = false;
};

// Two looks of one probe at what its device is reserved for, with different answers.
struct ghost_change_in_probe {
  const char* device = nullptr;
  int first = 0;
  int second = 0;
};

// A driver that was removed from a device whose probe it had not finished.
struct ghost_half_probe {
  const char* device = nullptr;
  const char* driver = nullptr;
  bool is_removal = false;  // Else: the device counts as bound to it.
};

struct ghost_log {
  static constexpr int kDevices = 40;
  static constexpr int kEntries = 8;

  ghost_device devices[kDevices];
  int device_count = 0;

  ghost_disobedience disobediences[kEntries];
  int disobedience_count = 0;
  ghost_intrusion intrusions[kEntries];
  int intrusion_count = 0;
  ghost_change_in_probe changes_in_probe[kEntries];
  int change_in_probe_count = 0;
  ghost_half_probe half_probes[kEntries];
  int half_probe_count = 0;

  // Uses of an agent whose context was closed, and by whom the last one.
  int uses_after_close = 0;
  const char* late_user = nullptr;

  // Of override strings.
  int strings_allocated = 0;
  int strings_freed = 0;
};

// A new record, with nothing in it; it replaces the last one.
ghost_log* ghost_log_create();

// ---- Overrides

void ghost_override_allocated(device* dev);
void ghost_override_freed(device* dev, const char* name);
// The device is reserved for `name` from now on; null: for none. Called under the lock.
void ghost_override_changes(device* dev, const char* name);
// The store that did so returns to its user.
void ghost_override_stored(device* dev);

// ---- Binding

// Somebody holds the device lock to bind the device, and matches it only after this, if at all.
void ghost_bind_starts(device* dev);
void ghost_driver_changes(device* dev, const device_driver* drv);
void ghost_probe_begins(device* dev, const device_driver* drv);
void ghost_probe_ends(device* dev, int ret);
void ghost_read_in_probe(device* dev, int first, int second);
void ghost_bound(device* dev);
// The driver of `dev` uses what another probe published.
void ghost_agent_used(device* dev, bool is_open);
void ghost_remove_begins(device* dev);

}  // namespace models::driver_core
