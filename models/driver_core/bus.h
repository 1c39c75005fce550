// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/bus.c: the two lists of a bus, walks along them, and its files bind and
// unbind.
//
// A walk pins the node it stands at, so neither a device nor a driver leaves the list under it; it
// holds no lock while the callback runs. Nodes that are added meanwhile are visited.

#pragma once

#include "models/driver_core/device.h"

namespace models::driver_core {

// Makes `bus` able to take devices and drivers. Returns 0 or -ENOMEM.
int bus_register(bus_type* bus, driver_core* core);
// REQUIRES: it has neither devices nor drivers.
void bus_unregister(bus_type* bus);

// Calls fn(dev, data), or fn(drv, data), for each until a call returns something else than 0;
// returns that, or 0.
//
// Scheduling point: before each step of the walk. Blocks: what `fn` does.
int bus_for_each_dev(bus_type* bus, device* start, void* data, int (*fn)(device* dev, void* data));
int bus_for_each_drv(bus_type* bus, device_driver* start, void* data,
                     int (*fn)(device_driver* drv, void* data));

// Returns the first device that `match` accepts, with a reference for the caller, or null.
device* bus_find_device(bus_type* bus, device* start, const void* data,
                        bool (*match)(device* dev, const void* data));
device* bus_find_device_by_name(bus_type* bus, device* start, const char* name);

// What device_add and device_del do with the bus. bus_add_device returns 0 or -ENOMEM.
int bus_add_device(device* dev);
void bus_probe_device(device* dev);
void bus_remove_device(device* dev);

// What driver_register and driver_unregister do with it. bus_add_driver returns 0, -ENOMEM, or
// -EEXIST for a name that the bus has.
int bus_add_driver(device_driver* drv);
void bus_remove_driver(device_driver* drv);

// Returns the driver of that name, or null. It is not pinned.
device_driver* driver_find(const char* name, bus_type* bus);

}  // namespace models::driver_core
