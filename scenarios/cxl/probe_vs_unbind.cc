// SPDX-License-Identifier: GPL-2.0-only
//
// A memory device gets its driver (R1) while the host of the dport above it loses and regains its
// own: ACPI0017 below a restricted host (W1), the port of the host bridge elsewhere (W2u).
//
//   T1: cxl_mem_probe: looks the dport up ... asks what it is ... [host] adds an endpoint
//   T2: unbind [host]: cxl_dport_remove [X1 on: root->dev], free_dport; bind
//
// Bug:    xa_load pins nothing, and what is done with the dport after it has no lock that keeps T2
//         from freeing it. Locks that are taken later come too late (X1r), the wrong one keeps the
//         dport and not its host (X1rr), two in turn leave a gap (X2a), one inside of the other
//         deadlocks (X2nest).
// Expect: below an RCH X2 and X3 are clean. Below a host bridge X2 is clean of what the patch is
//         about, and not of Y2: enumeration, which the probe begins with, has the same hole.

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

static void ProbeVsPortUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::VH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
  execution.Spawn("rebind", [=] { rebind_bridge_port(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding captured = {.bug = "X0-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding toctou = {.bug = "X2a-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding too_late = {.bug = "X1r-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding unlocked = {.bug = "X2w-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding nested = {.bug = "X2nest-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding enumeration = {.bug = "Y2", .preemptions = 1};
static const heddle::ExpectedFinding recursion = {.bug = "X0n-recursive-deadlock"};

// What comes of an endpoint that is added without the lock of its host.
static const heddle::ExpectedFinding freed = {.bug = "X1rr-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding stays = {.bug = "X1rr-invariant", .preemptions = 1};
static const heddle::ExpectedFinding revived = {.bug = "X1rr-misuse", .preemptions = 2};
static const heddle::ExpectedFinding leaked = {.bug = "X1rr-leak", .preemptions = 2};

static const std::vector<std::string> no_capture = {"X0-use-after-free", "X2a-use-after-free"};
static const std::vector<std::string> no_toctou = {"X2a-use-after-free"};
static const std::vector<std::string> no_use = {"X0-use-after-free", "X1r-use-after-free",
                                                "X2w-use-after-free"};
static const std::vector<std::string> none = {
    "X0-use-after-free",  "X1r-use-after-free", "X1rr-use-after-free",
    "X1rr-invariant",     "X1rr-misuse",        "X1rr-leak",
    "X2a-use-after-free", "X2w-use-after-free", "X2nest-deadlock"};

static const std::vector<heddle::NamedVariant> rch_table = {
    {"X0", 3004, {captured, toctou}},
    {"X0n", 3080, {captured, toctou}},
    {"X1", 3080, {captured, toctou}, {}, "the lock of v1 orders nothing for who does not take it"},
    {"X1r", 5940, {too_late, freed, stays, revived, leaked}, no_toctou},
    {"X1rr", 5293, {freed, stays, revived, leaked}, no_capture, "root->dev keeps the dport"},
    {"X2", 3142, {}, none},
    {"X2a", 3142, {toctou}, no_use},
    {"X2w",
     3107,
     {unlocked},
     no_capture,
     "rch is read under root->dev, which removal does not take"},
    {"X2nest", 3114, {nested}, no_use},
    {"X3", 3207, {}, none},
};

static const bool probe_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/probe_vs_unbind",
    .story = "A memory device below an RCH gets its driver while ACPI0017 is unbound and bound.",
    .body = ProbeVsUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, rch_table),
});

static const std::vector<heddle::NamedVariant> vh_table = {
    {"X0", 4109, {captured, toctou, enumeration}},
    {"X0n", 2232, {recursion}},
    {"X1", 4109, {captured, toctou, enumeration}},
    {"X1r", 4028, {too_late, enumeration}, no_capture},
    {"X2", 4076, {enumeration}, no_use, "the patch leaves enumeration as it was"},
    {"X3", 3548, {}, {"X0-use-after-free", "X0n-recursive-deadlock", "X2a-use-after-free", "Y2"}},
    {"X3-noenum", 4113, {enumeration}, no_use},
};

static const bool probe_vs_port_unbind = heddle::Register<cxl_options>({
    .name = "cxl/probe_vs_port_unbind",
    .story = "A memory device gets its driver while the port of its host bridge is rebound.",
    .body = ProbeVsPortUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, vh_table),
});

}  // namespace models::cxl
