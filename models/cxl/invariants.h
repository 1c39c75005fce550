// SPDX-License-Identifier: GPL-2.0-only
//
// INV-C1 to INV-C5: what every version of the CXL core promises.
//
//   C1  Nobody looks at a dport that was freed.
//   C2  Whoever holds the lock of a port finds as many dports as nr_dports says.
//   C3  A dport in the array holds one reference to its device; none is held without a dport.
//   C4  An endpoint is added only where its host has a driver and the dport lives, and only to the
//       host of that kind of dport; and it goes no later than the port above it.
//   C5  Nobody takes a device lock that he holds.
//
// C1 and C5 are the engine's: a use after free, and a recursive deadlock. The others are stated
// here, over a record that the port writes.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/cxl/ghost.h"

namespace models::cxl {

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

std::optional<breach> inv_c2(const cxl_ghost_log& log);
std::optional<breach> inv_c3(const cxl_ghost_log& log);
std::optional<breach> inv_c4(const cxl_ghost_log& log);

// Has them checked at the end of the execution:
//   add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
template <class Execution, class When>
void add_invariants(Execution& execution, When at_end, const cxl_core* core) {
  // Captured, what the world owns counts as reachable.
  execution.AddInvariant({"INV-C2", at_end, [core] { return inv_c2(*core->ghost); }});
  execution.AddInvariant({"INV-C3", at_end, [core] { return inv_c3(*core->ghost); }});
  execution.AddInvariant({"INV-C4", at_end, [core] { return inv_c4(*core->ghost); }});
}

}  // namespace models::cxl
