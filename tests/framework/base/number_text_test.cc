// SPDX-License-Identifier: MIT
//
// Which texts are numbers, and what is said of the others.

#include "heddle/base/number_text.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace heddle {
namespace {

TEST_CASE("a whole number has digits only and is at least as large as asked for") {
  CHECK(ReadWholeNumber("--seed", "0", 0).value() == 0);
  CHECK(ReadWholeNumber("--seed", "18446744073709551615", 0).value() ==
        std::numeric_limits<uint64_t>::max());
  CHECK(ReadWholeNumber("--jobs", "0", 1).error() ==
        "--jobs is '0'; expected a whole number of at least 1");
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "0x10", "1e3", "1.5", "one"}) {
    CAPTURE(text);
    CHECK(ReadWholeNumber("--seed", text, 0).error() ==
          "--seed is '" + std::string(text) + "'; expected a whole number of at least 0");
  }
}

TEST_CASE("a number that is too large is told the largest") {
  CHECK(ReadWholeNumber("--seed", "18446744073709551616", 0).error() ==
        "--seed is '18446744073709551616'; expected a whole number of at most "
        "18446744073709551615");
}

TEST_CASE("an integer lies in its range, ends included") {
  CHECK(ReadInteger("parameter n", "-3", -3, 5).value() == -3);
  CHECK(ReadInteger("parameter n", "5", -3, 5).value() == 5);
  CHECK(ReadInteger("parameter n", "6", -3, 5).error() ==
        "parameter n is '6'; expected a whole number from -3 to 5");
  CHECK_FALSE(ReadInteger("parameter n", "", -3, 5).ok());
}

TEST_CASE("seconds are greater than zero and may have a fraction") {
  CHECK(ReadSeconds("--time", "0.5").value() == 0.5);
  CHECK(ReadSeconds("--time", "120").value() == 120);
  for (const char* text : {"", "0", "-1", "inf", "nan", "5s"}) {
    CAPTURE(text);
    CHECK(ReadSeconds("--time", text).error() ==
          "--time is '" + std::string(text) + "'; expected a number of seconds greater than 0");
  }
}

}  // namespace
}  // namespace heddle
