// SPDX-License-Identifier: GPL-2.0-only
//
// A memory device below a restricted host gets its driver while ACPI0017 loses and regains its own.
//
//   T1: cxl_mem_probe: looks the dport up ... [uport_dev] adds an endpoint
//   T2: unbind ACPI0017 [uport_dev]: cxl_dport_remove [X1 on: root->dev], free_dport; bind
//
// Bug:    xa_load pins nothing, and what is done with the dport after it has no lock that keeps
//         T2 from freeing it.
// Expect: X0 and X1 look at a dport that was freed; X2 does not; X2a does, between its two guards.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void ProbeVsUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
  execution.Spawn("rebind", [=] { rebind_acpi(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding captured = {.bug = "X0-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding toctou = {.bug = "X2a-use-after-free", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"X0", 3004, {captured, toctou}},
    {"X2", 3142, {}, {"X0-use-after-free", "X2a-use-after-free"}},
};

static const bool probe_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/probe_vs_unbind",
    .story = "A memory device below an RCH gets its driver while ACPI0017 is unbound and bound.",
    .body = ProbeVsUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::cxl
