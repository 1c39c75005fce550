// SPDX-License-Identifier: GPL-2.0-only
//
// ACPI0017 is not only unbound but removed, while a memory device gets its driver (R1), or a user
// reads rcd_link_cap (R2).
//
//   T1: has the root port, takes root->uport_dev's lock ...
//   T2: device_unregister(ACPI0017): unbinds it, drops the last reference
//
// Bug:    a port does not pin its uport_dev. A root port does through its parent, until it is
//         unregistered itself; whoever holds only the port finds a device that was freed (Y4). The
//         patch makes that lock the first thing that readers take.
// Expect: Y4 in X0 to X2, not in X3, whose ports pin their uport_dev. A reader that is content with
//         root->dev (X1rr) never touches the device.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void ProbeVsRemoval(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
  execution.Spawn("remove", [=] { remove_acpi(world); });
  execution.JoinAll();
}

static void EmitVsRemoval(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  kernel::kernfs_node* file = environment_open_cap(world);
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cat", [=] { read_cap(file); });
  execution.Spawn("remove", [=] { remove_acpi(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding captured = {.bug = "X0-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding unpinned = {.bug = "Y4", .preemptions = 1};
static const std::vector<std::string> no_capture = {"X0-use-after-free"};
static const std::vector<std::string> none = {"X0-use-after-free", "Y4"};

static const std::vector<heddle::NamedVariant> probe_table = {
    {"X0", 1470, {captured, unpinned}},
    {"X2", 1513, {unpinned}, no_capture},
    {"X3", 1451, {}, none},
    {"X3-noref", 1513, {unpinned}, no_capture},
};

static const bool probe_vs_removal = heddle::Register<cxl_options>({
    .name = "cxl/probe_vs_removal",
    .story = "A memory device below an RCH gets its driver while ACPI0017 is removed.",
    .body = ProbeVsRemoval,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, probe_table),
});

static const std::vector<heddle::NamedVariant> emit_table = {
    {"X0", 406, {captured, unpinned}},
    {"X1", 423, {captured, unpinned}},
    {"X1rr", 364, {}, none, "root->dev is pinned with the port, and nothing else is locked"},
    {"X2", 369, {unpinned}, no_capture},
    {"X3", 328, {}, none},
    {"X3-noref", 369, {unpinned}, no_capture},
};

static const bool emit_vs_removal = heddle::Register<cxl_options>({
    .name = "cxl/emit_vs_removal",
    .story = "A user reads rcd_link_cap while ACPI0017 is removed.",
    .body = EmitVsRemoval,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, emit_table),
});

}  // namespace models::cxl
