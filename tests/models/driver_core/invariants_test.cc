// SPDX-License-Identifier: MIT
//
// The invariants over records made by hand: each is kept by the plain case and broken by the least
// change that its sentence forbids.

#include "models/driver_core/invariants.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

namespace models::driver_core {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("an empty record breaks nothing") {
  const ghost_log log;
  CHECK_FALSE(inv_d1(log, 0));
  CHECK_FALSE(inv_d3(log));
  CHECK_FALSE(inv_d4(log));
  CHECK_FALSE(inv_d5(log));
  CHECK_FALSE(inv_d6(log));
}

TEST_CASE("a string that is neither freed nor in use breaks INV-D1, and one freed twice") {
  ghost_log log;
  log.strings_allocated = 2;
  log.strings_freed = 1;
  CHECK_FALSE(inv_d1(log, 1));
  CHECK(inv_d1(log, 0));
  log.strings_freed = 2;
  CHECK(inv_d1(log, 1));
}

TEST_CASE("two probes at once break INV-D3 where the second began") {
  ghost_log log;
  log.intrusions[log.intrusion_count++] = {.device = "gpu", .driver = "vfio", .is_overlap = true};
  const std::optional<breach> found = inv_d3(log);
  REQUIRE(found);
  CHECK(found->functions == Names{"call_driver_probe"});
}

TEST_CASE("a driver that changes without the lock breaks INV-D3 where it was set") {
  ghost_log log;
  log.intrusions[log.intrusion_count++] = {.device = "gpu"};
  const std::optional<breach> found = inv_d3(log);
  REQUIRE(found);
  CHECK(found->functions == Names{"device_set_driver"});
  CHECK(found->sentence == "\"gpu\" was given no driver without its lock");
}

TEST_CASE("the removal of a driver that never finished its probe breaks INV-D3") {
  ghost_log log;
  log.half_probes[log.half_probe_count++] = {.device = "gpu", .driver = "gpu", .is_removal = true};
  const std::optional<breach> found = inv_d3(log);
  REQUIRE(found);
  CHECK(found->functions == Names{"__device_release_driver"});
}

TEST_CASE("a binding against a reservation breaks INV-D4, and says where a copy was cut off") {
  ghost_log log;
  ghost_disobedience& entry = log.disobediences[log.disobedience_count++];
  entry = {.device = "gpu", .driver = "0123456789012345678901234567890"};
  std::strcpy(entry.reserved_for, "vfio");
  REQUIRE(inv_d4(log));
  CHECK(inv_d4(log)->objects == Names{"driver_override"});
  std::strcpy(entry.reserved_for, "01234567890123456789012345678901");
  CHECK(inv_d4(log)->objects == Names{"override_copy"});
}

TEST_CASE("a use after the context was closed breaks INV-D5") {
  ghost_log log;
  log.uses_after_close = 1;
  log.late_user = "arm-scmi";
  REQUIRE(inv_d5(log));
  CHECK(inv_d5(log)->objects == Names{"scmi_agent"});
}

TEST_CASE("two answers to one probe break INV-D6") {
  ghost_log log;
  log.changes_in_probe[log.change_in_probe_count++] = {.device = "gpu", .first = -1, .second = 0};
  REQUIRE(inv_d6(log));
  CHECK(inv_d6(log)->functions == Names{"run_probe"});
}

}  // namespace
}  // namespace models::driver_core
