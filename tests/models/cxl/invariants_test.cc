// SPDX-License-Identifier: MIT
//
// The invariants over records made by hand: each is kept by the plain case and broken by the least
// change that its sentence forbids.

#include "models/cxl/invariants.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace models::cxl {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("an empty record breaks nothing") {
  const cxl_ghost_log log;
  CHECK_FALSE(inv_c2(log));
  CHECK_FALSE(inv_c3(log));
  CHECK_FALSE(inv_c4(log));
}

TEST_CASE("a count that is not that of the array breaks INV-C2") {
  cxl_ghost_log log;
  log.is_miscounted = true;
  log.counted = 1;
  REQUIRE(inv_c2(log));
  CHECK(inv_c2(log)->objects == Names{"nr_dports"});
  CHECK(inv_c2(log)->sentence == "with the lock of the port, nr_dports is 1, and there are 0");
}

TEST_CASE("a reference without a dport breaks INV-C3, and a dport without one") {
  cxl_ghost_log log;
  log.dport_devs_taken = 2;
  log.dport_devs_dropped = 1;
  log.dport_count = 1;
  CHECK_FALSE(inv_c3(log));
  log.dport_count = 0;
  CHECK(inv_c3(log));
  log.dport_count = 2;
  CHECK(inv_c3(log));
}

TEST_CASE("INV-C4 tells a wrong host from one without a driver, and from a dead dport") {
  cxl_ghost_log log;
  log.endpoint_added_at = wrong_place::WRONG_HOST;
  REQUIRE(inv_c4(log));
  CHECK(inv_c4(log)->objects == Names{"dport->rch"});
  for (const wrong_place place : {wrong_place::NO_DRIVER, wrong_place::DEAD_DPORT}) {
    log.endpoint_added_at = place;
    REQUIRE(inv_c4(log));
    CHECK(inv_c4(log)->objects == Names{"endpoint"});
  }
}

TEST_CASE("an endpoint breaks INV-C4 if it outlives the registration of its own parent only") {
  cxl_ghost_log log;
  // Only their addresses matter.
  const auto* parent = reinterpret_cast<const cxl_port*>(&log);
  const auto* other = reinterpret_cast<const cxl_port*>(&log.dports);
  const auto* endpoint = reinterpret_cast<const cxl_port*>(&log.endpoints);
  log.endpoints[log.endpoint_count++] = {.port = endpoint, .parent = parent};
  log.unregistered[log.unregistered_count++] = other + 1;
  CHECK_FALSE(inv_c4(log));
  log.unregistered[log.unregistered_count++] = parent;
  REQUIRE(inv_c4(log));
  CHECK(inv_c4(log)->sentence == "an endpoint stays when the port above it goes");
}

}  // namespace
}  // namespace models::cxl
