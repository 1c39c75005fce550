// SPDX-License-Identifier: GPL-2.0-only
//
// The users of cxl_pci_find_port, which the patch leaves as they are: the error handler (R3) and
// the probe of cxl_pci (R4), while ACPI0017 is unbound (W1).
//
//   T1: cxl_cor_error_detected [cxlmd->dev]: looks the dport up ... reads its registers; then those
//       of the endpoint
//   T2: unbind ACPI0017 [uport_dev]: the endpoint goes, its memory device is told later; mappings,
//       then dports go
//
// Bug:    cxlmd->dev keeps neither the dport nor the registers of the endpoint: what goes with
//         ACPI0017 does not wait for it. The probe even writes to the dport.
// Expect: Y1 in all versions but X3. root->dev would keep the dport (X1rr), and not its registers,
//         which are unmapped earlier. Y8 without a preemption: it is enough to come in between.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

static void ErrorVsUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::RCH, .bound = 1});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kPortSite});
  execution.Spawn("aer", [=] { report_error(world); });
  execution.Spawn("unbind", [=] { unbind_acpi(world); });
  execution.JoinAll();
}

static void PciProbeVsUnbind(heddle::Execution& execution, const cxl_options& options) {
  const environment world =
      environment_create(options, {.below = topology::RCH, .has_mem_driver = false});
  unbind_pci(world);
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kMapSite});
  execution.Spawn("cxl_pci", [=] { bind_pci(world); });
  execution.Spawn("unbind", [=] { unbind_acpi(world); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding captured = {.bug = "Y1", .preemptions = 1};
static const heddle::ExpectedFinding unmapped = {.bug = "X1rr-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding endpoint = {.bug = "Y8"};
static const std::vector<std::string> no_capture = {"Y1"};
static const std::vector<std::string> no_endpoint = {"Y8"};
static const std::vector<std::string> no_dport = {"X1rr-use-after-free", "Y1"};
static const std::vector<std::string> none = {"X1rr-use-after-free", "Y1", "Y8"};

static const std::vector<heddle::NamedVariant> error_table = {
    {"X0", 2089, {captured, unmapped, endpoint}},
    {"X1", 2158, {captured, unmapped, endpoint}},
    {"X1rr", 2161, {unmapped, endpoint}, no_capture, "mappings go before root->dev is asked for"},
    {"X2", 2158, {captured, unmapped, endpoint}},
    {"X3", 2292, {}, none},
    {"X3-nopci", 3652, {captured, unmapped}, no_endpoint},
    {"X3-noras", 1977, {endpoint}, no_dport},
};

static const bool error_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/error_vs_unbind",
    .story = "The link above a memory device has an error while ACPI0017 is unbound.",
    .body = ErrorVsUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, error_table),
});

static const std::vector<heddle::NamedVariant> pci_table = {
    {"X0", 736, {captured}},
    {"X1", 800, {captured}},
    {"X1rr", 693, {}, no_capture, "root->dev is enough for rch, rcrb and the pointer"},
    {"X2", 800, {captured}},
    {"X3", 591, {}, no_capture},
    {"X3-nopci", 821, {captured}},
};

static const bool pci_probe_vs_unbind = heddle::Register<cxl_options>({
    .name = "cxl/pci_probe_vs_unbind",
    .story = "cxl_pci maps registers by way of the dport above while ACPI0017 is unbound.",
    .body = PciProbeVsUnbind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, pci_table),
});

}  // namespace models::cxl
