// SPDX-License-Identifier: GPL-2.0-only
//
// What the order of locks alone says of a probe and an unbinding, without the bad schedule.
//
//   T1: cxl_mem_probe:  [cxlmd->dev] -> [uport_dev], or [root->dev], or one inside of the other
//   T2: unbind ACPI0017: [uport_dev] -> [root->dev] (v1) in cxl_dport_remove
//
// Bug:    v1 makes uport_dev -> root->dev an order. Whoever takes them the other way deadlocks.
// Expect: only X2nest does; the lock that v1 adds closes no cycle by itself.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void Predicted(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
  execution.Spawn("rebind", [=] { rebind_acpi(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding predicted = {.bug = "X2nest-lock-order"};
static const std::vector<std::string> none = {"X2nest-lock-order"};

static const std::vector<heddle::NamedVariant> table = {
    {"X0", 6, {}, none}, {"X1", 6, {}, none},        {"X1rr", 6, {}, none},
    {"X2", 6, {}, none}, {"X2nest", 3, {predicted}}, {"X3", 6, {}, none},
};

static const bool predicted_probe_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/predicted_probe_vs_unbind",
    .story = "The order of locks alone, of a probe below an RCH and an unbinding of ACPI0017.",
    .body = Predicted,
    .bounds = {.preemptions = 0, .faults = 1},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::cxl
