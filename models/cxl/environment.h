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
  bool has_mem_driver = true;
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
// The same; the host bridge comes back as one that is not restricted.
void rebind_acpi_as_vh(const environment& world);
// ACPI0017 is removed.
void remove_acpi(const environment& world);
// The root's dport gives way to one of the other kind, with ACPI0017 bound throughout. No driver
// of the tree does that.
void replace_dport(const environment& world);
// A second host bridge turns up below `port`. Returns 0 or an error.
int add_second_dport(const environment& world, cxl_port* port);
bool has_second_dport(const environment& world, cxl_port* port);

// A user reads rcd_link_cap, whose file was opened with environment_open_cap, and closes it.
// Returns what read does.
kernel::kernfs_node* environment_open_cap(const environment& world);
ssize_t read_cap(kernel::kernfs_node* file);
// The link below the dport has an error.
void report_error(const environment& world);
// The driver of the PCI device comes (R4), and goes.
int bind_pci(const environment& world);
void unbind_pci(const environment& world);
void rebind_pci(const environment& world);
// Somebody takes the lock of the root port and counts its dports, for INV-C2.
void count_dports(const environment& world);
// Somebody injects an error at the dport of the host bridge.
void inject_error(const environment& world);

// How many resources a device has.
int resources_of(const device* dev);

// ---- Faults

// From now on these allocations may fail, each at the cost of one fault. Without it none may.
void environment_let_fail(std::initializer_list<std::string_view> sites);
// A port; what links a memory device to a port.
inline constexpr std::string_view kPortSite = "cxl_port";
inline constexpr std::string_view kEpSite = "cxl_ep";
// A mapping of registers by cxl_pci.
inline constexpr std::string_view kMapSite = "rcd_pcie_cap";
// All on the way of a dport: itself, its group, its three actions, its entry, its link, its
// registers.
void environment_let_dports_fail();
// Every allocation.
void environment_let_any_fail();

}  // namespace models::cxl
