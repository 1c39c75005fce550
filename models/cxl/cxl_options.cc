// SPDX-License-Identifier: GPL-2.0-only

#include "models/cxl/cxl_options.h"

#include "heddle/base/check.h"

namespace models::cxl {

static constexpr cxl_options base = {
    .removal = dport_removal::UNLOCKED,
    .attach = endpoint_attach::CAPTURED,
    .emit = dport_access::CAPTURED,
    .pci_users = dport_access::CAPTURED,
    .enumerates_under_port_lock = false,
    .rechecks_rch = false,
    .pins_uport_dev = false,
    .removes_debugfs_dir = false,
    .ras_locks_endpoint = false,
    .undoes_endpoint_in_place = false,
};

static constexpr cxl_options with_removal(dport_removal removal) {
  cxl_options options = base;
  options.removal = removal;
  return options;
}

// v1, with readers that look at dports in one way or another.
static constexpr cxl_options with_readers(endpoint_attach attach, dport_access access) {
  cxl_options options = with_removal(dport_removal::COND_ROOT_LOCK);
  options.attach = attach;
  options.emit = access;
  return options;
}

static constexpr cxl_options v2 =
    with_readers(endpoint_attach::LOADED_TWICE, dport_access::LOADED_IN_HOST);

// One edit of another version.
template <class Edit>
static constexpr cxl_options edited(cxl_options options, Edit edit) {
  edit(options);
  return options;
}

static constexpr cxl_options X1rr =
    edited(with_readers(endpoint_attach::LOADED_IN_PORT, dport_access::LOADED_IN_PORT),
           [](cxl_options& o) { o.pci_users = dport_access::LOADED_IN_PORT; });

static constexpr named_variant variants[] = {
    {"X0", base, "base"},
    {"X0n", with_removal(dport_removal::PORT_LOCK), "naive: removal always locks the port"},
    {"X1", with_removal(dport_removal::COND_ROOT_LOCK), "v1: removal locks a root port"},
    {"X1r", with_readers(endpoint_attach::CAPTURED_IN_PORT, dport_access::CAPTURED_IN_PORT),
     "v1; readers look a dport up, then lock the port"},
    {"X1rr", X1rr, "v1; readers lock the port, then load"},
    {"X2", v2, "v2: readers load under the lock of the dport's host"},
    {"X2a", edited(v2, [](cxl_options& o) { o.attach = endpoint_attach::LOADED_ONCE; }),
     "v2 without the second load"},
    {"X2w", edited(v2, [](cxl_options& o) { o.removal = dport_removal::UNLOCKED; }),
     "v2 without v1"},
    {"X2nest", edited(v2, [](cxl_options& o) { o.attach = endpoint_attach::LOADED_NESTED; }),
     "v2 with one guard inside of the other"},
    {"X2-inside", edited(v2, [](cxl_options& o) { o.registers_removal_unlocked = false; }),
     "v2 that registers the removal with the port locked"},
    {"X2-files-last", edited(v2, [](cxl_options& o) { o.removes_files_first = false; }),
     "v2 with files that outlive what they read"},
    {"X3", {}, "reference: every way to a dport ends under a lock that keeps it"},
    {"X3-noemit", edited({}, [](cxl_options& o) { o.emit = dport_access::CAPTURED; }),
     "X3 with a file in sysfs as it was"},
    {"X3-nopci", edited({}, [](cxl_options& o) { o.pci_users = dport_access::CAPTURED; }),
     "X3 with cxl_pci_find_port as it was"},
    {"X3-noenum", edited({}, [](cxl_options& o) { o.enumerates_under_port_lock = false; }),
     "X3 with enumeration as it was"},
    {"X3-norch", edited({}, [](cxl_options& o) { o.rechecks_rch = false; }),
     "X3 that does not ask again whether the dport is an RCH's"},
    {"X3-noref", edited({}, [](cxl_options& o) { o.pins_uport_dev = false; }),
     "X3 with ports that do not pin uport_dev"},
    {"X3-nodir", edited({}, [](cxl_options& o) { o.removes_debugfs_dir = false; }),
     "X3 with debugfs files that outlive their dport"},
    {"X3-noras", edited({}, [](cxl_options& o) { o.ras_locks_endpoint = false; }),
     "X3 with an error handler that does not lock the endpoint"},
    {"X3-noundo", edited({}, [](cxl_options& o) { o.undoes_endpoint_in_place = false; }),
     "X3 with the removal of endpoints as it was"},
};

std::span<const named_variant> named_variants() {
  return variants;
}

const cxl_options& variant(std::string_view id) {
  for (const named_variant& named : variants) {
    if (named.id == id) return named.options;
  }
  HEDDLE_CHECK(false) << "there is no variant " << id;
  return variants[0].options;
}

}  // namespace models::cxl
