// SPDX-License-Identifier: GPL-2.0-only
//
// Drivers whose probe does what a scenario says: succeed, fail, defer, die, wait, add a device,
// register a driver.
//
//   scripted_driver* drv = scripted_driver_create(platform, {
//       .name = "gpu", .probe = {{probe_act::ADD_DEVICE, child}, {probe_act::REGISTER, other}}});
//
// The steps are done in order; the probe returns 0 after the last one, unless a step ends it.

#pragma once

#include "models/driver_core/platform.h"
#include "models/kernel/completion.h"

namespace models::driver_core {

enum class probe_act : kernel::u8 {
  SUCCEED,     // Ends the probe with 0.
  FAIL,        // Ends it with -EIO.
  DEFER,       // Ends it with -EPROBE_DEFER.
  DEFER_ONCE,  // The same, the first time.
  OOPS,        // The task dies here, or the scenario's panic.
  ADD_DEVICE,  // device_add(with), a device that was initialised.
  REGISTER,    // driver_register(with), a device_driver. An error ends the probe with it.
  WAIT,        // wait_for_completion(with).
  SIGNAL,      // complete(with).
  READ_TWICE,  // Asks twice which driver the device is reserved for, as a probe does that matches
               // once more: the answers are stated to be equal.
};

struct probe_step {
  probe_act act = probe_act::SUCCEED;
  void* with = nullptr;
};

inline constexpr int kProbeSteps = 4;

struct driver_spec {
  const char* name = nullptr;
  probe_step probe[kProbeSteps];
  const char* const* id_table = nullptr;
  probe_type how = probe_type::PROBE_FORCE_SYNCHRONOUS;
};

struct scripted_driver {
  platform_driver pdrv;
  probe_step steps[kProbeSteps];
  bool has_deferred;
};

// An unregistered driver of the platform bus.
scripted_driver* scripted_driver_create(bus_type* platform, const driver_spec& spec);

// What a probe that follows `steps` does and returns.
int run_probe(device* dev, scripted_driver* drv);

}  // namespace models::driver_core
