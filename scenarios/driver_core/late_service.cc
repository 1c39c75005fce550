// SPDX-License-Identifier: GPL-2.0-only
//
// The driver of a service is loaded once its device is there; meanwhile the parent goes.
//
//   boot:    probe O [O] -> device_add(E) -> __device_attach [E]               O -> E
//   module:  driver_register(service) -> __driver_attach [E] -> probe
//              -> driver_register(scmi) -> match O  [M1: O; M4 says so]        E -> O
//   unbind:  O [O] -> device_unregister(E) -> device_del [E]                   O -> E
//
// Bug:    with the match under the device lock the two buses are taken in both orders.
// Expect: M1 and M6 deadlock with one preemption. M4 predicts that from a run in which nobody waits
//         for anybody, and takes no such lock itself: of M3 and M4 the prediction is false.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/driver_core/scmi.h"
#include "models/driver_core/scmi_options.h"

namespace models::driver_core {

struct Booted {
  scmi_module* scmi;
  kernel::kernfs_node* unbind;  // Of the parent's driver.
};

static Booted Boot(heddle::Execution& execution, const scmi_options& options) {
  const environment world = environment_create(options.core);
  environment_device(world, "optee");
  bus_type* services = tee_bus_init(world.core, "tee");
  optee_driver* optee = optee_driver_create("optee", world.platform, services);
  scmi_module* scmi = scmi_module_create(options, world.platform, services);
  environment_keep(world, optee);
  environment_keep(world, scmi);
  platform_driver_register(&optee->pdrv);
  kernel::kernfs_node* unbind = optee->pdrv.driver.p->unbind.kn;
  kernfs_get(unbind);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  return {.scmi = scmi, .unbind = unbind};
}

static void LateService(heddle::Execution& execution, const scmi_options& options) {
  const Booted booted = Boot(execution, options);
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { scmi_module_init(booted.scmi); });
  execution.Spawn("unbind", [=] { user_writes(booted.unbind, "optee"); });
  execution.JoinAll();
}

static void LateServiceAlone(heddle::Execution& execution, const scmi_options& options) {
  const Booted booted = Boot(execution, options);
  execution.Spawn("modprobe", [=] { scmi_module_init(booted.scmi); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding cycle = {.bug = "M1-deadlock", .preemptions = 1};
static const std::vector<std::string> no_cycle = {"M1-deadlock"};

static const std::vector<heddle::NamedVariant> table = {
    {"M0", 644, {}, no_cycle},      {"M1", 672, {cycle}},       {"M2", 644, {}, no_cycle},
    {"M3", 656, {}, no_cycle},      {"M3p", 644, {}, no_cycle}, {"M4", 664, {}, no_cycle},
    {"M5", 656, {}, no_cycle},      {"M5f", 656, {}, no_cycle}, {"M6", 672, {cycle}},
    {"M-ideal", 656, {}, no_cycle},
};

static const bool late_service = heddle::Register<scmi_options>({
    .name = "driver_core/late_service",
    .story = "The driver of a service is loaded while the service's parent is unbound.",
    .body = LateService,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(scmi_on_m1, table),
});

static const std::vector<heddle::NamedVariant> predicted_table = {
    {"M3", 1, {}, {"M4-lock-order"}, "the device lock is exempt"},
    {"M4", 1, {{.bug = "M4-lock-order"}}, {}, "true of M1, false of M3: see late_service"},
};

static const bool predicted_late_service = heddle::Register<scmi_options>({
    .name = "driver_core/predicted_late_service",
    .story = "The order of locks alone, of a service whose driver is loaded late.",
    .body = LateServiceAlone,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(scmi_on_m1, predicted_table),
});

}  // namespace models::driver_core
