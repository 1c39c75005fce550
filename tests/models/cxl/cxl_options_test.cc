// SPDX-License-Identifier: MIT
//
// What the named versions of the CXL core have in common, and in what they differ.

#include "models/cxl/cxl_options.h"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace models::cxl {
namespace {

// In how many options two versions differ.
int Distance(const cxl_options& a, const cxl_options& b) {
  return (a.removal != b.removal) + (a.attach != b.attach) + (a.emit != b.emit) +
         (a.pci_users != b.pci_users) +
         (a.enumerates_under_port_lock != b.enumerates_under_port_lock) +
         (a.rechecks_rch != b.rechecks_rch) + (a.pins_uport_dev != b.pins_uport_dev) +
         (a.removes_debugfs_dir != b.removes_debugfs_dir) +
         (a.ras_locks_endpoint != b.ras_locks_endpoint) +
         (a.undoes_endpoint_in_place != b.undoes_endpoint_in_place) +
         (a.registers_removal_unlocked != b.registers_removal_unlocked) +
         (a.removes_files_first != b.removes_files_first);
}

TEST_CASE("each version of the CXL core has a name of its own, and is found by it") {
  std::set<std::string_view> ids;
  for (const named_variant& named : named_variants()) {
    CHECK(ids.insert(named.id).second);
    CHECK(&variant(named.id) == &named.options);
  }
  CHECK(ids.size() == 20);
}

TEST_CASE("v1 and the naive fix change nothing but the removal") {
  CHECK(Distance(variant("X0"), variant("X1")) == 1);
  CHECK(Distance(variant("X0"), variant("X0n")) == 1);
  CHECK(variant("X1").removal == dport_removal::COND_ROOT_LOCK);
  CHECK(variant("X0n").removal == dport_removal::PORT_LOCK);
}

TEST_CASE("v2 is v1 with two other readers") {
  CHECK(Distance(variant("X1"), variant("X2")) == 2);
  CHECK(variant("X2").emit == dport_access::LOADED_IN_HOST);
  CHECK(variant("X2").attach == endpoint_attach::LOADED_TWICE);
}

TEST_CASE("each form of v2 or of the reference that stands in a name is one edit away") {
  for (const std::string_view id : {"X2a", "X2w", "X2nest", "X2-inside", "X2-files-last"})
    CHECK(Distance(variant("X2"), variant(id)) == 1);
  for (const named_variant& named : named_variants()) {
    if (named.id.starts_with("X3-")) CHECK(Distance(variant("X3"), named.options) == 1);
  }
}

}  // namespace
}  // namespace models::cxl
