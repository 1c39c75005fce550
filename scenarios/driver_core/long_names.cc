// SPDX-License-Identifier: GPL-2.0-only
//
// Names of drivers that do not fit into a buffer of 32 bytes. Six in the tree are longer, by a
// count that the thread itself calls machine-made.
//
//   user:      reserves a device for a driver with a name of 33 characters
//   modprobe:  registers that driver, or one whose name is the first 31 of them
//
// Bug:    a copy of 32 bytes ends after 31 characters: the device does not match the driver that it
//         is reserved for, and matches one that it is not reserved for.
// Expect: M5 shows both without any preemption; the versions that compare in place, or a full copy,
//         show neither.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"

namespace models::driver_core {

static constexpr char kLong[] = "snd-soc-machine-driver-with-codec";
static constexpr char kFirst31[] = "snd-soc-machine-driver-with-cod";
static_assert(sizeof(kLong) == 34 && sizeof(kFirst31) == 32);

static constexpr const char* kCodec[] = {"codec", nullptr};

static platform_device* Register(heddle::Execution& execution, const core_options& options,
                                 const char* driver) {
  const environment world = environment_create(options);
  platform_device* codec = environment_device(world, "codec");
  user_writes(environment_open_override(world, codec), kLong);
  scripted_driver* drv = environment_driver_to_come(world, {.name = driver, .id_table = kCodec});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, {.d4 = true});
  environment_let_registration_fail();
  execution.Spawn("modprobe", [=] { platform_driver_register(&drv->pdrv); });
  execution.JoinAll();
  return codec;
}

static void LongName(heddle::Execution& execution, const core_options& options) {
  const platform_device* codec = Register(execution, options, kLong);
  HEDDLE_ENSURE(codec->dev.driver != nullptr);
}

static void LongerName(heddle::Execution& execution, const core_options& options) {
  Register(execution, options, kFirst31);
}

static const std::vector<heddle::NamedVariant> own_table = {
    {"M0", 1, {}, {"M5-assertion"}},  {"M1", 1, {}, {"M5-assertion"}},
    {"M3", 1, {}, {"M5-assertion"}},  {"M5", 1, {{.bug = "M5-assertion"}}},
    {"M5f", 1, {}, {"M5-assertion"}}, {"M-ideal", 1, {}, {"M5-assertion"}},
};

static const bool long_name = heddle::Register<core_options>({
    .name = "driver_core/long_name",
    .story = "A device is reserved for a driver with a long name, which is registered.",
    .body = LongName,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, own_table),
});

static const std::vector<heddle::NamedVariant> other_table = {
    {"M0", 1, {}, {"M5-invariant"}},  {"M1", 1, {}, {"M5-invariant"}},
    {"M3", 1, {}, {"M5-invariant"}},  {"M5", 1, {{.bug = "M5-invariant"}}},
    {"M5f", 1, {}, {"M5-invariant"}}, {"M-ideal", 1, {}, {"M5-invariant"}},
};

static const bool longer_name = heddle::Register<core_options>({
    .name = "driver_core/longer_name",
    .story = "A device is reserved for a driver; one is registered whose name is its first part.",
    .body = LongerName,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, other_table),
});

}  // namespace models::driver_core
