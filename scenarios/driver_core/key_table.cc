// SPDX-License-Identifier: GPL-2.0-only
//
// A lock class per device, and a table of classes that has an end (MAX_LOCKDEP_KEYS, 8192).
//
//   hotplug1, hotplug2:  add a device [its lock: a class takes its place]; remove it [given back]
//
// Bug:    where every device has a class of its own (M4), lockdep switches itself off once as many
//         devices are there as the table has places left, and then sees nothing any more: neither
//         what M4 is for, nor the locks of others that it saw before M4.
// Expect: with one place for two devices that come and go, lockdep is off after one preemption;
// with
//         two it stays on, however many came before. M3 has one class for all device locks.

#include <string>
#include <vector>

#include "heddle/testing/scenario.h"
#include "models/driver_core/core_options.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/kernel/lock_classes.h"
#include "models/kernel/mutex.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

struct KeyTable {
  core_options core;
  unsigned int places = kernel::MAX_LOCKDEP_KEYS;
};

// Devices for an actor to plug in and out, one after the other.
struct Slot {
  platform_device* devices[2];
};

static Slot MakeSlot(const environment& world) {
  return {{environment_device_to_come(world, "usb"), environment_device_to_come(world, "usb")}};
}

static void PlugInAndOut(const Slot& slot) {
  for (platform_device* pdev : slot.devices) {
    platform_device_add(pdev);
    platform_device_unregister(pdev);
  }
}

static void PlugInAndOutAtOnce(heddle::Execution& execution, const KeyTable& options) {
  const environment world = environment_create(options.core);
  const Slot left = MakeSlot(world);
  const Slot right = MakeSlot(world);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  kernel::lockdep_leave_room(options.places);
  execution.Spawn("hotplug1", [=] { PlugInAndOut(left); });
  execution.Spawn("hotplug2", [=] { PlugInAndOut(right); });
  execution.JoinAll();
  HEDDLE_ENSURE(kernel::debug_locks());
}

static environment EmptyBus(heddle::Execution& execution, const KeyTable& options) {
  const environment world = environment_create(options.core);
  kernel::lockdep_leave_room(options.places);
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  return world;
}

// As in predictions.cc, on a bus that has more devices than the table has places.
static void OneProbeAmongMany(heddle::Execution& execution, const KeyTable& options) {
  const environment world = EmptyBus(execution, options);
  environment_device(world, "smmu");
  environment_bystanders(world, 2);
  scripted_driver* tbu = environment_driver_to_come(world, {.name = "tbu"});
  scripted_driver* smmu = environment_driver_to_come(
      world, {.name = "smmu", .probe = {{probe_act::REGISTER, &tbu->pdrv.driver}}});
  execution.Spawn("modprobe", [=] { platform_driver_register(&smmu->pdrv); });
  execution.JoinAll();
}

// The locks of some driver, which has nothing to do with the driver core.
struct Card {
  kernel::mutex config;
  kernel::mutex queue;
};

static void OpenAndReset(Card* card) {
  mutex_lock(&card->config);
  mutex_lock(&card->queue);
  mutex_unlock(&card->queue);
  mutex_unlock(&card->config);
  mutex_lock(&card->queue);
  mutex_lock(&card->config);
  mutex_unlock(&card->config);
  mutex_unlock(&card->queue);
}

static void OtherLocks(heddle::Execution& execution, const KeyTable& options) {
  const environment world = EmptyBus(execution, options);
  environment_bystanders(world, 3);
  auto* card = kernel::kzalloc_obj<Card>(kernel::GFP_KERNEL);
  environment_keep(world, card);
  mutex_init(&card->config);
  mutex_init(&card->queue);
  execution.Spawn("user", [=] { OpenAndReset(card); });
  execution.JoinAll();
}

static const std::string kOff = "the third device finds no place: lockdep is off";

static std::vector<heddle::Variant<KeyTable>> HotplugVariants() {
  const std::vector<std::string> stays_on = {"M4-assertion"};
  return {
      {.id = "M3",
       .options = {.core = variant("M3"), .places = 0},
       .executions = 1742,
       .decides = stays_on},
      {.id = "M4", .options = {.core = variant("M4")}, .executions = 1986, .decides = stays_on},
      {.id = "M4-two-places",
       .options = {.core = variant("M4"), .places = 2},
       .executions = 1986,
       .decides = stays_on,
       .note = "four devices, two at a time: classes give their places back"},
      {.id = "M4-one-place",
       .options = {.core = variant("M4"), .places = 1},
       .executions = 1986,
       .findings = {{.bug = "M4-assertion", .preemptions = 1}}},
  };
}

static const bool key_table = heddle::Register<KeyTable>({
    .name = "driver_core/key_table",
    .story = "Devices come and go while lockdep has a class for each of them.",
    .body = PlugInAndOutAtOnce,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = HotplugVariants(),
});

static std::vector<heddle::Variant<KeyTable>> ProbeVariants() {
  const std::vector<std::string> silent = {"M4-lock-order"};
  return {
      {.id = "M3",
       .options = {.core = variant("M3")},
       .executions = 1,
       .decides = silent,
       .note = "the device lock is exempt"},
      {.id = "M4",
       .options = {.core = variant("M4")},
       .executions = 1,
       .findings = {{.bug = "M4-lock-order"}}},
      {.id = "M4-two-places",
       .options = {.core = variant("M4"), .places = 2},
       .executions = 1,
       .decides = silent,
       .note = kOff},
  };
}

static const bool predicted_with_key_table = heddle::Register<KeyTable>({
    .name = "driver_core/predicted_with_key_table",
    .story = "The order of locks alone, of a probe that registers a driver, among many devices.",
    .body = OneProbeAmongMany,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = ProbeVariants(),
});

static std::vector<heddle::Variant<KeyTable>> OtherVariants() {
  const heddle::ExpectedFinding both_orders = {.bug = "M3-lock-order"};
  return {
      {.id = "M3",
       .options = {.core = variant("M3"), .places = 2},
       .executions = 1,
       .findings = {both_orders}},
      {.id = "M4", .options = {.core = variant("M4")}, .executions = 1, .findings = {both_orders}},
      {.id = "M4-two-places",
       .options = {.core = variant("M4"), .places = 2},
       .executions = 1,
       .decides = {"M3-lock-order"},
       .note = kOff + ", and the bug is still there"},
  };
}

static const bool predicted_of_others = heddle::Register<KeyTable>({
    .name = "driver_core/predicted_of_others",
    .story = "The order of locks alone, of a driver with two of its own, after many devices.",
    .body = OtherLocks,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = OtherVariants(),
});

}  // namespace models::driver_core
