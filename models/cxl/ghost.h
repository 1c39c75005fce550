// SPDX-License-Identifier: GPL-2.0-only
//
// The record behind the invariants: which dports live, what holds their devices, where endpoints
// were added.
//
// Nothing here exists in the kernel. The port calls ghost_*() where something happens that an
// invariant speaks of. The calls only write to the record: they are not instrumented, contain no
// scheduling point, take no lock and change nothing that the port reads.

#pragma once

#include "models/cxl/cxl.h"

namespace models::cxl {

// Why an endpoint must not have been added where it was.
enum class wrong_place {
  NONE,
  NO_DRIVER,    // Its host has none.
  DEAD_DPORT,   // The dport is gone.
  WRONG_HOST,   // The host is that of the other kind of dport.
  LEFT_BEHIND,  // Its parent was unregistered, and the endpoint is still there.
};

struct ghost_dport {
  const cxl_dport* dport = nullptr;
  bool rch = false;
};

struct ghost_port {
  const cxl_port* port = nullptr;  // An endpoint.
  const cxl_port* parent = nullptr;
};

struct cxl_ghost_log {
  static constexpr int kEntries = 24;

  ghost_dport dports[kEntries];  // That live.
  int dport_count = 0;
  ghost_port endpoints[kEntries];  // That are registered.
  int endpoint_count = 0;
  const cxl_port* unregistered[kEntries] = {};  // Ports.
  int unregistered_count = 0;

  wrong_place endpoint_added_at = wrong_place::NONE;  // The first one that was.

  // References to dport_dev that dports took and dropped; dports in arrays.
  int dport_devs_taken = 0;
  int dport_devs_dropped = 0;

  // What somebody with the lock of a port counted: nr_dports, and entries of dports.
  bool is_miscounted = false;
  int counted = 0;
  int entries = 0;
};

// A new record, with nothing in it; it replaces the last one.
cxl_ghost_log* ghost_log_create();

void ghost_dport_added(const cxl_port* port, const cxl_dport* dport);
void ghost_dport_dev_put(const cxl_port* port, const device* dport_dev);
void ghost_dport_freed(const cxl_port* port, const cxl_dport* dport);

// An endpoint is about to be added below `parent`, to the devres of `host`.
void ghost_endpoint_comes(const cxl_port* parent, const cxl_dport* dport, const device* host);
void ghost_endpoint_added(const cxl_port* endpoint);
void ghost_port_unregisters(const cxl_port* port);

void ghost_counted(const cxl_port* port, int nr_dports, int entries);

}  // namespace models::cxl
