// SPDX-License-Identifier: MIT
//
// RowCheck: a row as a test: explored as it is pinned, or as the environment overrides it.

#pragma once

#include <string>

#include "heddle/testing/bug.h"
#include "heddle/testing/environment.h"
#include "heddle/testing/row.h"

namespace heddle {

struct RowCheck {
  // What is wrong, with the reports that show it; empty if the test passes.
  std::string complaint;
  // The schedule in the environment is for another row.
  bool is_skipped = false;
};

// Explores `row`. Without an override it passes if the verdict is as pinned; with one, if no
// failure is found.
RowCheck CheckRow(const RowRef& row, const BugCatalogue& catalogue, const Environment& environment);

}  // namespace heddle
