// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/devres.c: what a device frees with its driver.
//
// Entries stand in a list, and are released in reverse order: all of them when the driver goes, or
// those of one group. A release runs without devres_lock, with whatever locks the caller holds.

#pragma once

#include <cstddef>

#include "models/driver_core/device.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

using dr_release_t = void (*)(device* dev, void* res);

// Returns memory that is released by `release`, once it was added; or null. `name` is what reports
// call it.
void* __devres_alloc(dr_release_t release, size_t size, kernel::gfp_t gfp, const char* name);
#define devres_alloc(release, size, gfp) \
  ::models::driver_core::__devres_alloc(release, size, gfp, #release)
// Frees what was not added.
void devres_free(void* res);
void devres_add(device* dev, void* res);

// Runs action(data) when the driver goes. Returns 0 or -ENOMEM; the _or_reset form runs it at once
// then.
int devm_add_action(device* dev, void (*action)(void*), void* data);
int devm_add_action_or_reset(device* dev, void (*action)(void*), void* data);
// Takes the action back, and runs it, or does not. An action that is not there is a warning.
void devm_release_action(device* dev, void (*action)(void*), void* data);
void devm_remove_action(device* dev, void (*action)(void*), void* data);

// Memory that is freed when the driver goes.
void* devm_kzalloc(device* dev, size_t size, kernel::gfp_t gfp, const char* name = "devm_kzalloc");

// A group is what is added between its two markers, or up to the end while it is not closed. A null
// id makes the group its own id, which is returned; null without memory.
void* devres_open_group(device* dev, void* id, kernel::gfp_t gfp);
void devres_close_group(device* dev, void* id);
// Takes the markers away, and keeps what is between them.
void devres_remove_group(device* dev, void* id);
// Releases what is in the group. Returns how many entries that were.
int devres_release_group(device* dev, void* id);

// Releases everything. Returns how many entries that were.
int devres_release_all(device* dev);

}  // namespace models::driver_core
