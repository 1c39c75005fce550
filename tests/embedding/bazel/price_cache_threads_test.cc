// SPDX-License-Identifier: MIT
//
// The cache as it is shipped, on std::mutex: this hardly ever shows what two threads can do to it.

#include <doctest/doctest.h>

#include <thread>

#include "price_cache.h"

TEST_CASE("two threads see one price") {
  shop::PriceCache<> cache;
  const shop::Price* one = nullptr;
  std::thread other([&] { one = cache.Get(7); });
  const shop::Price* const two = cache.Get(7);
  other.join();
  CHECK(one == two);
  CHECK(two->cents == 799);
}
