// SPDX-License-Identifier: MIT
//
// How devices and drivers of the port find each other, and part.

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/driver_core/core.h"
#include "models/driver_core/dd.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/kernel/async.h"
#include "models/kernel/errno.h"
#include "tests/models/kernel/search.h"

namespace models::driver_core {
namespace {

using heddle::Execution;
using kernel::CheckClean;
using kernel::Search;

const device_driver* DriverOf(const platform_device* pdev) {
  return pdev->dev.driver;
}

// The invariants keep the world reachable to the end, and hold in every test.
environment World(Execution& execution, const char* id) {
  const environment world = environment_create(variant(id));
  add_invariants(execution, heddle::CheckedAt::kEnd, world, {.d4 = true});
  return world;
}

TEST_CASE("a device and its driver are bound whichever of the two comes first") {
  CheckClean(Search([](Execution& execution) {
    const environment world = World(execution, "M3");
    platform_device* gpu = environment_device_to_come(world, "gpu");
    scripted_driver* drv = environment_driver_to_come(world, {.name = "gpu"});
    execution.Spawn("hotplug", [=] { platform_device_add(gpu); });
    execution.Spawn("modprobe", [=] { platform_driver_register(&drv->pdrv); });
    execution.JoinAll();
    HEDDLE_ENSURE(DriverOf(gpu) == &drv->pdrv.driver);
    HEDDLE_ENSURE(world.log->devices[0].probes == 1);
    platform_device_unregister(gpu);
    platform_driver_unregister(&drv->pdrv);
  }));
}

TEST_CASE("a probe that fails leaves the device to the next driver") {
  CheckClean(Search([](Execution& execution) {
    const environment world = World(execution, "M3");
    static constexpr const char* kGpu[] = {"gpu", nullptr};
    platform_device* gpu = environment_device(world, "gpu");
    environment_driver(world, {.name = "gpu", .probe = {{probe_act::FAIL}}});
    HEDDLE_ENSURE(DriverOf(gpu) == nullptr);
    scripted_driver* second = environment_driver(world, {.name = "gpu2", .id_table = kGpu});
    HEDDLE_ENSURE(DriverOf(gpu) == &second->pdrv.driver);
  }));
}

TEST_CASE("a second driver of one name is refused") {
  CheckClean(Search([](Execution& execution) {
    const environment world = World(execution, "M3");
    environment_driver(world, {.name = "gpu"});
    scripted_driver* twin = environment_driver_to_come(world, {.name = "gpu"});
    HEDDLE_ENSURE(platform_driver_register(&twin->pdrv) == -EBUSY);
  }));
}

TEST_CASE("a device that deferred is probed again once another one is bound") {
  CheckClean(Search(
      [](Execution& execution) {
        const environment world = World(execution, "M3");
        deferred_probe_initcall(world.core);
        platform_device* panel = environment_device(world, "panel");
        environment_device(world, "gpu");
        environment_driver(world, {.name = "panel", .probe = {{probe_act::DEFER_ONCE}}});
        HEDDLE_ENSURE(DriverOf(panel) == nullptr);
        environment_driver(world, {.name = "gpu"});
        execution.JoinAll();
        HEDDLE_ENSURE(DriverOf(panel) != nullptr);
      },
      1));
}

TEST_CASE("a driver that prefers to be probed asynchronously is probed by a worker") {
  CheckClean(Search(
      [](Execution& execution) {
        const environment world = World(execution, "M3");
        platform_device* gpu = environment_device(world, "gpu");
        environment_driver(world, {.name = "gpu", .how = probe_type::PROBE_PREFER_ASYNCHRONOUS});
        wait_for_device_probe(world.core);
        HEDDLE_ENSURE(DriverOf(gpu) != nullptr);
      },
      1));
}

TEST_CASE("a reserved device is bound to its driver and no other") {
  for (const char* id : {"M0", "M1", "M3", "M3p", "M5", "M5f", "M-ideal"}) {
    CAPTURE(id);
    CheckClean(Search([id](Execution& execution) {
      const environment world = World(execution, id);
      platform_device* gpu = environment_device(world, "gpu");
      kernel::kernfs_node* file = environment_open_override(world, gpu);
      HEDDLE_ENSURE(user_writes(file, "vfio\n") == 5);
      HEDDLE_ENSURE(user_reads(file) == 4);
      environment_driver(world, {.name = "gpu"});
      HEDDLE_ENSURE(DriverOf(gpu) == nullptr);
      scripted_driver* vfio = environment_driver(world, {.name = "vfio"});
      HEDDLE_ENSURE(DriverOf(gpu) == &vfio->pdrv.driver);
    }));
  }
}

TEST_CASE("unbind takes the driver off, and bind puts it back") {
  CheckClean(Search([](Execution& execution) {
    const environment world = World(execution, "M1");
    platform_device* gpu = environment_device(world, "gpu");
    scripted_driver* drv = environment_driver(world, {.name = "gpu"});
    HEDDLE_ENSURE(user_writes(environment_open_unbind(drv), "gpu") == 3);
    HEDDLE_ENSURE(DriverOf(gpu) == nullptr);
    HEDDLE_ENSURE(user_writes(environment_open_unbind(drv), "gpu") == -ENODEV);
    HEDDLE_ENSURE(user_writes(environment_open_bind(drv), "gpu") == 3);
    HEDDLE_ENSURE(user_writes(environment_open_bind(drv), "gpu") == -EBUSY);
    HEDDLE_ENSURE(DriverOf(gpu) == &drv->pdrv.driver);
  }));
}

TEST_CASE("a device goes while a user writes to its file: the callback is waited for") {
  for (const char* id : {"M0", "M3"}) {
    CAPTURE(id);
    CheckClean(Search([id](Execution& execution) {
      const environment world = World(execution, id);
      platform_device* gpu = environment_device(world, "gpu");
      kernel::kernfs_node* file = environment_open_override(world, gpu);
      execution.Spawn("driverctl", [=] { user_writes(file, "vfio"); });
      execution.Spawn("hotplug", [=] { platform_device_unregister(gpu); });
      execution.JoinAll();
      HEDDLE_ENSURE(user_writes(file, "vfio") == -ENODEV);
      HEDDLE_ENSURE(world.log->strings_allocated == world.log->strings_freed);
    }));
  }
}

}  // namespace
}  // namespace models::driver_core
