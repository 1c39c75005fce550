// SPDX-License-Identifier: GPL-2.0-only
//
// A memory device gets its driver and loses it, ACPI0017 too, one after the other, with any
// allocation on the way failing, and then any second one.
//
//   T1: cxl_mem_probe: [host] adds an endpoint, and has it removed with the driver
//       without memory for that: removes it at once [host]
//
// Bug:    delete_endpoint takes the lock of the host, which cxl_mem_probe holds. Nobody had asked.
// Expect: that in all versions but X3, which takes the endpoint down under the lock it has. Nothing
//         else goes wrong, and nothing is left.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void ProbeWithFaults(heddle::Execution& execution, const cxl_options& options,
                            topology below) {
  const environment world = environment_create(options, {.below = below});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_any_fail();
  execution.Spawn("cxl_mem", [=] {
    bind_memdev(world, 0);
    unbind_memdev(world, 0);
  });
  execution.Spawn("rebind", [=] { rebind_acpi(world); });
  execution.JoinAll();
}

static void BelowRch(heddle::Execution& execution, const cxl_options& options) {
  ProbeWithFaults(execution, options, topology::RCH);
}

static void BelowBridge(heddle::Execution& execution, const cxl_options& options) {
  ProbeWithFaults(execution, options, topology::VH);
}

static void BelowSwitch(heddle::Execution& execution, const cxl_options& options) {
  ProbeWithFaults(execution, options, topology::SWITCH);
}

static const heddle::ExpectedFinding undone = {.bug = "X0-recursive-deadlock", .faults = 1};
static const std::vector<std::string> none = {"X0-recursive-deadlock"};

static const std::vector<heddle::NamedVariant> rch_table = {
    {"X0", 261, {undone}}, {"X1", 261, {undone}},        {"X2", 261, {undone}},
    {"X3", 290, {}, none}, {"X3-noundo", 261, {undone}},
};

static const bool probe_with_faults = heddle::Register<cxl_options>({
    .name = "cxl/probe_with_faults",
    .story = "A memory device below an RCH gets its driver and loses it, and allocations fail.",
    .body = BelowRch,
    .bounds = {.preemptions = 0, .faults = 2},
    .variants = heddle::VariantsOf(variant, rch_table),
});

static const std::vector<heddle::NamedVariant> bridge_table = {
    {"X0", 707, {undone}},
    {"X2", 707, {undone}},
    {"X3", 751, {}, none},
};

static const bool bridge_probe_with_faults = heddle::Register<cxl_options>({
    .name = "cxl/bridge_probe_with_faults",
    .story = "The same below a host bridge, where a port gets a dport on the way.",
    .body = BelowBridge,
    .bounds = {.preemptions = 0, .faults = 2},
    .variants = heddle::VariantsOf(variant, bridge_table),
});

static const std::vector<heddle::NamedVariant> switch_table = {
    {"X0", 1212, {undone}},
    {"X2", 1212, {undone}},
    {"X3", 1257, {}, none},
};

static const bool switch_probe_with_faults = heddle::Register<cxl_options>({
    .name = "cxl/switch_probe_with_faults",
    .story = "The same below a switch, whose port is made on the way, and taken down.",
    .body = BelowSwitch,
    .bounds = {.preemptions = 0, .faults = 2},
    .variants = heddle::VariantsOf(variant, switch_table),
});

}  // namespace models::cxl
