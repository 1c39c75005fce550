// SPDX-License-Identifier: MIT
//
// Numbers that every compiler has to agree on, and their distribution below a bound.

#include "heddle/base/random.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

namespace heddle {
namespace {

// Of the reference implementations of xoshiro256** and SplitMix64 (prng.di.unimi.it).
TEST_CASE("equal seeds give the numbers of the reference implementation") {
  struct Vector {
    uint64_t seed;
    std::array<uint64_t, 3> numbers;
  };
  for (const auto& [seed, numbers] :
       {Vector{0, {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0}},
        Vector{1, {0xb3f2af6d0fc710c5, 0x853b559647364cea, 0x92f89756082a4514}},
        Vector{12345, {0xbe6a36374160d49b, 0x214aaa0637a688c6, 0xf69d16de9954d388}}}) {
    Random random(seed);
    for (const uint64_t number : numbers) CHECK(random.Next() == number);
  }
}

TEST_CASE("a value below a bound is below it, and each one comes about equally often") {
  for (const uint64_t bound : {1, 2, 3, 7, 10}) {
    Random random(bound);
    std::array<uint64_t, 10> counts = {};
    constexpr uint64_t kDraws = 70'000;
    for (uint64_t i = 0; i < kDraws; ++i) {
      const uint64_t value = random.Below(bound);
      REQUIRE(value < bound);
      ++counts[value];
    }
    for (uint64_t value = 0; value < bound; ++value) {
      CHECK(counts[value] > kDraws / bound * 9 / 10);
      CHECK(counts[value] < kDraws / bound * 11 / 10);
    }
  }
}

// Modulo would give the lower half of the values twice as often as the upper one.
TEST_CASE("a bound of three quarters of all numbers is met without bias") {
  constexpr uint64_t kBound = uint64_t{3} << 62;
  Random random(5);
  int lower_third = 0;
  constexpr int kDraws = 30'000;
  for (int i = 0; i < kDraws; ++i) {
    const uint64_t value = random.Below(kBound);
    REQUIRE(value < kBound);
    if (value < kBound / 3) ++lower_third;
  }
  CHECK(lower_third > kDraws / 3 * 9 / 10);
  CHECK(lower_third < kDraws / 3 * 11 / 10);
}

TEST_CASE("a copy goes on with the same numbers") {
  Random random(9);
  random.Next();
  Random copy = random;
  for (int i = 0; i < 5; ++i) CHECK(copy.Next() == random.Next());
}

}  // namespace
}  // namespace heddle
