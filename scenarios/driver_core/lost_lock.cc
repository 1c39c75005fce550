// SPDX-License-Identifier: GPL-2.0-only
//
// The lock of a device is lost, because its probe died with it or never ends; users come.
//
//   T1: device_add -> __device_attach [A's lock] -> probe: dies, or waits
//   T2: store to driver_override, unbind, reboot, another registration
//
// Bug:    whoever needs the lock of that device waits for ever: the store in the versions that
//         protect the override by it; unbind, and the reboot that would have saved the logs, in all
//         of them. M6 has the lock back, and a driver that never finished its probe.
// Expect: M0 to M2 and M3p hang in the store, M3 and M5 do not; all but M6 hang in unbind and in
//         reboot; M6 removes a driver whose probe never ended (INV-D3).

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/kernel/bug.h"
#include "models/kernel/completion.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

// A device whose probe dies as soon as it is added, and what users have open by then.
struct Casualty {
  environment world;
  scripted_driver* drv;
  platform_device* pdev;
};

static Casualty MakeCasualty(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  kernel::set_panic_on_oops(false);
  scripted_driver* drv = environment_driver(world, {.name = "gpu", .probe = {{probe_act::FAIL}}});
  platform_device* gpu = environment_device(world, "gpu");
  drv->steps[0] = {probe_act::OOPS};
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  return {.world = world, .drv = drv, .pdev = gpu};
}

static void OopsVsStore(heddle::Execution& execution, const core_options& options) {
  const Casualty casualty = MakeCasualty(execution, options);
  kernel::kernfs_node* file = environment_open_override(casualty.world, casualty.pdev);
  kernel::kernfs_node* bind = environment_open_bind(casualty.drv);
  execution.Spawn("bind", [=] { user_writes(bind, "gpu"); });
  execution.Spawn("driverctl", [=] { user_writes(file, "vfio"); });
  execution.JoinAll();
}

static void OopsVsUnbind(heddle::Execution& execution, const core_options& options) {
  const Casualty casualty = MakeCasualty(execution, options);
  kernel::kernfs_node* bind = environment_open_bind(casualty.drv);
  kernel::kernfs_node* unbind = environment_open_unbind(casualty.drv);
  execution.Spawn("bind", [=] { user_writes(bind, "gpu"); });
  execution.Spawn("unbind", [=] { user_writes(unbind, "gpu"); });
  execution.JoinAll();
}

static void OopsVsReboot(heddle::Execution& execution, const core_options& options) {
  const Casualty casualty = MakeCasualty(execution, options);
  kernel::kernfs_node* bind = environment_open_bind(casualty.drv);
  driver_core* core = casualty.world.core;
  execution.Spawn("bind", [=] { user_writes(bind, "gpu"); });
  execution.Spawn("reboot", [=] { device_shutdown(core); });
  execution.JoinAll();
}

// The probe waits for firmware that comes only once everybody else is through.
static void StuckProbe(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  auto* firmware = kernel::kzalloc_obj<kernel::completion>(kernel::GFP_KERNEL);
  init_completion(firmware);
  environment_keep(world, firmware);
  environment_device(world, "gpu");
  scripted_driver* slow =
      environment_driver_to_come(world, {.name = "gpu", .probe = {{probe_act::WAIT, firmware}}});
  scripted_driver* other = environment_driver_to_come(world, {.name = "nic"});
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  execution.Spawn("modprobe1", [=] { platform_driver_register(&slow->pdrv); });
  const heddle::TaskId boot =
      execution.Spawn("modprobe2", [=] { platform_driver_register(&other->pdrv); });
  execution.Join(boot);
  kernel::complete(firmware);
  execution.JoinAll();
}

static const heddle::ExpectedFinding store_hangs = {.bug = "M0-hang"};
static const std::vector<std::string> no_hang = {"M0-hang"};

static const std::vector<heddle::NamedVariant> store_table = {
    {"M0", 58, {store_hangs}},    {"M1", 27, {store_hangs}},  {"M2", 58, {store_hangs}},
    {"M3", 29, {}, no_hang},      {"M3p", 58, {store_hangs}}, {"M4", 29, {}, no_hang},
    {"M5", 29, {}, no_hang},      {"M5f", 29, {}, no_hang},   {"M6", 27, {}, no_hang},
    {"M-ideal", 33, {}, no_hang},
};

static const bool oops_vs_store = heddle::Register<core_options>({
    .name = "driver_core/oops_vs_store",
    .story = "A probe dies; a user reserves the device for another driver.",
    .body = OopsVsStore,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, store_table),
});

static const heddle::ExpectedFinding half_removed = {.bug = "M6-invariant"};

static const std::vector<heddle::NamedVariant> unbind_table = {
    {"M0", 93, {store_hangs}},
    {"M1", 104, {store_hangs}},
    {"M2", 93, {store_hangs}},
    {"M3", 104, {store_hangs}},
    {"M3p", 93, {store_hangs}},
    {"M4", 104, {store_hangs}},
    {"M5", 104, {store_hangs}},
    {"M5f", 104, {store_hangs}},
    {"M6", 104, {half_removed}, no_hang},
    {"M-ideal", 115, {store_hangs}},
};

static const bool oops_vs_unbind = heddle::Register<core_options>({
    .name = "driver_core/oops_vs_unbind",
    .story = "A probe dies; a user unbinds the device.",
    .body = OopsVsUnbind,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, unbind_table),
});

static const std::vector<heddle::NamedVariant> reboot_table = {
    {"M0", 47, {store_hangs}},      {"M1", 56, {store_hangs}},  {"M2", 47, {store_hangs}},
    {"M3", 56, {store_hangs}},      {"M3p", 47, {store_hangs}}, {"M4", 56, {store_hangs}},
    {"M5", 56, {store_hangs}},      {"M5f", 56, {store_hangs}}, {"M6", 56, {}, no_hang},
    {"M-ideal", 61, {store_hangs}},
};

static const bool oops_vs_reboot = heddle::Register<core_options>({
    .name = "driver_core/oops_vs_reboot",
    .story = "A probe dies; the machine is to be shut down in order.",
    .body = OopsVsReboot,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, reboot_table),
});

static const heddle::ExpectedFinding waits_for_waiter = {.bug = "M1-hang"};

static const std::vector<heddle::NamedVariant> stuck_table = {
    {"M0", 230, {}, {"M1-hang"}},
    {"M1", 264, {waits_for_waiter}},
    {"M2", 230, {}, {"M1-hang"}},
    {"M3", 294, {}, {"M1-hang"}},
    {"M3p", 230, {}, {"M1-hang"}},
    {"M4", 294, {}, {"M1-hang"}},
    {"M5", 294, {}, {"M1-hang"}},
    {"M5f", 294, {}, {"M1-hang"}},
    {"M6", 264, {waits_for_waiter}, {}, "nobody died: M6 has no lock to let go of"},
    {"M-ideal", 337, {}, {"M1-hang"}},
};

static const bool stuck_probe = heddle::Register<core_options>({
    .name = "driver_core/stuck_probe",
    .story = "A probe waits for what comes after the next registration.",
    .body = StuckProbe,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, stuck_table),
});

}  // namespace models::driver_core
