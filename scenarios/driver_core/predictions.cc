// SPDX-License-Identifier: GPL-2.0-only
//
// The lockdep trick: a lock class per device, and a match that says it holds the device lock, which
// it does not (M4). What the order of locks alone then says, without the bad schedule.
//
//   probe A [A] -> register: "takes" each device of the bus, one by one           A -> A
//
// Bug:    a probe that registers a driver. True of M1: nested_registration.cc has the deadlocks.
//         False of M3, which takes no lock there: its rows are clean of them.
// Expect: M4 predicts the recursion; late_service.cc has a cycle of two buses. The device lock of
//         the others is exempt from lockdep's order: nothing. Of a probe that never ends M4 says
//         nothing either.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/kernel/bug.h"

namespace models::driver_core {

static scripted_driver* Registrar(const environment& world, const char* name,
                                  const driver_spec& nested) {
  scripted_driver* other = environment_driver_to_come(world, nested);
  return environment_driver_to_come(
      world, {.name = name, .probe = {{probe_act::REGISTER, &other->pdrv.driver}}});
}

static void OneProbe(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  environment_device(world, "smmu");
  scripted_driver* smmu = Registrar(world, "smmu", {.name = "tbu"});
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  execution.Spawn("modprobe", [=] { platform_driver_register(&smmu->pdrv); });
  execution.JoinAll();
}

static void StuckProbePredicted(heddle::Execution& execution, const core_options& options) {
  const environment world = environment_create(options);
  kernel::set_panic_on_oops(false);
  environment_device(world, "firewire");
  environment_device(world, "nic");
  scripted_driver* bad =
      environment_driver_to_come(world, {.name = "firewire", .probe = {{probe_act::OOPS}}});
  scripted_driver* other = environment_driver_to_come(world, {.name = "nic"});
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  execution.Spawn("modprobe1", [=] { platform_driver_register(&bad->pdrv); });
  execution.Spawn("modprobe2", [=] { platform_driver_register(&other->pdrv); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding predicted = {.bug = "M4-lock-order"};
static const std::vector<std::string> silent = {"M4-lock-order"};

static const std::vector<heddle::NamedVariant> one_table = {
    {"M3", 1, {}, silent, "the device lock is exempt"},
    {"M4", 1, {predicted}, {}, "true of M1, false of M3: see register_in_own_probe"},
};

static const bool predicted_register_in_own_probe = heddle::Register<core_options>({
    .name = "driver_core/predicted_register_in_own_probe",
    .story = "The order of locks alone, of a probe that registers a driver.",
    .body = OneProbe,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(variant, one_table),
});

static const std::vector<heddle::NamedVariant> stuck_table = {
    {"M3", 2, {}, silent},
    {"M4", 2, {}, silent, "no order of locks is wrong: M1 would hang all the same"},
};

static const bool predicted_oops_in_probe = heddle::Register<core_options>({
    .name = "driver_core/predicted_oops_in_probe",
    .story = "The order of locks alone, of a registration after a probe that died.",
    .body = StuckProbePredicted,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(variant, stuck_table),
});

}  // namespace models::driver_core
