// SPDX-License-Identifier: GPL-2.0-only
//
// __devm_cxl_add_dport, with every allocation on its way failing in turn: the dport, its group, the
// three actions, the entry in the array, the link, the registers.
//
//   [host] open group, free; [root->dev] insert; remove; link, unlink; registers; close group
//
// Bug:    an action that cannot be allocated runs at once. For the removal that is right behind the
//         section in which the dport was inserted: one line earlier, and it takes a lock that its
//         caller holds.
// Expect: nothing is left of a dport that failed, in all versions. X2-inside recurses at the root;
//         X0n does elsewhere, where the caller holds the lock of the port throughout.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/ghost.h"
#include "models/cxl/invariants.h"
#include "models/kernel/errno.h"

namespace models::cxl {

// Whatever fails, nothing is left of the dport. Memory that is left is found by the engine.
static void AddDport(const environment& world, cxl_port* port) {
  const device* host = port->depth == 0 ? port->uport_dev : &port->dev;
  const int resources = resources_of(host);
  const int dports = port->nr_dports;
  const int live = world.core->ghost->dport_count;
  const int rc = add_second_dport(world, port);
  const int added = rc == 0 ? 1 : 0;
  HEDDLE_ENSURE(rc == 0 || rc == -ENOMEM);
  HEDDLE_ENSURE(rc == 0 || resources_of(host) == resources);
  HEDDLE_ENSURE(port->nr_dports == dports + added);
  HEDDLE_ENSURE(has_second_dport(world, port) == (rc == 0));
  HEDDLE_ENSURE(world.core->ghost->dport_count == live + added);
}

static void AddRootDport(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  cxl_port* port = root_port(world);
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_dports_fail();
  execution.Spawn("cxl_acpi", [=] { AddDport(world, port); });
  execution.JoinAll();
}

static void AddBridgeDport(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::VH, .bound = 1});
  cxl_port* port = bridge_port(world);
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_dports_fail();
  execution.Spawn("cxl_port", [=] { AddDport(world, port); });
  execution.JoinAll();
}

static const std::vector<std::string> none = {"X0n-recursive-deadlock",
                                              "X2-inside-recursive-deadlock"};
static const heddle::ExpectedFinding inside = {.bug = "X2-inside-recursive-deadlock", .faults = 1};
static const heddle::ExpectedFinding naive = {.bug = "X0n-recursive-deadlock", .faults = 1};

static const std::vector<heddle::NamedVariant> root_table = {
    {"X0", 9, {}, none},        {"X0n", 9, {}, none, "root->dev was dropped"},
    {"X1", 9, {}, none},        {"X2", 9, {}, none},
    {"X2-inside", 9, {inside}}, {"X3", 9, {}, none},
};

static const bool add_root_dport = heddle::Register<cxl_options>({
    .name = "cxl/add_root_dport",
    .story = "A dport is added to the root, and any allocation on the way may fail.",
    .body = AddRootDport,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, root_table),
});

static const std::vector<heddle::NamedVariant> bridge_table = {
    {"X0", 9, {}, none},
    {"X0n", 9, {naive}},
    {"X1", 9, {}, none},
    {"X2", 9, {}, none},
    {"X2-inside", 9, {}, none, "there is no lock to take"},
    {"X3", 9, {}, none},
};

static const bool add_bridge_dport = heddle::Register<cxl_options>({
    .name = "cxl/add_bridge_dport",
    .story = "A dport is added below a host bridge, and any allocation on the way may fail.",
    .body = AddBridgeDport,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, bridge_table),
});

}  // namespace models::cxl
