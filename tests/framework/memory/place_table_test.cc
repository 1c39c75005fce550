// SPDX-License-Identifier: MIT

#include "heddle/memory/place_table.h"

#include <doctest/doctest.h>

#include <set>

namespace heddle {
namespace {

CodePlace At(int line) {
  return {.pc = 0x400000, .where = {"a.cc", "F", line}};
}

TEST_CASE("a program counter is its own number, a source location has one that no code has") {
  PlaceTable places;
  CHECK(places.Encode({.pc = 0x5555'0000'1234}) == 0x5555'0000'1234);
  const uint64_t number = places.Encode(At(7));
  CHECK(number < PlaceTable::kEntriesMax);
  CHECK(number != 0);
  CHECK(places.Decode(number).where.line == 7);
  CHECK(places.Decode(0x5555'0000'1234).pc == 0x5555'0000'1234);
}

TEST_CASE("a place that is not known has the number 0, and back") {
  PlaceTable places;
  CHECK(places.Encode({}) == 0);
  for (const uint64_t number : {0, 17}) {
    CHECK(places.Decode(number).pc == 0);
    CHECK(places.Decode(number).where.line == 0);
  }
}

TEST_CASE("a thousand lines keep their numbers while the table grows") {
  PlaceTable places;
  std::set<uint64_t> numbers;
  for (int line = 1; line <= 1000; ++line) numbers.insert(places.Encode(At(line)));
  CHECK(numbers.size() == 1000);
  for (int line = 1; line <= 1000; ++line) {
    const uint64_t number = places.Encode(At(line));
    REQUIRE(numbers.count(number) == 1);
    REQUIRE(places.Decode(number).where.line == line);
  }
}

TEST_CASE("past its bound the table falls back on program counters") {
  PlaceTable places;
  for (size_t i = 0; i < PlaceTable::kEntriesMax; ++i) places.Encode(At(static_cast<int>(i) + 1));
  CHECK(places.Encode(At(1'000'000)) == 0x400000);
  CHECK(places.Encode(At(1)) < PlaceTable::kEntriesMax);
}

}  // namespace
}  // namespace heddle
