// SPDX-License-Identifier: MIT
//
// What the named versions of the driver core have in common, and in what they differ.

#include "models/driver_core/core_options.h"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace models::driver_core {
namespace {

TEST_CASE("each version of the driver core has a name of its own, and is found by it") {
  std::set<std::string_view> ids;
  for (const named_variant& named : named_variants()) {
    CHECK(ids.insert(named.id).second);
    CHECK(&variant(named.id) == &named.options);
  }
  CHECK(ids.size() == 10);
}

TEST_CASE("the revert leaves nothing of the lock around the match") {
  CHECK(variant("M1").match == match_locking::DEVICE_LOCK);
  CHECK(variant("M2").match == variant("M0").match);
  CHECK(variant("M2").has_core_override == variant("M0").has_core_override);
}

TEST_CASE("only the reference matches again before it probes") {
  for (const named_variant& named : named_variants())
    CHECK(named.options.matches_again_before_probe == (named.id == "M-ideal"));
}

}  // namespace
}  // namespace models::driver_core
