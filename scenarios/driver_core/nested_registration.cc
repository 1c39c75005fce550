// SPDX-License-Identifier: GPL-2.0-only
//
// Probes that register drivers on the bus of their own device.
//
//   direct:   T1: lock A; probe A: register other -> match A        [M1: A]
//   two:      T1: lock A; probe A: register c -> match A, B      T2: lock B; probe B: ... A, B
//   matching: the same, with a driver whose table has A in it: __driver_attach takes A in any case
//
// Bug:    arm-smmu and gpio-omap did so under their own device lock. With the match under the lock
//         that is a recursion or a cycle (M1); with a driver that matches, in every version (M0-n).
// Expect: M1 and M6 recurse. Two probes on one bus add no cycle to that: late_service.cc has the
// one
//         of two buses. M0-n is in all of them, the reference included.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"

namespace models::driver_core {

static scripted_driver* Registrar(const environment& world, const char* name,
                                  const driver_spec& nested) {
  scripted_driver* other = environment_driver_to_come(world, nested);
  return environment_driver_to_come(
      world, {.name = name, .probe = {{probe_act::REGISTER, &other->pdrv.driver}}});
}

static void Direct(heddle::Execution& execution, const core_options& options,
                   const driver_spec& nested) {
  const environment world = environment_create(options);
  environment_device(world, "smmu");
  scripted_driver* smmu = Registrar(world, "smmu", nested);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { platform_driver_register(&smmu->pdrv); });
  execution.JoinAll();
}

static void Cross(heddle::Execution& execution, const core_options& options,
                  const driver_spec& nested1, const driver_spec& nested2) {
  const environment world = environment_create(options);
  environment_device(world, "smmu");
  environment_device(world, "gpio");
  scripted_driver* smmu = Registrar(world, "smmu", nested1);
  scripted_driver* gpio = Registrar(world, "gpio", nested2);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  execution.Spawn("modprobe1", [=] { platform_driver_register(&smmu->pdrv); });
  execution.Spawn("modprobe2", [=] { platform_driver_register(&gpio->pdrv); });
  execution.JoinAll();
}

static constexpr const char* kSmmu[] = {"smmu", nullptr};
static constexpr const char* kGpio[] = {"gpio", nullptr};

static void RegisterInOwnProbe(heddle::Execution& execution, const core_options& options) {
  Direct(execution, options, {.name = "tbu"});
}

static void RegisterMatchInProbe(heddle::Execution& execution, const core_options& options) {
  Direct(execution, options, {.name = "tbu", .id_table = kSmmu});
}

static void RegisterInTwoProbes(heddle::Execution& execution, const core_options& options) {
  Cross(execution, options, {.name = "tbu"}, {.name = "mpuio"});
}

// Each registers a driver for the other one's device.
static void RegisterMatchInTwoProbes(heddle::Execution& execution, const core_options& options) {
  Cross(execution, options, {.name = "tbu", .id_table = kGpio},
        {.name = "mpuio", .id_table = kSmmu});
}

static const heddle::ExpectedFinding recursion = {.bug = "M1-recursive-deadlock"};
static const heddle::ExpectedFinding nested = {.bug = "M0-n"};
static const heddle::ExpectedFinding nested_cycle = {.bug = "M0-n", .preemptions = 1};
// On one bus there is no cycle: both walks meet the devices in the same order.
static const std::string kFirstRecurses = "who holds the first device of the list meets it first";
static const std::vector<std::string> no_recursion = {"M1-recursive-deadlock"};

static const std::vector<heddle::NamedVariant> direct_table = {
    {"M0", 3, {}, no_recursion},      {"M1", 3, {recursion}},       {"M2", 3, {}, no_recursion},
    {"M3", 3, {}, no_recursion},      {"M3p", 3, {}, no_recursion}, {"M4", 3, {}, no_recursion},
    {"M5", 3, {}, no_recursion},      {"M5f", 3, {}, no_recursion}, {"M6", 3, {recursion}},
    {"M-ideal", 3, {}, no_recursion},
};

static const bool register_in_own_probe = heddle::Register<core_options>({
    .name = "driver_core/register_in_own_probe",
    .story = "A probe registers a driver on the bus of its own device.",
    .body = RegisterInOwnProbe,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, direct_table),
});

static const std::vector<heddle::NamedVariant> match_table = {
    {"M0", 3, {nested}},
    {"M1", 3, {recursion}, {}, "recurses in the match, before it can in the attach"},
    {"M2", 3, {nested}},
    {"M3", 3, {nested}},
    {"M3p", 3, {nested}},
    {"M4", 3, {nested}},
    {"M5", 3, {nested}},
    {"M5f", 3, {nested}},
    {"M6", 3, {recursion}, {}, "recurses in the match, before it can in the attach"},
    {"M-ideal", 3, {nested}},
};

static const bool register_match_in_probe = heddle::Register<core_options>({
    .name = "driver_core/register_match_in_probe",
    .story = "A probe registers a driver that matches its own device.",
    .body = RegisterMatchInProbe,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, match_table),
});

static const std::vector<heddle::NamedVariant> cross_table = {
    {"M0", 1860, {}, {"M1-deadlock"}},
    {"M1", 833, {recursion}, {"M1-deadlock"}, kFirstRecurses},
    {"M2", 1860, {}, {"M1-deadlock"}},
    {"M3", 2616, {}, {"M1-deadlock"}},
    {"M3p", 1860, {}, {"M1-deadlock"}},
    {"M4", 2616, {}, {"M1-deadlock"}},
    {"M5", 2616, {}, {"M1-deadlock"}},
    {"M5f", 2616, {}, {"M1-deadlock"}},
    {"M6", 833, {recursion}, {"M1-deadlock"}, kFirstRecurses},
    {"M-ideal", 2874, {}, {"M1-deadlock"}},
};

static const bool register_in_two_probes = heddle::Register<core_options>({
    .name = "driver_core/register_in_two_probes",
    .story = "Two probes at once, each of which registers a driver on the bus of both devices.",
    .body = RegisterInTwoProbes,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, cross_table),
});

static const std::vector<heddle::NamedVariant> cross_match_table = {
    {"M0", 1458, {nested_cycle}},
    {"M1", 919, {recursion}, {"M1-deadlock"}, kFirstRecurses},
    {"M2", 1458, {nested_cycle}},
    {"M3", 2024, {nested_cycle}},
    {"M3p", 1458, {nested_cycle}},
    {"M4", 2024, {nested_cycle}},
    {"M5", 2024, {nested_cycle}},
    {"M5f", 2024, {nested_cycle}},
    {"M6", 919, {recursion}, {"M1-deadlock"}, kFirstRecurses},
    {"M-ideal", 2254, {nested_cycle}},
};

static const bool register_match_in_two_probes = heddle::Register<core_options>({
    .name = "driver_core/register_match_in_two_probes",
    .story = "Two probes at once, each of which registers a driver for the other one's device.",
    .body = RegisterMatchInTwoProbes,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, cross_match_table),
});

}  // namespace models::driver_core
