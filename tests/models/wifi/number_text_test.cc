// SPDX-License-Identifier: MIT

#include "models/wifi/number_text.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <string_view>

namespace models::wifi {
namespace {

std::string Formatted(kernel::u32 number, size_t room) {
  char buf[16];
  return {buf, static_cast<size_t>(format_number(number, buf, room))};
}

TEST_CASE("a number is written with a line feed, as far as there is room") {
  CHECK(Formatted(0, 16) == "0\n");
  CHECK(Formatted(4'294'967'295U, 16) == "4294967295\n");
  CHECK(Formatted(120, 3) == "120");
  CHECK(Formatted(120, 2) == "12");
}

TEST_CASE("digits and one line feed are a number, and anything else is none") {
  kernel::u32 number = 99;
  for (const std::string_view bad : {"", "\n", "x", "1x", "1\n\n", "-1", " 1"}) {
    CHECK(parse_number(bad.data(), bad.size(), &number) == -EINVAL);
  }
  CHECK(number == 99);
  CHECK(parse_number("120\n", 4, &number) == 0);
  CHECK(number == 120);
  CHECK(parse_number("7", 1, &number) == 0);
  CHECK(number == 7);
}

}  // namespace
}  // namespace models::wifi
