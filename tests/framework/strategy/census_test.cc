// SPDX-License-Identifier: MIT
//
// Census: counts by source, and that the estimate is right where the truth is known.

#include "heddle/strategy/census.h"

#include <doctest/doctest.h>

#include <vector>

#include "heddle/base/random.h"

namespace heddle {
namespace {

TEST_CASE("a class counts as single until anybody shows it again, for the source that showed it") {
  Census census;
  CHECK(census.Unseen() == 1);
  CHECK(census.UnseenAtMost() == 1);
  CHECK(census.Add(17, 0));
  CHECK(census.Add(0, 1));
  CHECK_FALSE(census.Add(17, 1));
  CHECK(census.samples() == 3);
  CHECK(census.classes() == 2);
  CHECK(census.singles() == 1);
  CHECK(census.singles(0) == 0);
  CHECK(census.singles(1) == 1);
  CHECK(census.samples(0) == 1);
  CHECK(census.samples(1) == 2);
  CHECK(census.Unseen() == doctest::Approx(1.0 / 3));
}

TEST_CASE("where no class was seen only once, the bound is the rule of three") {
  Census census;
  for (int i = 0; i < 600; ++i) census.Add(i < 3 ? 1 : 2, 0);
  CHECK(census.Unseen() == 0);
  CHECK(census.UnseenAtMost() == doctest::Approx(3.0 / 600));
}

TEST_CASE("no class is lost or counted twice while the table grows") {
  Census census;
  Random random(1);
  std::vector<uint64_t> ids;
  for (int i = 0; i < 20'000; ++i) ids.push_back(random.Next());
  for (const uint64_t id : ids) CHECK(census.Add(id, 0));
  for (const uint64_t id : ids) CHECK_FALSE(census.Add(id, 1));
  CHECK(census.classes() == 20'000);
  CHECK(census.singles() == 0);
  CHECK(census.singles(0) == 0);
}

TEST_CASE("of 400 populations the bound holds in at least nine of ten, and is not far off") {
  // Classes 0 to 199 with probabilities that fall geometrically.
  int holds = 0;
  double bounds = 0;
  double truths = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    Census census;
    Random random(seed);
    std::vector<bool> seen(200);
    for (int i = 0; i < 300; ++i) {
      uint64_t id = 0;
      while (id < 199 && random.Below(20) != 0) ++id;
      seen[id] = true;
      census.Add(id * 0x9e3779b97f4a7c15U, 0);
    }
    double unseen = 0;
    double left = 1;
    for (size_t id = 0; id < 200; ++id) {
      const double share = id == 199 ? left : left / 20;
      if (!seen[id]) unseen += share;
      left -= share;
    }
    holds += unseen <= census.UnseenAtMost() ? 1 : 0;
    bounds += census.UnseenAtMost();
    truths += unseen;
  }
  CHECK(holds >= 360);
  CHECK(bounds < 2 * truths);
}

}  // namespace
}  // namespace heddle
