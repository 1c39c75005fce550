// SPDX-License-Identifier: GPL-2.0-only
//
// A service goes while a platform device is about to use it.
//
//   T1: bind S -> scmi_probe: takes the agent from the global  ...  opens a channel
//   T2: unbind E -> service remove: no channel yet, so the global is cleared, the context closed;
//       the agent goes with E's resources
//
// Bug:    the supplier has three states, and none for a service that went while somebody had it:
//         putting it back while it is BUSY makes it available once more (4.6-S). Without a supplier
//         (N2) nothing holds the agent at all.
// Expect: N1 and N2 use the agent after its end. N0 does not: it unregisters the platform driver
//         first, which waits for binds.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/driver_core/scmi.h"
#include "models/driver_core/scmi_options.h"

namespace models::driver_core {

struct Transport {
  environment world;
  scmi_module* scmi;
  platform_device* first;   // The device of the platform driver.
  platform_device* second;  // Another one, or null.
};

// A service that is bound, and platform devices that are not: a user has unbound them.
static Transport MakeTransport(heddle::Execution& execution, const scmi_options& options,
                               int instances) {
  const environment world = environment_create(options.core);
  const char* parent = options.is_virtio ? "virtio-mmio" : "optee";
  environment_device(world, parent);
  bus_type* services = tee_bus_init(world.core, options.is_virtio ? "virtio" : "tee");
  optee_driver* optee = optee_driver_create(parent, world.platform, services);
  scmi_module* scmi = scmi_module_create(options, world.platform, services);
  environment_keep(world, optee);
  environment_keep(world, scmi);
  deferred_probe_initcall(world.core);
  scmi_module_init(scmi);
  platform_driver_register(&optee->pdrv);
  Transport transport = {.world = world, .scmi = scmi, .first = nullptr, .second = nullptr};
  transport.first = environment_device_to_come(world, kScmiDevice);
  if (instances > 1) {
    transport.second = environment_device_to_come(world, kScmiDevice);
    transport.second->dev.name = "arm-scmi.1";
  }
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  return transport;
}

// The file by which a user takes the service from its driver.
static kernel::kernfs_node* UnbindOfService(const Transport& transport) {
  kernel::kernfs_node* file = transport.scmi->service.driver.p->unbind.kn;
  kernfs_get(file);
  return file;
}

static void ServiceVsUser(heddle::Execution& execution, const scmi_options& options) {
  const Transport transport = MakeTransport(execution, options, 1);
  kernel::kernfs_node* unbind = UnbindOfService(transport);
  platform_device* scmi = transport.first;
  execution.Spawn("hotplug", [=] { platform_device_add(scmi); });
  execution.Spawn("unbind", [=] { user_writes(unbind, "optee-ta-scmi"); });
  execution.JoinAll();
}

static void ServiceVsTwoUsers(heddle::Execution& execution, const scmi_options& options) {
  const Transport transport = MakeTransport(execution, options, 2);
  kernel::kernfs_node* unbind = UnbindOfService(transport);
  platform_device* first = transport.first;
  platform_device* second = transport.second;
  execution.Spawn("hotplug1", [=] { platform_device_add(first); });
  execution.Spawn("hotplug2", [=] { platform_device_add(second); });
  execution.Spawn("unbind", [=] { user_writes(unbind, "optee-ta-scmi"); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding late = {.bug = "4.6-S", .preemptions = 1};
static const heddle::ExpectedFinding in_turn = {.bug = "4.6-S"};

static const std::vector<heddle::NamedVariant> one_table = {
    {"N0", 593, {}, {"4.6-S"}},
    {"N0v", 576, {}, {"4.6-S"}},
    {"N1", 764, {late}},
    {"N2", 713, {late}},
};

static const bool service_vs_user = heddle::Register<scmi_options>({
    .name = "driver_core/service_vs_user",
    .story = "A service is unbound while a platform device is added that needs it.",
    .body = ServiceVsUser,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(scmi_on_m3, one_table),
});

// With two preemptions a row has 13974 (N0v) to 16408 executions (N2) instead, takes 5 seconds, and
// finds the same.
static const std::vector<heddle::NamedVariant> two_table = {
    {"N0", 398, {}, {"4.6-S"}},
    {"N0v", 392, {}, {"4.6-S"}},
    {"N1", 372, {late}},
    {"N2", 394, {in_turn}, {}, "removal stops at open channels, the agent goes"},
};

static const bool service_vs_two_users = heddle::Register<scmi_options>({
    .name = "driver_core/service_vs_two_users",
    .story = "A service is unbound while two platform devices are added that need it.",
    .body = ServiceVsTwoUsers,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(scmi_on_m3, two_table),
});

}  // namespace models::driver_core
