// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/core/port.c: the topology of ports and dports, and memory devices below it.
//
//   host bridge's platform device (uport_dev of the root) [its lock]
//     root port        dports: host bridges                      host: uport_dev
//       bridge port    dports: PCIe root ports                   host: the port
//         switch port  dports: its downstream ports              host: the port
//           endpoint   of a memory device, under its parent port, or uport_dev below an RCH
//
// Order of locks: memory device, host, port; a parent port before its child.

#pragma once

#include "models/cxl/cxl.h"
#include "models/kernel/cleanup.h"
#include "models/kernel/lockdep.h"

namespace models::cxl {

// ---- The world

// Makes the cxl bus and its queue. Without `has_einj` no dport has debugfs files.
cxl_core* cxl_core_init(const cxl_options& options, driver_core::driver_core* core, bool has_einj);

// Gives the lock of a device a name of its own for reports, and a class for lockdep's order.
void init_device_lock(device* dev, const char* name, kernel::lock_class_key* key, int subclass = 0);

// ---- Ports

// A port of `uport_dev`, registered on the cxl bus, whose end is up to the devres of `host`; a root
// without `parent_dport`. Returns it, or an error pointer.
//
// REQUIRES: host's lock is held, which unregister_port asserts.
cxl_port* devm_cxl_add_port(cxl_core* core, device* host, device* uport_dev,
                            cxl_dport* parent_dport);
void unregister_port(void* _port);
void cxl_unlink_uport(void* _port);
void cxl_unlink_parent_dport(void* _port);

bool is_cxl_port(const device* dev);
bool is_cxl_root(const cxl_port* port);
bool is_cxl_memdev(const device* dev);
bool is_cxl_endpoint(const cxl_port* port);

// The device whose devres owns the port.
device* port_to_host(cxl_port* port);

// The port with a dport of that device, with a reference, or null. `dport`, unless null, becomes
// that dport, with none.
cxl_port* find_cxl_port_by_dport(cxl_core* core, device* dport_dev, cxl_dport** dport);
cxl_port* find_cxl_port_by_uport(cxl_core* core, device* uport_dev);
// The same for the dport above a memory device, or a PCI device.
cxl_port* cxl_mem_find_port(cxl_memdev* cxlmd, cxl_dport** dport);
cxl_port* cxl_pci_find_port(cxl_core* core, device* pdev, cxl_dport** dport);

// ---- Dports

// A dport of `port`, whose end is up to the devres of its host. Returns it or an error pointer.
//
// REQUIRES: the host's lock is held, and it has a driver.
cxl_dport* devm_cxl_add_dport(cxl_port* port, device* dport_dev, int port_id);
cxl_dport* devm_cxl_add_rch_dport(cxl_port* port, device* dport_dev, int port_id, u64 rcrb);

// Looks the dport up, and pins nothing.
cxl_dport* cxl_find_dport_by_dev(cxl_port* port, const device* dport_dev);
device* dport_to_host(const cxl_dport* dport);
// Releases it, or all of them. REQUIRES: port->dev is locked.
void del_dport(cxl_dport* dport);
void del_dports(cxl_port* port);

// ---- Memory devices

// Registers what links `cxlmd` to each port above it; makes those that are missing. Returns 0 or
// an error. REQUIRES: cxlmd->dev is locked.
int devm_cxl_enumerate_ports(cxl_memdev* cxlmd);
// The reverse; an action of the memory device. The last one to leave a switch takes it down.
void cxl_detach_ep(void* data);

// The memory device is to lose its driver with the endpoint. REQUIRES: host's lock is held.
int cxl_endpoint_autoremove(cxl_memdev* cxlmd, cxl_port* endpoint);
// Has it lose its driver later, from cxl_bus_wq.
bool schedule_cxl_memdev_detach(cxl_memdev* cxlmd);
cxl_memdev* devm_cxl_add_memdev(cxl_core* core, cxl_dev_state* cxlds);

// ---- The driver of ports (drivers/cxl/port.c)

cxl_driver* cxl_port_driver_create(cxl_core* core);
int cxl_driver_register(cxl_core* core, cxl_driver* cxl_drv, const char* name);

// A mapping of registers that goes with the driver of `host`; null without memory.
cxl_iomap* devm_cxl_iomap_block(device* host, const char* name);

// ---- Links

int sysfs_create_link(sysfs_link** link, const char* name);
void sysfs_remove_link(sysfs_link** link);

// cxl_port* port __free(put_cxl_port) = ...
void put_cxl_port(cxl_port* port);
DEFINE_FREE(put_cxl_port, ::models::cxl::cxl_port*, ::models::cxl::put_cxl_port(_T));

}  // namespace models::cxl
