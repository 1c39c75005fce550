// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/cxl.h, cxlmem.h and core/core.h: ports, dports, endpoints, memory devices.
//
// A port is a device on the cxl bus that stands for a node of the topology: the root, a host
// bridge, a switch, the endpoint of a memory device. Its dports are the ways down from it, by the
// device at their lower end; a dport belongs to a *host*, whose devres frees it: the platform
// device for a dport of the root, the port itself for others.
//
// The lock of port->dev guards dports, endpoints, nr_dports and dead, as far as the version says.
// xa_load on dports takes no lock and pins nothing: whoever uses the dport has to hold something
// that keeps its host from freeing it. That is what this port is about.

#pragma once

#include "models/cxl/cxl_options.h"
#include "models/debugfs/debugfs.h"
#include "models/driver_core/device.h"
#include "models/kernel/types.h"
#include "models/kernel/workqueue.h"
#include "models/kernel/xarray.h"

namespace models::cxl {

using driver_core::bus_type;
using driver_core::device;
using driver_core::device_driver;
// guard(device), scoped_guard(device, ...).
using driver_core::class_device_constructor;
using driver_core::class_device_destructor;
using driver_core::class_device_t;
using kernel::ssize_t;
using kernel::u16;
using kernel::u32;
using kernel::u64;

struct cxl_ghost_log;
struct cxl_memdev;
struct cxl_port;

// ---- What is static in the kernel

struct cxl_core {
  cxl_options options;
  cxl_ghost_log* ghost;
  bus_type bus;
  kernel::workqueue_struct* cxl_bus_wq;  // Ordered.
  debugfs::dentry* cxl_debugfs;          // Null where there is no error injection.
  int next_port_id;
};

static inline cxl_core* core_of(const bus_type* bus) {
  return container_of(bus, cxl_core, bus);
}

// ---- Registers and links

// What a mapping of registers points at, until it is undone.
struct cxl_iomap {
  u32 value;
};

// A symbolic link in sysfs.
struct sysfs_link {
  const char* name;
};

inline constexpr u64 CXL_RESOURCE_NONE = ~0ULL;

// ---- Ports

struct cxl_dport {
  device* dport_dev;  // With a reference while the dport is in port->dports.
  cxl_port* port;
  int port_id;
  bool rch;
  struct {
    u64 base;
  } rcrb;
  struct {
    cxl_iomap* rcd_pcie_cap;  // Mapped by the PCI device below it.
    cxl_iomap* ras;           // By its host. Stands for dport_aer, too.
  } regs;
  int gpf_dvsec;
  sysfs_link* link;
  debugfs::dentry* debugfs_dir;
};

// A memory device somewhere below a port, and the dport by which it is reached.
struct cxl_ep {
  device* ep;
  cxl_dport* dport;
};

struct cxl_port {
  device dev;
  device* uport_dev;  // Not pinned, unless pins_uport_dev.
  device* host_bridge;
  int id;
  kernel::xarray dports;
  kernel::xarray endpoints;
  cxl_dport* parent_dport;
  int nr_dports;
  struct {
    cxl_iomap* ras;
  } regs;
  bool dead;
  int depth;
  sysfs_link* uport_link;
  sysfs_link* parent_dport_link;
  cxl_core* core;
};

#define to_cxl_port(d) container_of(d, ::models::cxl::cxl_port, dev)

// ---- Memory devices

struct cxl_dev_state {
  device* dev;  // The PCI device.
  cxl_memdev* cxlmd;
  bool rcd;
  bool media_ready;
};

struct cxl_memdev {
  device dev;
  cxl_dev_state* cxlds;
  kernel::work_struct detach_work;
  cxl_port* endpoint;
  int depth;
  cxl_core* core;
};

#define to_cxl_memdev(d) container_of(d, ::models::cxl::cxl_memdev, dev)

// ---- Drivers of the cxl bus

enum class cxl_device_id : kernel::u8 { ROOT, PORT, MEMORY_EXPANDER };

struct cxl_driver {
  device_driver drv;
  cxl_device_id id;
  // Makes the dport of a switch port, or returns an error pointer; null: the driver cannot.
  cxl_dport* (*add_dport)(cxl_port* port, device* dport_dev);
};

#define to_cxl_drv(d) container_of(d, ::models::cxl::cxl_driver, drv)

}  // namespace models::cxl
