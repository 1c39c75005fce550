// SPDX-License-Identifier: MIT
//
// What is learnt in a round of the search is known in the next, and only there.

#include "heddle/core/locations.h"

#include <doctest/doctest.h>

namespace heddle {
namespace {

TEST_CASE("a location that was learnt is known only once it was adopted") {
  SchedulingLocations locations;
  CHECK(locations.empty());
  CHECK(locations.Learn("conn#1+0.4"));
  CHECK(locations.has_learnt());
  CHECK_FALSE(locations.Has("conn#1+0.4"));
  CHECK(locations.empty());
  locations.Adopt();
  CHECK(locations.Has("conn#1+0.4"));
  CHECK_FALSE(locations.has_learnt());
}

TEST_CASE("a location is new only once, whether it was learnt or given") {
  SchedulingLocations locations;
  locations.Add("given");
  CHECK_FALSE(locations.Learn("given"));
  CHECK_FALSE(locations.has_learnt());
  CHECK(locations.Learn("new"));
  CHECK_FALSE(locations.Learn("new"));
  CHECK(locations.has_learnt());
}

TEST_CASE("two sets that may differ have different versions; that of an empty set is 0") {
  SchedulingLocations one;
  SchedulingLocations other;
  CHECK(one.version() == 0);
  CHECK(other.version() == 0);
  one.Add("a");
  other.Add("b");
  CHECK(one.version() != 0);
  CHECK(one.version() != other.version());
  const uint64_t before = one.version();
  one.Learn("c");
  CHECK(one.version() == before);  // Not known yet.
  one.Adopt();
  CHECK(one.version() != before);
}

}  // namespace
}  // namespace heddle
