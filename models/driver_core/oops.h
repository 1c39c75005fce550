// SPDX-License-Identifier: GPL-2.0-only
//
// The death of a task in a driver. What it holds stays held (models/kernel/bug.h); where the
// version says so (oops_unlocks_devices), its device locks do not.

#pragma once

#include "models/driver_core/device.h"

namespace models::driver_core {

// The task dies in the driver of `dev`. Fails: kOops, unless oopses are let pass.
[[noreturn]] void oops_in_driver(device* dev);

}  // namespace models::driver_core
