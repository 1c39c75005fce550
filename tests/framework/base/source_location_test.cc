// SPDX-License-Identifier: MIT
//
// Which place a source location is, as a default argument and otherwise.

#include "heddle/base/source_location.h"

#include <doctest/doctest.h>

#include <string_view>

namespace heddle {
namespace {

SourceLocation CalledFrom(SourceLocation where = SourceLocation::Here()) {
  return where;
}

SourceLocation PassedOn(SourceLocation where = SourceLocation::Here()) {
  return CalledFrom(where);
}

struct Made {
  explicit Made(SourceLocation at = SourceLocation::Here()) : where(at) {}
  SourceLocation where;
};

TEST_CASE("as a default argument it is the line, file and function of the call") {
  const SourceLocation where = CalledFrom();
  const int line = __LINE__ - 1;
  CHECK(where.line == line);
  CHECK(std::string_view(where.file).ends_with("tests/framework/base/source_location_test.cc"));
  CHECK(std::string_view(where.function) == __func__);
}

TEST_CASE("passed on it stays the place of the outer call, in constructors too") {
  const SourceLocation where = PassedOn();
  CHECK(where.line == __LINE__ - 1);
  const Made made;
  CHECK(made.where.line == __LINE__ - 1);
}

TEST_CASE("a location of nowhere has line 0 and empty names, never null") {
  constexpr SourceLocation kNowhere;
  CHECK(kNowhere.line == 0);
  CHECK(std::string_view(kNowhere.file).empty());
  CHECK(std::string_view(kNowhere.function).empty());
}

}  // namespace
}  // namespace heddle
