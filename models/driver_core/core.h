// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/core.c: the life of a device.
//
//   device_initialize(dev, core); dev->bus = ...; dev->release = ...;
//   if (device_add(dev) != 0) put_device(dev);
//   ...
//   device_unregister(dev);                      // device_del and put_device
//
// device_initialize gives the first reference; the last one runs dev->release.

#pragma once

#include "models/driver_core/device.h"

namespace models::driver_core {

// The state that drivers/base keeps in static variables.
//
// Scheduling point: none. Blocks: never.
driver_core* driver_core_create(const core_options& options);
void driver_core_destroy(driver_core* core);

// Makes a device nobody knows yet, with one reference.
//
// Scheduling point: none. Blocks: never.
void device_initialize(device* dev, driver_core* core);

// Take and drop a reference; null is ignored. The last one frees the device's resources, its
// override, and what dev->release frees.
//
// Scheduling point: before the change.
// Blocks:           what releases of its resources do; with annotates_match, for a grace period.
device* get_device(device* dev);
void put_device(device* dev);

// Makes the device known to its bus and to sysfs, and looks for a driver. Returns 0, -EINVAL for a
// device without a name, or -ENOMEM. Sleeps: takes the device lock, and calls probe.
int device_add(device* dev);
int device_register(device* dev, driver_core* core);

// Takes the device back: no probe begins after it. Waits for callbacks of its files, and unbinds
// its driver. Sleeps: takes the device lock.
void device_del(device* dev);
void device_unregister(device* dev);

// Calls fn(child, data) for the children of `parent` until one call returns something else than 0;
// returns that, or 0. The child is pinned meanwhile, no lock is held.
int device_for_each_child(device* parent, void* data, int (*fn)(device* dev, void* data));

// Makes a file of `attr` in the directory of the device. Returns 0 or -ENOMEM.
int device_create_file(device* dev, device_file* file, const device_attribute* attr);
// Removes it, and waits for its callbacks; a file that was never made is ignored.
void device_remove_file(device_file* file);

// Reboot: takes every device off, newest first, under its lock and its parent's.
void device_shutdown(driver_core* core);

}  // namespace models::driver_core
