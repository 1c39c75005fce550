// SPDX-License-Identifier: GPL-2.0-only
//
// A registration and a store among many devices: what the size of the bus does to the search.
//
//   modprobe: walks all devices, and matches each   [M1: under its lock]
//   user:     driver_override_store to one of them
//
// Bug:    that of override_vs_match, for the device that is reserved.
// Expect: the same verdicts whatever the size. `--param=devices=32` has it grow;
// scenarios/README.md
//         has the numbers.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"

namespace models::driver_core {

static void BusSize(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  platform_device* gpu = environment_device(world, "gpu");
  kernel::kernfs_node* file = environment_open_override(world, gpu);
  user_writes(file, "gpu");
  environment_bystanders(world, execution.Parameter("devices") - 1);
  scripted_driver* drv = environment_driver_to_come(world, {.name = "gpu"});
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { platform_driver_register(&drv->pdrv); });
  execution.Spawn("driverctl", [=] { user_writes(file, "vfio"); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding freed = {.bug = "M0-use-after-free", .preemptions = 1};
static const std::vector<std::string> none_freed = {"M0-use-after-free"};

static const std::vector<heddle::NamedVariant> table = {
    {"M0", 192, {freed}},
    {"M1", 75, {}, none_freed},
    {"M3", 68, {}, none_freed},
};

static const bool bus_size = heddle::Register<core_options>({
    .name = "driver_core/bus_size",
    .story = "A registration and a store among as many devices as asked for.",
    .body = BusSize,
    .bounds = {.preemptions = 2, .faults = 1},
    .parameters = {{"devices", {2, 1, 38}}},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::driver_core
