// SPDX-License-Identifier: GPL-2.0-only
//
// The probe of a service fails once it has published what users look for.
//
//   bind1:    service probe: nobody was first; publish the agent; registration fails; take it back
//   hotplug:  arm-scmi -> scmi_probe: take the agent, open a channel          ... and send, later
//
// Bug:    between the two a user may take an agent that is closed then, and freed (INV-D5).
// Expect: not with one instance: a probe that fails to register the platform driver has let nobody
//         in (N0). With two, both probes find nothing published: the second to register is refused,
//         and has overwritten what the first one published.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/bus.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/driver_core/scmi.h"
#include "models/driver_core/scmi_options.h"

namespace models::driver_core {

struct Instances {
  device* services[2];
  platform_device* user;
};

static int Collect(device* dev, void* data) {
  auto* made = static_cast<Instances*>(data);
  made->services[made->services[0] == nullptr ? 0 : 1] = dev;
  return 0;
}

// The modules are loaded, and the services there; but they are probed only when somebody says so.
static Instances MakeInstances(heddle::Execution& execution, const scmi_options& options,
                               int count) {
  const environment world = environment_create(options.core);
  const char* parent = options.is_virtio ? "virtio-mmio" : "optee";
  bus_type* services = tee_bus_init(world.core, options.is_virtio ? "virtio" : "tee");
  services->p->drivers_autoprobe = false;
  optee_driver* optee = optee_driver_create(parent, world.platform, services);
  scmi_module* scmi = scmi_module_create(options, world.platform, services);
  environment_keep(world, optee);
  environment_keep(world, scmi);
  deferred_probe_initcall(world.core);
  scmi_module_init(scmi);
  platform_driver_register(&optee->pdrv);
  for (int i = 0; i < count; ++i) environment_device(world, parent);
  Instances made = {};
  bus_for_each_dev(services, nullptr, &made, Collect);
  made.user = environment_device_to_come(world, kScmiDevice);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  environment_let_registration_fail();
  return made;
}

static void ServiceProbeFails(heddle::Execution& execution, const scmi_options& options) {
  const Instances made = MakeInstances(execution, options, 1);
  execution.Spawn("bind", [=] { device_attach(made.services[0]); });
  execution.Spawn("hotplug", [=] { platform_device_add(made.user); });
  execution.JoinAll();
  scmi_send(made.user);
}

static void TwoServicesProbed(heddle::Execution& execution, const scmi_options& options) {
  const Instances made = MakeInstances(execution, options, 2);
  execution.Spawn("bind1", [=] { device_attach(made.services[0]); });
  execution.Spawn("bind2", [=] { device_attach(made.services[1]); });
  execution.Spawn("hotplug", [=] { platform_device_add(made.user); });
  execution.JoinAll();
  scmi_send(made.user);
}

static const std::vector<std::string> none = {"N0-use-after-free"};

static const std::vector<heddle::NamedVariant> one_table = {
    {"N0", 724, {}, none},
    {"N0v", 724, {}, none},
    {"N1", 923, {}, none},
    {"N2", 1054, {}, none},
};

static const bool service_probe_fails = heddle::Register<scmi_options>({
    .name = "driver_core/service_probe_fails",
    .story = "The probe of a service may fail while a platform device is added that needs it.",
    .body = ServiceProbeFails,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(scmi_on_m3, one_table),
});

// The probe of N0v is that of N0. No fault is needed here for a registration to fail.
static const heddle::ExpectedFinding closed = {.bug = "N0-use-after-free", .preemptions = 2};
static const std::vector<heddle::NamedVariant> two_table = {
    {"N0", 17320, {closed}},
    {"N1",
     24320,
     {{.bug = "4.6-S", .preemptions = 1}, closed},
     {},
     "the supplier has the first service, and the second one cleared the global"},
    {"N2", 23474, {}, none, "nothing that can fail comes after the global"},
};

static const bool two_services_probed = heddle::Register<scmi_options>({
    .name = "driver_core/two_services_probed",
    .story = "Two instances of a service are probed while a platform device is added.",
    .body = TwoServicesProbed,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(scmi_on_m3, two_table),
});

}  // namespace models::driver_core
