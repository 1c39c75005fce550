// SPDX-License-Identifier: GPL-2.0-only
//
// A user reads rcd_link_cap (R2) while ACPI0017 is unbound and bound (W1), or cxl_pci is.
//
//   T1: rcd_pcie_cap_emit: looks the dport up ... [uport_dev] reads its registers
//   T2: unbind ACPI0017 [uport_dev]: cxl_dport_remove, free_dport; bind
//
// Bug:    the base asks the dport for its registers without a lock, and again under the lock of its
//         host, which may have a driver again by then.
// Expect: X2 is clean, and so is X1rr: whoever finds a dport under root->dev has its removal wait,
//         and the free comes after it. Y7 is the order in which cxl_pci lets go of its things.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void EmitVsUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  kernel::kernfs_node* file = environment_open_cap(world);
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("cat", [=] { read_cap(file); });
  execution.Spawn("rebind", [=] { rebind_acpi(world); });
  execution.JoinAll();
}

// The dport keeps its pointer to registers that cxl_pci has mapped, and unmaps.
static void EmitVsPciUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH});
  kernel::kernfs_node* file = environment_open_cap(world);
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kMapSite});
  execution.Spawn("cat", [=] { read_cap(file); });
  execution.Spawn("rebind", [=] { rebind_pci(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding captured = {.bug = "X0-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding too_late = {.bug = "X1r-use-after-free", .preemptions = 1};
static const std::vector<std::string> no_capture = {"X0-use-after-free"};
static const std::vector<std::string> none = {"X0-use-after-free", "X1r-use-after-free"};

static const std::vector<heddle::NamedVariant> acpi_table = {
    {"X0", 848, {captured, too_late}, {}, "the second: ACPI0017 is bound again before the guard"},
    {"X0n", 876, {captured, too_late}},
    {"X1", 876, {captured, too_late}},
    {"X1r", 945, {too_late}, no_capture},
    {"X1rr", 976, {}, none, "root->dev is enough to read the dport"},
    {"X2", 806, {}, none},
    {"X2a", 806, {}, none},
    {"X2w", 782, {}, none, "uport_dev is enough, whatever the removal locks"},
    {"X2nest", 806, {}, none},
    {"X3", 828, {}, none},
    {"X3-noemit", 899, {captured, too_late}},
};

static const bool emit_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/emit_vs_unbind",
    .story = "A user reads rcd_link_cap while ACPI0017 is unbound and bound.",
    .body = EmitVsUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, acpi_table),
});

static const heddle::ExpectedFinding dangling = {.bug = "Y7", .preemptions = 1};
static const std::vector<std::string> no_dangling = {"Y7"};

static const std::vector<heddle::NamedVariant> pci_table = {
    {"X0", 369, {}, no_dangling, "the file goes before the mapping, and waits for readers"},
    {"X2", 386, {}, no_dangling},
    {"X2-files-last", 876, {dangling}, {}, "nobody's code: what that order is for"},
    {"X3", 401, {}, no_dangling},
};

static const bool emit_vs_pci_unbind = heddle::Register<cxl_options>({
    .name = "cxl/emit_vs_pci_unbind",
    .story = "A user reads rcd_link_cap while cxl_pci, whose file it is, is unbound and bound.",
    .body = EmitVsPciUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, pci_table),
});

}  // namespace models::cxl
