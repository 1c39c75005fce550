// SPDX-License-Identifier: GPL-2.0-only
//
// Somebody injects an error at a dport, through debugfs, while or after ACPI0017 is unbound (W1).
//
//   T1: write to cxl/<host bridge>/einj_inject: reads the dport that the file was made with
//   T2: unbind ACPI0017: the dport goes, its directory in debugfs does not
//
// Bug:    the directory hangs in one that is made at boot, and no resource of the dport's host
//         removes it (Y6). There is no race: writing afterwards is enough.
// Expect: all versions but X3, where the directory is a resource and goes before the dport.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void InjectVsUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH, .has_einj = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("einj", [=] { inject_error(world); });
  execution.Spawn("unbind", [=] { unbind_acpi(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding stale = {.bug = "Y6"};

static const std::vector<heddle::NamedVariant> table = {
    {"X0", 695, {stale}},    {"X1", 732, {stale}},       {"X2", 732, {stale}},
    {"X3", 679, {}, {"Y6"}}, {"X3-nodir", 763, {stale}},
};

static const bool inject_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/inject_vs_unbind",
    .story = "An error is injected at a dport through debugfs while ACPI0017 is unbound.",
    .body = InjectVsUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::cxl
