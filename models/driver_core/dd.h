// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/dd.c: how a device gets its driver, and loses it.
//
// Both sides attach: a new device walks the drivers of its bus under its device lock; a new driver
// walks the devices, and takes the lock of each that it matches. Probes are called with the lock,
// and may add devices and register drivers themselves. A probe that says -EPROBE_DEFER has the
// device wait on a list until another probe has succeeded.
//
// Whether bus->match() runs under the device lock is what the versions differ in (core_options).

#pragma once

#include "models/driver_core/device.h"

namespace models::driver_core {

// ---- Matching (drivers/base/base.h)

// Asks the bus. Positive: a match; 0: none; -EPROBE_DEFER: too early to tell. REQUIRES, from
// dc23806a7c47 on: the device lock is held; Fails: kAssertion.
int driver_match_device(const device_driver* drv, device* dev);
// The same, with the lock taken for the call.
int driver_match_device_locked(const device_driver* drv, device* dev);
// For callers that do not hold the lock: whichever of the two the version has there.
int driver_match_unheld(const device_driver* drv, device* dev);

// ---- Attaching

// From the side of the device: looks for a driver. Returns 1 if it has one now, 0 if none was
// found, or -EPROBE_DEFER. Sleeps: takes the device lock, and calls probe.
int device_attach(device* dev);
// The same; drivers that say so are probed asynchronously.
void device_initial_probe(device* dev);

// From the side of the driver: tries each device of the bus. Returns 0.
int driver_attach(device_driver* drv);

// One device and one driver, as a user asked. Returns 0 or the error of the probe; -EAGAIN where it
// deferred.
int device_driver_attach(device_driver* drv, device* dev);

// ---- Detaching: takes the device lock, calls remove.

void device_release_driver(device* dev);
void device_driver_detach(device* dev);
// All devices of a driver.
void driver_detach(device_driver* drv);

// ---- Deferred probing

void driver_deferred_probe_add(device* dev);
void driver_deferred_probe_del(device* dev);
// Has the devices that wait tried once more, on system_unbound_wq.
void driver_deferred_probe_trigger(driver_core* core);
void deferred_probe_work_func(kernel::work_struct* work);
// The end of booting: from now on triggers have an effect.
void deferred_probe_initcall(driver_core* core);

// Waits until no probe runs, deferred ones included. Sleeps.
void wait_for_device_probe(driver_core* core);

}  // namespace models::driver_core
