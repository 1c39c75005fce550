// SPDX-License-Identifier: MIT
//
// A test of the cache that still has its bug.

#include <doctest/doctest.h>

#include "heddle/heddle.h"
#include "price_cache.h"

TEST_CASE("a price that was handed out stays") {
  const auto body = [](heddle::Execution& execution) {
    shop::PriceCache<heddle::Mutex, shop::Second::kReplacesTheFirst> cache;
    const shop::Price* seen = nullptr;
    execution.Spawn("browser", [&] { seen = cache.Get(7); });
    execution.Spawn("buyer", [&] { cache.Get(7); });
    execution.JoinAll();
    HEDDLE_ENSURE(seen->cents == 799);
  };
  HEDDLE_EXPECT_CLEAN(heddle::Explore({.bounds = {.preemptions = 2}}, body));
}
