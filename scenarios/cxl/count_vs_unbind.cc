// SPDX-License-Identifier: GPL-2.0-only
//
// Somebody counts the dports of the root under its lock while ACPI0017 is unbound and bound (W1).
//
//   T1: [root->dev] reads nr_dports, walks the array
//   T2: unbind ACPI0017 [uport_dev]: cxl_dport_remove: nr_dports--, xa_erase
//
// Bug:    the base counts and erases with uport_dev held, which is not the lock of the port
//         (INV-C2). The count itself is never lost: whoever adds dports to the root holds
//         uport_dev, too.
// Expect: v1 is what ends it, and the part of v2 that it needs (X2w).

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void CountVsUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("count", [=] { count_dports(world); });
  execution.Spawn("rebind", [=] { rebind_acpi(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding miscounted = {.bug = "X0-invariant", .preemptions = 1};
static const std::vector<std::string> none = {"X0-invariant"};

static const std::vector<heddle::NamedVariant> table = {
    {"X0", 737, {miscounted}}, {"X0n", 713, {}, none},     {"X1", 713, {}, none},
    {"X2", 713, {}, none},     {"X2w", 737, {miscounted}}, {"X3", 724, {}, none},
};

static const bool count_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/count_vs_unbind",
    .story = "The dports of the root are counted under its lock while ACPI0017 is rebound.",
    .body = CountVsUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::cxl
