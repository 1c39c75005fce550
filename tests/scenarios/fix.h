// SPDX-License-Identifier: MIT
//
// Fix: two variants of one scenario, and the one option that turns a row from red to green.

#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "heddle/testing/registry.h"

namespace heddle {

struct Fix {
  const char* option;
  const char* scenario;
  const char* bug;
  const char* broken;
  const char* fixed;
};

inline bool Finds(const ScenarioRow& row, std::string_view bug) {
  return std::ranges::any_of(row.findings, [&](const auto& finding) { return finding.bug == bug; });
}

// The row of the broken variant has the bug, that of the fixed one does not, at the same bounds.
inline void CheckRowsOf(const Fix& fix, const std::string& family) {
  const auto row_of = [&](const char* version) -> const ScenarioRow& {
    const std::string name = family + '/' + fix.scenario + '@' + version;
    CAPTURE(name);
    const auto found = Registry::Global().FindRow(name);
    REQUIRE(found);
    return *found->row;
  };
  CAPTURE(fix.option);
  CAPTURE(fix.bug);
  const ScenarioRow& broken = row_of(fix.broken);
  const ScenarioRow& fixed = row_of(fix.fixed);
  CHECK(Finds(broken, fix.bug));
  CHECK_FALSE(Finds(fixed, fix.bug));
  CHECK(broken.bounds == fixed.bounds);
  CHECK(broken.exhausted);
  CHECK(fixed.exhausted);
}

}  // namespace heddle
