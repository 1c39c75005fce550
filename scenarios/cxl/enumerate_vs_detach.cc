// SPDX-License-Identifier: GPL-2.0-only
//
// Two memory devices below one switch: one comes (R1, R5), the other goes (W2d).
//
//   T1: find_or_add_dport [parent, port]: finds its dport ... reads dport->port, [port] adds an ep
//   T2: cxl_detach_ep [parent, port]: the last ep goes, and with it all dports, and the port
//
// Bug:    enumeration returns the dport after it dropped the locks under which it found it (Y2);
//         or makes a port, and links itself to it after it dropped them (Y3). The test of
//         port->dead comes after the first look.
// Expect: X2 does not touch that; X3 looks under the port's lock. What cxl_mem_probe does later is
//         clean in all versions: by then the device is linked itself, and the other one not the
//         last. X0n locks a port that cxl_detach_ep holds.
//
// Below a switch a probe walks the bus for each level, some 400 steps: one preemption is what can
// be exhausted in seconds. What fails for want of memory is a scenario of its own.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"

namespace models::cxl {

// Both have been there before, so that their dports are.
static environment OneOfTwo(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::SWITCH, .bound = 1});
  bind_memdev(world, 1);
  unbind_memdev(world, 1);
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kEpSite});
  return world;
}

static void EnumerateVsDetach(heddle::Execution& execution, const cxl_options& options) {
  const environment world = OneOfTwo(execution, options);
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 1); });
  execution.Spawn("unbind", [=] { unbind_memdev(world, 0); });
  execution.JoinAll();
}

static void CreateVsDetach(heddle::Execution& execution, const cxl_options& options) {
  const environment world = environment_create(options, {.below = topology::SWITCH});
  add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
  environment_let_fail({kEpSite});
  execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
  execution.Spawn("other", [=] {
    bind_memdev(world, 1);
    unbind_memdev(world, 1);
  });
  execution.JoinAll();
}

static const heddle::ExpectedFinding found = {.bug = "Y2", .preemptions = 1};
static const heddle::ExpectedFinding recursion = {.bug = "X0n-recursive-deadlock"};
static const std::vector<std::string> not_later = {"X0-use-after-free", "X2a-use-after-free"};
static const std::vector<std::string> no_find = {"X0n-recursive-deadlock", "X0-use-after-free",
                                                 "Y2"};

static const std::vector<heddle::NamedVariant> detach_table = {
    {"X0", 1898, {found}, not_later},        {"X0n", 833, {recursion}},
    {"X1", 1898, {found}, not_later},        {"X1r", 1898, {found}, not_later},
    {"X2", 1900, {found}, not_later},        {"X3", 1874, {}, no_find},
    {"X3-noenum", 1935, {found}, not_later},
};

static const bool enumerate_vs_detach = heddle::Register<cxl_options>({
    .name = "cxl/enumerate_vs_detach",
    .story = "A memory device is linked to its switch while the last other one goes.",
    .body = EnumerateVsDetach,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, detach_table),
});

static const heddle::ExpectedFinding made = {.bug = "Y3", .preemptions = 1};
static const std::vector<std::string> not_made = {"X0n-recursive-deadlock", "Y3"};

static const std::vector<heddle::NamedVariant> create_table = {
    {"X0", 1168, {made}}, {"X0n", 587, {recursion}},  {"X1", 1168, {made}},
    {"X2", 1173, {made}}, {"X3", 1141, {}, not_made}, {"X3-noenum", 1193, {made}},
};

static const bool create_vs_detach = heddle::Register<cxl_options>({
    .name = "cxl/create_vs_detach",
    .story = "A memory device makes the port of its switch while another one comes and goes.",
    .body = CreateVsDetach,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, create_table),
});

static const std::vector<heddle::NamedVariant> fault_table = {
    {"X0", 18, {}, {"Y2"}, "in turn nothing goes wrong"},
    {"X2", 18, {}, {"Y2"}},
    {"X3", 18, {}, {"Y2"}},
};

static const bool enumerate_with_faults = heddle::Register<cxl_options>({
    .name = "cxl/enumerate_with_faults",
    .story = "The same, one after the other, with allocations that fail.",
    .body = EnumerateVsDetach,
    .bounds = {.preemptions = 0, .faults = 2},
    .variants = heddle::VariantsOf(variant, fault_table),
});

}  // namespace models::cxl
