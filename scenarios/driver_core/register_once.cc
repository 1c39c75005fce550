// SPDX-License-Identifier: GPL-2.0-only
//
// Two devices are probed at once, and the probe of the first one is to register another driver.
//
//   hotplug1: device_add(smmu.0) -> probe [smmu.0]: nobody counted yet -> register the TBU driver
//   hotplug2: device_add(smmu.1) -> probe [smmu.1]: nobody counted yet -> register the TBU driver
//
// Bug:    device locks are one per device, so the static counter by which arm-smmu-qcom told the
//         first probe was incremented without any lock. Both probes may find it 0.
// Expect: the counter races with one preemption. With three both register the one driver at once,
//         and the one who is refused takes its private data from the other. One atomic step would
//         do, and so does the fix, in which the module registers the driver (DQ).

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/driver_core/smmu.h"
#include "models/driver_core/smmu_options.h"

namespace models::driver_core {

static void RegisterOnce(heddle::Execution& execution, const smmu_options& options) {
  const environment world = environment_create(options.core);
  const platform_device* tbu = environment_device(world, kTbuDevice);
  smmu_module* module = smmu_module_create(options, world.platform);
  environment_keep(world, module);
  smmu_module_init(module);
  platform_device* first = environment_device_to_come(world, kSmmuDevice);
  platform_device* second = environment_device_to_come(world, kSmmuDevice);
  second->dev.name = "arm-smmu.1";
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  execution.Spawn("hotplug1", [=] { platform_device_add(first); });
  execution.Spawn("hotplug2", [=] { platform_device_add(second); });
  execution.JoinAll();
  HEDDLE_ENSURE(tbu->dev.driver == &module->tbu.driver);
}

static const std::vector<std::string> none = {"DQ-marked-oops", "DQ-marked-leak"};

static const std::vector<heddle::NamedVariant> table = {
    {"DQ-marked",
     28540,
     {{.bug = "DQ-marked-oops", .preemptions = 3}, {.bug = "DQ-marked-leak", .preemptions = 3}},
     {},
     "both are past driver_find before either has entered the name"},
    {"DQ-atomic", 20114, {}, none},
    {"DQ", 5238, {}, none},
};

static const bool register_once = heddle::Register<smmu_options>({
    .name = "driver_core/register_once",
    .story = "Two devices are probed at once; the first probe is to register another driver.",
    .body = RegisterOnce,
    .bounds = {.preemptions = 3, .faults = 0},
    .variants = heddle::VariantsOf(smmu_on_m3, table),
});

static const std::vector<std::string> no_race = {"DQ-counter-data-race", "DQ-marked-data-race"};

static const std::vector<heddle::NamedVariant> race_table = {
    {"DQ-counter", 1806, {{.bug = "DQ-counter-data-race", .preemptions = 1}}},
    {"DQ-marked",
     1806,
     {{.bug = "DQ-marked-data-race", .preemptions = 2}},
     {"DQ-counter-data-race"}},
    {"DQ-atomic", 1438, {}, no_race},
    {"DQ", 614, {}, no_race},
};

static const bool register_once_races = heddle::Register<smmu_options>({
    .name = "driver_core/register_once_races",
    .story = "Two devices are probed at once, and data races are findings.",
    .body = RegisterOnce,
    .bounds = {.preemptions = 2, .faults = 0},
    .races = heddle::RacePolicy::kReport,
    .variants = heddle::VariantsOf(smmu_on_m3, race_table),
});

}  // namespace models::driver_core
