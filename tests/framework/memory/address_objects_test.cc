// SPDX-License-Identifier: MIT

#include "heddle/memory/address_objects.h"

#include <doctest/doctest.h>

#include <cstdint>

namespace heddle {
namespace {

TEST_CASE("an address keeps its reference, and shares it with no other") {
  AddressObjects objects;
  objects.Find(0x1000).id = 7;
  objects.Find(0x1004).id = 8;
  CHECK(objects.Find(0x1000).id == 7);
  CHECK(objects.Find(0x1004).id == 8);
  CHECK(objects.Find(0x1008).id == 0);
}

TEST_CASE("a thousand addresses keep their references while the table grows") {
  AddressObjects objects;
  for (uint32_t i = 1; i <= 1000; ++i) objects.Find(i * 64).id = i;
  for (uint32_t i = 1; i <= 1000; ++i) REQUIRE(objects.Find(i * 64).id == i);
}

}  // namespace
}  // namespace heddle
