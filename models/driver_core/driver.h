// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/driver.c: drivers, and the name that a device is reserved for.
//
// A user writes the name of a driver into driver_override, and the device matches no other from
// then on; an empty line takes it back. In base trees each bus keeps the name in a field of its
// own and reads it in match() without a lock; later the core keeps it, with a spinlock.

#pragma once

#include <cstddef>

#include "models/driver_core/device.h"

namespace models::driver_core {

inline constexpr size_t PAGE_SIZE = 4096;

// Makes the driver known to its bus and tries it with the devices there are. Returns 0; -EBUSY or
// -EEXIST if the bus has a driver of that name; -ENOMEM. Sleeps: takes device locks, calls probe.
int driver_register(device_driver* drv);
// Takes it back: waits for callbacks of its files and for walks that stand at it, then unbinds its
// devices.
void driver_unregister(device_driver* drv);

// ---- Base: the name is in a field of the bus

// Puts what a user wrote into `*override`, under the device lock. Returns 0, -EINVAL or -ENOMEM.
int driver_set_override(device* dev, const char** override, const char* s, size_t len);

// ---- From cb3d1049f4ea on: the name is in the device

// The same under driver_override.lock.
int __device_set_driver_override(device* dev, const char* s, size_t len);
int device_set_driver_override(device* dev, const char* s);
bool device_has_driver_override(device* dev);
// Positive: the device is reserved for this driver; 0: for another one; negative: for none.
int device_match_driver_override(device* dev, const device_driver* drv);

// The attribute that the core makes for buses that ask for it.
extern const device_attribute driver_override_attribute;

}  // namespace models::driver_core
