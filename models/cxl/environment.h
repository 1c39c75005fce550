// SPDX-License-Identifier: GPL-2.0-only
//
// Setting a scenario up: a CXL topology, its memory devices, and who does what to them.
//
//   const environment world = environment_create(variant("X2"), {.below = topology::RCH});
//   add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
//   environment_let_fail({kPortSite});
//   execution.Spawn("cxl_mem", [=] { bind_memdev(world, 0); });
//   execution.Spawn("sysfs", [=] { rebind_acpi(world); });
//   execution.JoinAll();
//
// Everything but the actors is meant for the one task that sets up, before it spawns others. No
// allocation fails meanwhile; which ones may fail later is the scenario's to say.

#pragma once

#include <initializer_list>
#include <string_view>

#include "models/cxl/acpi.h"
#include "models/cxl/pci.h"

namespace models::cxl {

// Where the memory devices are.
enum class topology {
  RCH,     // Below a restricted host, which has no ports of its own.
  VH,      // Below a root port of a host bridge.
  SWITCH,  // Two, below a switch that is below a host bridge.
};

struct environment_spec {
  topology below = topology::RCH;
  bool has_einj = false;
  // How many memory devices already have their driver.
  int bound = 0;
};

inline constexpr int kMemdevs = 2;

struct environment {
  cxl_core* core;
  driver_core::driver_core* drivers;
  cxl_acpi_driver* acpi_driver;
  driver_core::platform_device* acpi;  // ACPI0017.
  cxl_driver* mem_driver;
  cxl_driver* port_driver;
  cxl_pci_driver* pci_driver;
  pci_dev* bridge;  // The host bridge.
  pci_dev* second_bridge;
  pci_dev* pdev[kMemdevs];
  cxl_memdev* memdev[kMemdevs];
};

environment environment_create(const cxl_options& options, const environment_spec& spec);

// The port that stands for the host bridge; the root. Not pinned.
cxl_port* bridge_port(const environment& world);
cxl_port* root_port(const environment& world);

// ---- Actors

// The driver of a memory device comes (R1, and R5 where there are ports), and goes (W2d).
int bind_memdev(const environment& world, int index);
void unbind_memdev(const environment& world, int index);
// A user takes ACPI0017 from its driver (W1), and gives it back.
void unbind_acpi(const environment& world);
void rebind_acpi(const environment& world);
// A user takes the host bridge's port from its driver (W2u), and gives it back.
void rebind_bridge_port(const environment& world);
// ACPI0017 is removed.
void remove_acpi(const environment& world);

// ---- Faults

// From now on these allocations may fail, each at the cost of one fault. Without it none may.
void environment_let_fail(std::initializer_list<std::string_view> sites);
// A port; what links a memory device to a port.
inline constexpr std::string_view kPortSite = "cxl_port";
inline constexpr std::string_view kEpSite = "cxl_ep";

}  // namespace models::cxl
