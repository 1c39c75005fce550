// SPDX-License-Identifier: GPL-2.0-only
//
// cxl_options: in what the versions of the CXL core differ.
//
// One member per difference; a version of the code is a set of them, and named_variants() says
// which. The defaults are those of the reference (X3), in which every way to a dport ends under a
// lock that keeps it. Every port, memdev and driver reaches them through its cxl_core.

#pragma once

#include <span>
#include <string_view>

namespace models::cxl {

// What cxl_dport_remove holds while it takes the dport out of port->dports.
enum class dport_removal {
  UNLOCKED,       // Nothing of its own (base).
  PORT_LOCK,      // port->dev, always: the naive fix.
  COND_ROOT_LOCK  // port->dev of a root port (v1): elsewhere the caller has it.
};

// How cxl_mem_probe comes to the dport it hands to devm_cxl_add_endpoint.
enum class endpoint_attach {
  CAPTURED,          // The look-up's pointer; the lock of the endpoint's parent (base).
  CAPTURED_IN_PORT,  // The look-up's pointer; port->dev held from before its first use.
  LOADED_IN_PORT,    // Loaded and used under port->dev, whoever the endpoint's parent is.
  LOADED_ONCE,       // Loaded under port->dev; an RCH's is used under uport_dev as it was.
  LOADED_TWICE,      // And loaded again under uport_dev (v2).
  LOADED_NESTED,     // Loaded once: uport_dev is taken inside of port->dev.
};

// How other readers come to the dport that they look at.
enum class dport_access {
  CAPTURED,          // The look-up's pointer, with no lock or one that is taken later (base).
  CAPTURED_IN_PORT,  // The look-up's pointer, under port->dev.
  LOADED_IN_PORT,    // Loaded under port->dev.
  LOADED_IN_HOST,    // Loaded under the device that frees it, if that has a driver (v2).
};

struct cxl_options {
  dport_removal removal = dport_removal::COND_ROOT_LOCK;
  endpoint_attach attach = endpoint_attach::LOADED_TWICE;
  dport_access emit = dport_access::LOADED_IN_HOST;       // rcd_pcie_cap_emit.
  dport_access pci_users = dport_access::LOADED_IN_HOST;  // The callers of cxl_pci_find_port.

  // Enumeration loads the dport again under the port's lock, and uses it there.
  bool enumerates_under_port_lock = true;
  // The second look of LOADED_TWICE asks once more whether the dport is an RCH's.
  bool rechecks_rch = true;
  // A port counts as a user of its uport_dev.
  bool pins_uport_dev = true;
  // The debugfs directory of a dport goes with it.
  bool removes_debugfs_dir = true;
  // The error handler reads registers of an endpoint under its lock, while it has a driver.
  bool ras_locks_endpoint = true;
  // An endpoint whose removal cannot be registered is removed under the lock that is held.
  bool undoes_endpoint_in_place = true;

  // In every version: the removal is registered once port->dev was dropped.
  bool registers_removal_unlocked = true;
  // In every version: the files of cxl_pci go before the mappings of its device.
  bool removes_files_first = true;
};

struct named_variant {
  std::string_view id;
  cxl_options options;
  std::string_view what;  // One clause for tables.
};

// All named versions, in the order of tables.
std::span<const named_variant> named_variants();

// The options of one of them. REQUIRES: there is a variant `id`.
const cxl_options& variant(std::string_view id);

}  // namespace models::cxl
