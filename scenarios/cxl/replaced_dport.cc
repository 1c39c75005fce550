// SPDX-License-Identifier: GPL-2.0-only
//
// The dport above a memory device comes back as one of the other kind, between the two looks of v2.
//
//   T1: cxl_mem_probe: [root->dev] loads the dport, an RCH's ... [uport_dev] loads it again, and
//       adds an endpoint to uport_dev
//   T2: takes the dport away, and adds another one for the same host bridge, not an RCH's
//
// Bug:    the second look does not ask for rch again (Y5, INV-C4): the endpoint belongs to the port
//         and is given to uport_dev.
// Expect: where ACPI0017 is unbound and bound to that end, nothing: the new dport is one of a new
//         root port, and the reader has the old one. Only a driver that replaces a dport in place
//         would show it, and there is none; X3 asks again.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void ProbeVsRebindAsVh(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
  execution.Spawn("rebind", [=] { rebind_acpi_as_vh(world); });
  execution.JoinAll();
}

static void ProbeVsReplacedDport(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
  execution.Spawn("replace", [=] { replace_dport(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding captured = {.bug = "X0-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding toctou = {.bug = "X2a-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding other_kind = {.bug = "Y5", .preemptions = 1};
static const std::vector<std::string> no_other_kind = {"Y5"};
static const std::vector<std::string> no_use = {"X0-use-after-free", "X2a-use-after-free"};
static const std::vector<std::string> none = {"X0-use-after-free", "X2a-use-after-free", "Y5"};

static const std::vector<heddle::NamedVariant> rebind_table = {
    {"X0", 5885, {captured, toctou}, no_other_kind},
    {"X2", 6101, {}, none, "the reader still has the root port of before"},
    {"X3-norch", 6273, {}, none},
};

static const bool probe_vs_rebind_as_vh = heddle::Register<cxl_options>({
    .name = "cxl/probe_vs_rebind_as_vh",
    .story = "ACPI0017 is unbound, and finds the host bridge unrestricted when it is bound again.",
    .body = ProbeVsRebindAsVh,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, rebind_table),
});

static const std::vector<heddle::NamedVariant> replace_table = {
    {"X0", 758, {captured, toctou}, no_other_kind},
    {"X1", 778, {captured, toctou}, no_other_kind},
    {"X2", 829, {other_kind}, no_use, "no driver of the tree replaces a dport like this"},
    {"X2a", 772, {toctou}},
    {"X3", 801, {}, none},
    {"X3-norch", 839, {other_kind}, no_use},
};

static const bool probe_vs_replaced_dport = heddle::Register<cxl_options>({
    .name = "cxl/probe_vs_replaced_dport",
    .story = "A dport of the root gives way to one of the other kind, with ACPI0017 bound.",
    .body = ProbeVsReplacedDport,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, replace_table),
});

}  // namespace models::cxl
