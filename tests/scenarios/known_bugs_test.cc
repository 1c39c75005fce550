// SPDX-License-Identifier: MIT
//
// Each known bug is decided: some row finds it, or rows that would find it are clean of it.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/testing/registry.h"

namespace heddle {
namespace {

struct Decided {
  std::set<std::string> found;
  std::set<std::string> clean;  // In some row.
};

Decided DecidedIn(std::string_view family) {
  Decided decided;
  for (const RowRef& row : Registry::Global().Rows()) {
    if (row.scenario->family() != family) continue;
    for (const ExpectedFinding& finding : row.row->findings) decided.found.insert(finding.bug);
    for (const std::string& bug : row.row->decides) decided.clean.insert(bug);
  }
  return decided;
}

// The numbers are those under which the bugs of the patch's versions are known.
const std::vector<std::string> kFound = {
    "B0-deadlock", "B6",  "R1",  "R2",  "R3",  "R4",  "R5", "R6", "R7", "R9", "R11", "R12", "R13",
    "R14",         "R15", "R16", "R17", "R18", "R19", "T1", "T2", "T3", "T4", "T5",  "T6"};
// Feared, and not there.
const std::vector<std::string> kClean = {"R8", "R10"};

TEST_CASE("each bug of the connection parameter update is found by some row") {
  const Decided decided = DecidedIn("bluetooth");
  for (const std::string& bug : kFound) {
    CHECK_MESSAGE(decided.found.contains(bug), bug, " is found by no row");
  }
}

// Every red has a green: a bug that no variant is clean of could be the scenario's own.
TEST_CASE("each bug of the connection parameter update has a row that is clean of it") {
  const Decided decided = DecidedIn("bluetooth");
  for (const std::string& bug : kFound) {
    CHECK_MESSAGE(decided.clean.contains(bug), bug, " has no green row");
  }
}

TEST_CASE("what was feared and does not happen is decided by rows that stay clean of it") {
  const Decided decided = DecidedIn("bluetooth");
  for (const std::string& bug : kClean) {
    CHECK_MESSAGE(decided.clean.contains(bug), bug, " is decided by no row");
    CHECK_MESSAGE(!decided.found.contains(bug), bug, " is found, and not clean");
  }
}

TEST_CASE("the numbers R1 to R19, T1 to T6 and B6 are all taken") {
  std::set<std::string> all(kFound.begin(), kFound.end());
  all.insert(kClean.begin(), kClean.end());
  for (int i = 1; i <= 19; ++i) CHECK(all.contains("R" + std::to_string(i)));
  for (int i = 1; i <= 6; ++i) CHECK(all.contains("T" + std::to_string(i)));
  CHECK(all.contains("B6"));
}

// What v2 of the CXL patch was expected to leave open. Y7 needs an edit that nobody proposed.
const std::vector<std::string> kCxl = {"Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Y8"};

TEST_CASE("each bug that was expected to remain in CXL is found by a row, and absent in another") {
  const Decided decided = DecidedIn("cxl");
  for (const std::string& bug : kCxl) {
    CHECK_MESSAGE(decided.found.contains(bug), bug, " is found by no row");
    CHECK_MESSAGE(decided.clean.contains(bug), bug, " has no green row");
  }
}

TEST_CASE("no row is called clean of what it finds") {
  for (const RowRef& row : Registry::Global().Rows()) {
    for (const ExpectedFinding& finding : row.row->findings) {
      const bool is_both = std::ranges::count(row.row->decides, finding.bug) != 0;
      CHECK_MESSAGE(!is_both, row.name(), " both finds ", finding.bug, " and is clean of it");
    }
  }
}

}  // namespace
}  // namespace heddle
