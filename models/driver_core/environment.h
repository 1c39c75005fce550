// SPDX-License-Identifier: GPL-2.0-only
//
// Setting a scenario up: a world with a platform bus, devices, drivers, and users with open files.
//
//   const environment world = environment_create(variant("M0"));
//   platform_device* a = environment_device(world, "gpu");
//   scripted_driver* drv = environment_driver(world, {.name = "gpu", .probe =
//   {{probe_act::FAIL}}}); execution.Spawn("modprobe", [=] { driver_register(&drv->pdrv.driver);
//   }); execution.JoinAll();
//
// Everything here is meant for the one task that sets up, before it spawns others. No allocation
// fails meanwhile; which ones may fail later is the scenario's to say (environment_let_fail).

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "models/driver_core/driver.h"
#include "models/driver_core/ghost.h"
#include "models/driver_core/platform.h"
#include "models/driver_core/script.h"

namespace models::driver_core {

// Drivers are static in modules: they stay, registered or not.
struct module_list {
  static constexpr int kItems = 16;
  void* items[kItems];
  int count;
};

struct environment {
  driver_core* core;
  bus_type* platform;
  ghost_log* log;
};

environment environment_create(const core_options& options);

// A platform device that was added.
platform_device* environment_device(const environment& world, const char* name);
// One that was not, yet.
platform_device* environment_device_to_come(const environment& world, const char* name);
// `count` more devices on the bus, which no driver matches.
void environment_bystanders(const environment& world, int64_t count);

// A driver that was registered; one that was not, yet.
scripted_driver* environment_driver(const environment& world, const driver_spec& spec);
scripted_driver* environment_driver_to_come(const environment& world, const driver_spec& spec);

// Keeps what a scenario made itself, as the static data of a module.
void environment_keep(const environment& world, void* item);

// ---- Users

// The file driver_override of a device, opened; also of one that goes.
kernel::kernfs_node* environment_open_override(const environment& world, platform_device* pdev);
// The files bind and unbind of a registered driver.
kernel::kernfs_node* environment_open_bind(scripted_driver* drv);
kernel::kernfs_node* environment_open_unbind(scripted_driver* drv);

// echo text > file; cat file.
ssize_t user_writes(kernel::kernfs_node* file, const char* text);
ssize_t user_reads(kernel::kernfs_node* file);

// ---- Faults

// From now on these allocations may fail, each at the cost of one fault. Without it none may.
void environment_let_fail(std::initializer_list<std::string_view> sites);
// The copy of what a user wrote; the private data of a driver.
inline constexpr std::string_view kOverrideSites[] = {"driver_override"};
inline constexpr std::string_view kDriverSite = "driver_private";
// Both: the fault sites of all scenarios that have a budget.
void environment_let_registration_fail();

}  // namespace models::driver_core
