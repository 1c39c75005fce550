// SPDX-License-Identifier: GPL-2.0-only
//
// INV-D1 to INV-D6: what every version of the driver core promises.
//
//   D1  Override strings are used while they live, freed once, and none is left behind.
//   D2  Progress: a registration that matches no stuck device returns, and no device waits for a
//       supplier that is there.
//   D3  One driver per device at a time: probes of a device never overlap, and dev->driver changes
//       under the device lock only. A driver that a device counts as bound to has finished its
//       probe.
//   D4  A device that was reserved for a driver when its binding began is bound to no other. Its
//       binding begins when the lock is taken that the probe is called with; reserved it is once
//       the store has returned to its user.
//   D5  What a probe publishes is whole when others find it, and nobody uses it after it is gone.
//   D6  A probe that asks twice what its device is reserved for is told the same. No version
//       promises it; drivers that match once more in their probe take it for granted.
//
// A string that is used after its end is found where it happens, and a task that waits for ever is
// a deadlock or a hang: neither needs a record. What is here is the rest.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/driver_core/environment.h"
#include "models/driver_core/ghost.h"

namespace models::driver_core {

struct breach {
  std::string sentence;
  std::vector<std::string> objects;
  std::vector<std::string> functions;

  // As what the engine calls it.
  template <class Violation>
  operator Violation() const {  // NOLINT(google-explicit-constructor)
    return {sentence, objects, functions};
  }
};

std::optional<breach> inv_d1(const ghost_log& log, int in_use);
std::optional<breach> inv_d3(const ghost_log& log);
std::optional<breach> inv_d4(const ghost_log& log);
std::optional<breach> inv_d5(const ghost_log& log);
std::optional<breach> inv_d6(const ghost_log& log);

// Which of them a scenario states.
struct invariant_set {
  bool d1 = true;
  bool d3 = true;
  bool d4 = false;
  bool d5 = true;
  bool d6 = false;
};

// How many override strings the devices of the world hold.
int overrides_in_use(const driver_core& core);

// Has them checked at the end of the execution:
//   add_invariants(execution, heddle::CheckedAt::kEnd, world, {.d4 = true});
template <class Execution, class When>
void add_invariants(Execution& execution, When at_end, const environment& world,
                    const invariant_set& set = {}) {
  // Captured, what the world owns counts as reachable.
  const driver_core* core = world.core;
  if (set.d1) {
    execution.AddInvariant(
        {"INV-D1", at_end, [core] { return inv_d1(*core->ghost, overrides_in_use(*core)); }});
  }
  if (set.d3) execution.AddInvariant({"INV-D3", at_end, [core] { return inv_d3(*core->ghost); }});
  if (set.d5) execution.AddInvariant({"INV-D5", at_end, [core] { return inv_d5(*core->ghost); }});
  if (set.d6) execution.AddInvariant({"INV-D6", at_end, [core] { return inv_d6(*core->ghost); }});
  if (set.d4) execution.AddInvariant({"INV-D4", at_end, [core] { return inv_d4(*core->ghost); }});
}

}  // namespace models::driver_core
