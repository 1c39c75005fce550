// SPDX-License-Identifier: GPL-2.0-only
//
// A probe registers a driver: on the bus of a device that it, or a caller of it, holds.
//
//   init: driver_register(optee) -> __driver_attach [O's lock] -> optee_probe
//           -> device_add(E) on the tee bus -> __device_attach [E's lock] -> service probe
//             -> driver_register(scmi) on the platform bus -> match O  [M1: O's lock, again]
//
// Bug:    with the match under the device lock the task waits for itself, two buses further on.
// Expect: M1 recurses, and M6 with it; the others do not, for the driver does not match O. N0v is
//         the same over virtio; N1 and N2 register the driver elsewhere, and M1 has nothing to
//         recurse on.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/driver_core/scmi.h"
#include "models/driver_core/scmi_options.h"
#include "models/kernel/bug.h"

namespace models::driver_core {

// What boots: OP-TEE and a user of SCMI on the platform bus, and the modules of both.
static void RegisterInProbe(heddle::Execution& execution, const scmi_options& options) {
  const environment world = environment_create(options.core);
  const char* parent = options.is_virtio ? "virtio-mmio" : "optee";
  environment_device(world, parent);
  environment_device(world, kScmiDevice);
  bus_type* services = tee_bus_init(world.core, options.is_virtio ? "virtio" : "tee");
  optee_driver* optee = optee_driver_create(parent, world.platform, services);
  scmi_module* scmi = scmi_module_create(options, world.platform, services);
  environment_keep(world, optee);
  environment_keep(world, scmi);
  deferred_probe_initcall(world.core);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  execution.Spawn("swapper/0", [=] {
    kernel::become_init_task();
    scmi_module_init(scmi);
    platform_driver_register(&optee->pdrv);
  });
  execution.JoinAll();
}

static const heddle::ExpectedFinding recursion = {.bug = "M1-recursive-deadlock"};
static const std::vector<std::string> none = {"M1-recursive-deadlock"};

static const std::vector<heddle::NamedVariant> table = {
    {"M0", 4, {}, none},
    {"M1", 4, {recursion}},
    {"M2", 4, {}, none},
    {"M3", 4, {}, none},
    {"M3p", 4, {}, none},
    {"M4", 4, {}, none},
    {"M5", 4, {}, none},
    {"M5f", 4, {}, none},
    {"M6", 4, {recursion}},
    {"M-ideal", 4, {}, none},
    {"N0", 4, {recursion}, {}, "M1, over OP-TEE"},
    {"N0v", 4, {recursion}, {}, "M1, over virtio"},
    {"N1", 308, {}, none, "M1, registered by the module, with a supplier"},
    {"N2", 297, {}, none, "M1, registered by the module, and deferring"},
};

static const bool register_in_probe = heddle::Register<scmi_options>({
    .name = "driver_core/register_in_probe",
    .story = "The probe of a service on another bus registers a platform driver.",
    .body = RegisterInProbe,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(scmi_on_m1, table),
});

}  // namespace models::driver_core
