// SPDX-License-Identifier: GPL-2.0-only
//
// A user reserves a device for another driver while a driver is tried on it (bug 220789).
//
//   modprobe:  __driver_attach -> platform_match [no lock] reads the pointer, again, then the bytes
//   bind:      bind_store      -> the same
//   user:      driver_override_store [device lock] puts another name there, frees the old one
//
// Bug:    match reads a name that the store frees; or a pointer that was there when it looked first
//         is null when it looks again.
// Expect: the versions whose match takes no lock (M0, M2, M3p) use freed memory, with one
//         preemption, from both places; those with a lock around the name do not.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"

namespace models::driver_core {

// A device that is reserved for the driver that is going to be tried.
static platform_device* ReservedDevice(const environment& world) {
  platform_device* gpu = environment_device(world, "gpu");
  user_writes(environment_open_override(world, gpu), "gpu");
  return gpu;
}

static void RegisterWhileStored(heddle::Execution& execution, const core_options& options,
                                const char* text) {
  const environment world = environment_create(options);
  platform_device* gpu = ReservedDevice(world);
  kernel::kernfs_node* file = environment_open_override(world, gpu);
  scripted_driver* drv = environment_driver_to_come(world, {.name = "gpu"});
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { platform_driver_register(&drv->pdrv); });
  execution.Spawn("driverctl", [=] { user_writes(file, text); });
  execution.JoinAll();
}

static void OverrideVsMatch(heddle::Execution& execution, const core_options& options) {
  RegisterWhileStored(execution, options, "vfio");
}

static void OverrideClearedVsMatch(heddle::Execution& execution, const core_options& options) {
  RegisterWhileStored(execution, options, "\n");
}

static void OverrideVsBind(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  scripted_driver* drv = environment_driver(world, {.name = "gpu", .probe = {{probe_act::FAIL}}});
  platform_device* gpu = ReservedDevice(world);
  kernel::kernfs_node* file = environment_open_override(world, gpu);
  kernel::kernfs_node* bind = environment_open_bind(drv);
  drv->steps[0] = {};  // What failed when the device was added succeeds by now.
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  execution.Spawn("bind", [=] { user_writes(bind, "gpu"); });
  execution.Spawn("driverctl", [=] { user_writes(file, "vfio"); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding freed = {.bug = "M0-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding cleared = {.bug = "M0-oops", .preemptions = 1};
static const std::vector<std::string> none_freed = {"M0-use-after-free"};
static const std::vector<std::string> none_cleared = {"M0-oops", "M0-use-after-free"};

static const std::vector<heddle::NamedVariant> match_table = {
    {"M0", 175, {freed}},       {"M1", 53, {}, none_freed},
    {"M2", 175, {freed}},       {"M3", 60, {}, none_freed},
    {"M3p", 175, {freed}},      {"M4", 60, {}, none_freed},
    {"M5", 60, {}, none_freed}, {"M5f", 60, {}, none_freed},
    {"M6", 53, {}, none_freed}, {"M-ideal", 64, {}, none_freed},
};

static const bool override_vs_match = heddle::Register<core_options>({
    .name = "driver_core/override_vs_match",
    .story = "A user reserves a device for another driver while one is registered.",
    .body = OverrideVsMatch,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, match_table),
});

static const std::vector<heddle::NamedVariant> cleared_table = {
    {"M0", 123, {cleared, freed}},  {"M1", 38, {}, none_cleared},
    {"M2", 123, {cleared, freed}},  {"M3", 45, {}, none_cleared},
    {"M3p", 123, {cleared, freed}}, {"M4", 45, {}, none_cleared},
    {"M5", 45, {}, none_cleared},   {"M5f", 45, {}, none_cleared},
    {"M6", 38, {}, none_cleared},   {"M-ideal", 48, {}, none_cleared},
};

static const bool override_cleared_vs_match = heddle::Register<core_options>({
    .name = "driver_core/override_cleared_vs_match",
    .story = "A user takes a reservation back while a driver is registered.",
    .body = OverrideClearedVsMatch,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, cleared_table),
});

static const std::vector<heddle::NamedVariant> bind_table = {
    {"M0", 148, {freed}},       {"M1", 38, {}, none_freed},
    {"M2", 148, {freed}},       {"M3", 41, {}, none_freed},
    {"M3p", 148, {freed}},      {"M4", 41, {}, none_freed},
    {"M5", 41, {}, none_freed}, {"M5f", 41, {}, none_freed},
    {"M6", 38, {}, none_freed}, {"M-ideal", 45, {}, none_freed},
};

static const bool override_vs_bind = heddle::Register<core_options>({
    .name = "driver_core/override_vs_bind",
    .story = "A user reserves a device for another driver while a user binds it.",
    .body = OverrideVsBind,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, bind_table),
});

}  // namespace models::driver_core
