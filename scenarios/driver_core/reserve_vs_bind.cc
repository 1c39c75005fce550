// SPDX-License-Identifier: GPL-2.0-only
//
// A user reserves a device after it was matched, and before it is bound.
//
//   modprobe, bind:  match: not reserved      lock A; probe; bound
//   user:                                store "vfio"; returns to its user
//
// Bug:    nothing matches again under the lock that the probe is called with, so the device is
//         bound against a reservation that was complete before its binding began (D4).
// Expect: every version breaks INV-D4 with one preemption, from both sides; the reference does not.
//         A probe that looks twice sees two answers wherever the store takes no device lock.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"

namespace models::driver_core {

static void ReserveVsAttach(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  platform_device* gpu = environment_device(world, "gpu");
  kernel::kernfs_node* file = environment_open_override(world, gpu);
  scripted_driver* drv = environment_driver_to_come(world, {.name = "gpu"});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, {.d4 = true});
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { platform_driver_register(&drv->pdrv); });
  execution.Spawn("driverctl", [=] { user_writes(file, "vfio"); });
  execution.JoinAll();
}

// A device that nobody has bound yet can be reached as soon as it was added.
static void ReserveVsBind(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  scripted_driver* drv = environment_driver(world, {.name = "gpu", .probe = {{probe_act::FAIL}}});
  platform_device* gpu = environment_device(world, "gpu");
  kernel::kernfs_node* file = environment_open_override(world, gpu);
  kernel::kernfs_node* bind = environment_open_bind(drv);
  drv->steps[0] = {};  // What failed when the device was added succeeds by now.
  add_invariants(execution, heddle::CheckedAt::kEnd, world, {.d4 = true});
  environment_let_registration_fail();
  execution.Spawn("bind", [=] { user_writes(bind, "gpu"); });
  execution.Spawn("driverctl", [=] { user_writes(file, "vfio"); });
  execution.JoinAll();
}

static void ReserveInProbe(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  platform_device* gpu = environment_device(world, "gpu");
  kernel::kernfs_node* file = environment_open_override(world, gpu);
  scripted_driver* drv =
      environment_driver_to_come(world, {.name = "gpu", .probe = {{probe_act::READ_TWICE}}});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, {.d6 = true});
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { platform_driver_register(&drv->pdrv); });
  execution.Spawn("driverctl", [=] { user_writes(file, "vfio"); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding d4 = {.bug = "D4", .preemptions = 1};
static const std::vector<std::string> no_d4 = {"D4"};

static const std::vector<heddle::NamedVariant> attach_table = {
    {"M0", 103, {d4}},  {"M1", 53, {d4}},           {"M2", 103, {d4}}, {"M3", 60, {d4}},
    {"M3p", 103, {d4}}, {"M4", 60, {d4}},           {"M5", 60, {d4}},  {"M5f", 60, {d4}},
    {"M6", 53, {d4}},   {"M-ideal", 64, {}, no_d4},
};

static const bool reserve_vs_attach = heddle::Register<core_options>({
    .name = "driver_core/reserve_vs_attach",
    .story = "A user reserves a device while a driver that matches it is registered.",
    .body = ReserveVsAttach,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, attach_table),
});

static const std::vector<heddle::NamedVariant> bind_table = {
    {"M0", 77, {d4}},  {"M1", 38, {d4}},           {"M2", 77, {d4}}, {"M3", 41, {d4}},
    {"M3p", 77, {d4}}, {"M4", 41, {d4}},           {"M5", 41, {d4}}, {"M5f", 41, {d4}},
    {"M6", 38, {d4}},  {"M-ideal", 45, {}, no_d4},
};

static const bool reserve_vs_bind = heddle::Register<core_options>({
    .name = "driver_core/reserve_vs_bind",
    .story = "A user reserves a device while another one binds it by hand.",
    .body = ReserveVsBind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, bind_table),
});

static const heddle::ExpectedFinding changes = {.bug = "M3-invariant", .preemptions = 1};
static const std::vector<std::string> no_change = {"M3-invariant"};

static const std::vector<heddle::NamedVariant> probe_table = {
    {"M0", 113, {}, no_change}, {"M1", 53, {}, no_change},   {"M2", 113, {}, no_change},
    {"M3", 68, {changes}},      {"M3p", 113, {}, no_change}, {"M4", 68, {changes}},
    {"M5", 68, {changes}},      {"M5f", 68, {changes}},      {"M6", 53, {}, no_change},
    {"M-ideal", 72, {changes}},
};

static const bool reserve_in_probe = heddle::Register<core_options>({
    .name = "driver_core/reserve_in_probe",
    .story = "A user reserves a device while its driver, probing it, matches once more.",
    .body = ReserveInProbe,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, probe_table),
});

}  // namespace models::driver_core
