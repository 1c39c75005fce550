// SPDX-License-Identifier: GPL-2.0-only

#include "models/cxl/ghost.h"

#include "heddle/base/check.h"

namespace models::cxl {

// Outside of the memory of the program under test, which dies with it.
static cxl_ghost_log the_log;

cxl_ghost_log* ghost_log_create() {
  the_log = {};
  return &the_log;
}

static cxl_ghost_log& log_of(const cxl_port* port) {
  return *port->core->ghost;
}

static const ghost_dport* find_dport(const cxl_ghost_log& log, const cxl_dport* dport) {
  for (int i = 0; i < log.dport_count; ++i) {
    if (log.dports[i].dport == dport) return &log.dports[i];
  }
  return nullptr;
}

void ghost_dport_added(const cxl_port* port, const cxl_dport* dport) {
  cxl_ghost_log& log = log_of(port);
  HEDDLE_CHECK(log.dport_count < cxl_ghost_log::kEntries) << "a world of too many dports";
  log.dports[log.dport_count++] = {.dport = dport, .rch = dport->rch};
  ++log.dport_devs_taken;
}

void ghost_dport_dev_put(const cxl_port* port, const device* /*dport_dev*/) {
  ++log_of(port).dport_devs_dropped;
}

void ghost_dport_freed(const cxl_port* port, const cxl_dport* dport) {
  cxl_ghost_log& log = log_of(port);
  for (int i = 0; i < log.dport_count; ++i) {
    if (log.dports[i].dport == dport) log.dports[i] = log.dports[--log.dport_count];
  }
}

static wrong_place place_of(const cxl_ghost_log& log, const cxl_port* parent,
                            const cxl_dport* dport, const device* host) {
  const ghost_dport* entry = find_dport(log, dport);
  if (host->driver == nullptr) return wrong_place::NO_DRIVER;
  if (entry == nullptr) return wrong_place::DEAD_DPORT;
  const bool is_below_rch = host != &parent->dev;
  return entry->rch == is_below_rch ? wrong_place::NONE : wrong_place::WRONG_HOST;
}

void ghost_endpoint_comes(const cxl_port* parent, const cxl_dport* dport, const device* host) {
  cxl_ghost_log& log = log_of(parent);
  if (log.endpoint_added_at == wrong_place::NONE)
    log.endpoint_added_at = place_of(log, parent, dport, host);
}

void ghost_endpoint_added(const cxl_port* endpoint) {
  cxl_ghost_log& log = log_of(endpoint);
  HEDDLE_CHECK(log.endpoint_count < cxl_ghost_log::kEntries) << "a world of too many endpoints";
  log.endpoints[log.endpoint_count++] = {.port = endpoint,
                                         .parent = to_cxl_port(endpoint->dev.parent)};
}

void ghost_port_unregisters(const cxl_port* port) {
  cxl_ghost_log& log = log_of(port);
  for (int i = 0; i < log.endpoint_count; ++i) {
    if (log.endpoints[i].port != port) continue;
    log.endpoints[i] = log.endpoints[--log.endpoint_count];
    return;
  }
  HEDDLE_CHECK(log.unregistered_count < cxl_ghost_log::kEntries) << "a world of too many ports";
  log.unregistered[log.unregistered_count++] = port;
}

void ghost_counted(const cxl_port* port, int nr_dports, int entries) {
  cxl_ghost_log& log = log_of(port);
  if (nr_dports == entries || log.is_miscounted) return;
  log.is_miscounted = true;
  log.counted = nr_dports;
  log.entries = entries;
}

}  // namespace models::cxl
