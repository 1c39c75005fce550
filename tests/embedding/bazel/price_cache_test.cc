// SPDX-License-Identifier: MIT

#include <doctest/doctest.h>

#include "framework/core/execution.h"
#include "heddle/heddle.h"
#include "price_cache.h"

namespace {

using shop::Second;

template <Second second>
void TwoCustomers(heddle::Execution& execution) {
  shop::PriceCache<heddle::Mutex, second> cache;
  const shop::Price* hers = nullptr;
  const shop::Price* his = nullptr;
  execution.Spawn("browser", [&] { hers = cache.Get(7); });
  execution.Spawn("buyer", [&] { his = cache.Get(7); });
  execution.JoinAll();
  const shop::Execution order{.cents = hers->cents};
  HEDDLE_ENSURE(order.cents == 799);
  HEDDLE_ENSURE(his->cents == 799);
}

TEST_CASE("a price that was handed out stays") {
  HEDDLE_EXPECT_EXHAUSTED(
      heddle::Explore({.bounds = {.preemptions = 2}}, TwoCustomers<Second::kDropsHisOwn>));
}

TEST_CASE("a price that is replaced is taken from under the customer who has it") {
  const heddle::ExplorationResult result =
      heddle::Explore({.bounds = {.preemptions = 2}}, TwoCustomers<Second::kReplacesTheFirst>);
#ifdef SHOP_IS_INSTRUMENTED
  // Each load and store is checked: the very access is found.
  HEDDLE_EXPECT_FAILURE(result, kUseAfterFree, "new in Compute#2");
#else
  // Freed memory holds a pattern, which is no price.
  HEDDLE_EXPECT_FAILURE(result, kAssertion);
#endif
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].preemptions == 1);
}

}  // namespace
