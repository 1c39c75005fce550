// SPDX-License-Identifier: MIT
//
// Tables as text.

#include "heddle/report/text_table.h"

#include <doctest/doctest.h>

namespace heddle {
namespace {

TEST_CASE("cells stand below one another and lines end where their text ends") {
  TextTable table({{.width = 4}, {.width = 6}, {.width = 5}});
  table.AddRow({"step", "T1 a", "where"});
  table.AddRule();
  table.AddRow({"1", "", "f"});
  table.AddRow({"2", "lock"});
  CHECK(table.text() ==
        " step  T1 a    where\n"
        " ----  ------  -----\n"
        " 1             f\n"
        " 2     lock\n");
}

TEST_CASE("numbers can stand at the right") {
  TextTable table({{.width = 5, .is_right_aligned = true}, {.width = 3}});
  table.AddRow({"7", "a"});
  table.AddRow({"12345", "b"});
  CHECK(table.text() ==
        "     7  a\n"
        " 12345  b\n");
}

TEST_CASE("a wide cell runs on over empty cells, and is cut before the next one") {
  TextTable table({{.width = 6}, {.width = 6}, {.width = 6}});
  table.AddRow({"abcdefghijklmn", "", "xyz"});
  table.AddRow({"abcdefghijklmnop", "", "xyz"});
  table.AddRow({"abcdefgh", "b", "xyz"});
  table.AddRow({"", "", "abcdefgh"});
  CHECK(table.text() ==
        " abcdefghijklmn  xyz\n"
        " abcdef...lmnop  xyz\n"
        " ab...h  b       xyz\n"
        "                 ab...h\n");
}

TEST_CASE("a line of its own keeps to no column") {
  TextTable table(std::vector<TableColumn>{{.width = 3}});
  table.AddLine("a remark that is wider  ");
  table.AddLine("   ");
  CHECK(table.text() == "a remark that is wider\n\n");
}

}  // namespace
}  // namespace heddle
