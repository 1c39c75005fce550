// SPDX-License-Identifier: GPL-2.0-only
//
// A probe dies, and with it whoever registered its driver; others go on, as far as they can.
//
//   T1: driver_register(bad) -> __driver_attach [A's lock] -> probe: oops, the lock stays held
//   T2: driver_register(other) -> __driver_attach -> match A  [M1: A's lock]
//
// Bug:    with the match under the device lock, every later registration on the bus waits for a
//         dead task ("firewire oops at driver attach": no oops to be seen, just a silent machine).
// Expect: M1 hangs with the dead owner named; M0 and M3 do not, unless the second driver matches
//         the same device. M6 does not either, for it lets the lock go.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/kernel/bug.h"

namespace models::driver_core {

static environment WorldThatSurvives(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  kernel::set_panic_on_oops(false);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  return world;
}

static constexpr driver_spec kBadDriver = {.name = "firewire", .probe = {{probe_act::OOPS}}};
static constexpr const char* kFirewire[] = {"firewire", nullptr};

// Which of the two comes first is for the search to say.
static void OopsInProbe(heddle::Execution& execution, const core_options& options) {
  const environment world = WorldThatSurvives(execution, options);
  environment_device(world, "firewire");
  environment_device(world, "nic");
  scripted_driver* bad = environment_driver_to_come(world, kBadDriver);
  scripted_driver* other = environment_driver_to_come(world, {.name = "nic"});
  environment_let_registration_fail();
  execution.Spawn("modprobe1", [=] { platform_driver_register(&bad->pdrv); });
  execution.Spawn("modprobe2", [=] { platform_driver_register(&other->pdrv); });
  execution.JoinAll();
}

static void OopsInProbeOfMatch(heddle::Execution& execution, const core_options& options) {
  const environment world = WorldThatSurvives(execution, options);
  environment_device(world, "firewire");
  environment_device(world, "nic");
  scripted_driver* bad = environment_driver_to_come(world, kBadDriver);
  scripted_driver* other =
      environment_driver_to_come(world, {.name = "firewire2", .id_table = kFirewire});
  environment_let_registration_fail();
  execution.Spawn("modprobe1", [=] { platform_driver_register(&bad->pdrv); });
  execution.Spawn("modprobe2", [=] { platform_driver_register(&other->pdrv); });
  execution.JoinAll();
}

// The driver is there first; whoever adds the device dies in its probe.
static void OopsOfLateDevice(heddle::Execution& execution, const core_options& options) {
  const environment world = WorldThatSurvives(execution, options);
  environment_driver(world, kBadDriver);
  environment_device(world, "nic");
  platform_device* late = environment_device_to_come(world, "firewire");
  scripted_driver* other = environment_driver_to_come(world, {.name = "nic"});
  environment_let_registration_fail();
  execution.Spawn("hotplug", [=] { platform_device_add(late); });
  execution.Spawn("modprobe", [=] { platform_driver_register(&other->pdrv); });
  execution.JoinAll();
}

// The drivers are there first; one probe dies, then a device is added that has another driver.
static void OopsThenLateDevice(heddle::Execution& execution, const core_options& options) {
  const environment world = WorldThatSurvives(execution, options);
  environment_device(world, "firewire");
  environment_driver(world, {.name = "nic"});
  platform_device* late = environment_device_to_come(world, "nic");
  scripted_driver* bad = environment_driver_to_come(world, kBadDriver);
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { platform_driver_register(&bad->pdrv); });
  execution.Spawn("hotplug", [=] { platform_device_add(late); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding hang = {.bug = "M1-hang"};
static const std::vector<std::string> no_hang = {"M1-hang"};

static const std::vector<heddle::NamedVariant> probe_table = {
    {"M0", 228, {}, no_hang},      {"M1", 253, {hang}},       {"M2", 228, {}, no_hang},
    {"M3", 292, {}, no_hang},      {"M3p", 228, {}, no_hang}, {"M4", 292, {}, no_hang},
    {"M5", 292, {}, no_hang},      {"M5f", 292, {}, no_hang}, {"M6", 253, {}, no_hang},
    {"M-ideal", 344, {}, no_hang},
};

static const bool oops_in_probe = heddle::Register<core_options>({
    .name = "driver_core/oops_in_probe",
    .story = "A probe dies; then another driver is registered on the same bus.",
    .body = OopsInProbe,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, probe_table),
});

static const heddle::ExpectedFinding hang_of_match = {.bug = "M0-hang"};

static const std::vector<heddle::NamedVariant> match_table = {
    {"M0", 180, {hang_of_match}},
    {"M1", 234, {hang, {.bug = "M0-hang", .preemptions = 1}}},
    {"M2", 180, {hang_of_match}},
    {"M3", 254, {hang_of_match}},
    {"M3p", 180, {hang_of_match}},
    {"M4", 254, {hang_of_match}},
    {"M5", 254, {hang_of_match}},
    {"M5f", 254, {hang_of_match}},
    {"M6", 234, {}, {"M0-hang", "M1-hang"}},
    {"M-ideal", 277, {hang_of_match}},
};

static const bool oops_in_probe_of_match = heddle::Register<core_options>({
    .name = "driver_core/oops_in_probe_of_match",
    .story = "A probe dies; then another driver for the same device is registered.",
    .body = OopsInProbeOfMatch,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, match_table),
});

static const std::vector<heddle::NamedVariant> late_table = {
    {"M0", 229, {}, no_hang},      {"M1", 243, {hang}},       {"M2", 229, {}, no_hang},
    {"M3", 281, {}, no_hang},      {"M3p", 229, {}, no_hang}, {"M4", 281, {}, no_hang},
    {"M5", 281, {}, no_hang},      {"M5f", 281, {}, no_hang}, {"M6", 243, {}, no_hang},
    {"M-ideal", 332, {}, no_hang},
};

static const bool oops_of_late_device = heddle::Register<core_options>({
    .name = "driver_core/oops_of_late_device",
    .story = "The probe of a device that is added dies; then another driver is registered.",
    .body = OopsOfLateDevice,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, late_table),
});

static const std::vector<heddle::NamedVariant> then_late_table = {
    {"M0", 235, {}, no_hang},      {"M1", 264, {}, no_hang},  {"M2", 235, {}, no_hang},
    {"M3", 282, {}, no_hang},      {"M3p", 235, {}, no_hang}, {"M4", 282, {}, no_hang},
    {"M5", 282, {}, no_hang},      {"M5f", 282, {}, no_hang}, {"M6", 264, {}, no_hang},
    {"M-ideal", 333, {}, no_hang},
};

static const bool oops_then_late_device = heddle::Register<core_options>({
    .name = "driver_core/oops_then_late_device",
    .story = "A probe dies; then a device is added that has another driver.",
    .body = OopsThenLateDevice,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, then_late_table),
});

}  // namespace models::driver_core
