// SPDX-License-Identifier: MIT
//
// Each known bug is decided: some row finds it, or rows that would find it are clean of it.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

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

TEST_CASE("each bug of the connection parameter update is found by some row") {
  const Decided decided = DecidedIn("bluetooth");
  for (const char* bug : {"B0-deadlock", "R1",  "R2",  "R3",  "R4",  "R5",  "R6",  "R7",  "R9",
                          "R11",         "R12", "R13", "R14", "R15", "R16", "R17", "R18", "R19",
                          "T1",          "T2",  "T3",  "T4",  "T5",  "T6",  "B6"}) {
    CHECK_MESSAGE(decided.found.contains(bug), bug, " is found by no row");
  }
}

TEST_CASE("what was feared and does not happen is decided by rows that stay clean of it") {
  const Decided decided = DecidedIn("bluetooth");
  for (const char* bug : {"R8", "R10"}) {
    CHECK_MESSAGE(decided.clean.contains(bug), bug, " is decided by no row");
    CHECK_MESSAGE(!decided.found.contains(bug), bug, " is found, and not clean");
  }
}

}  // namespace
}  // namespace heddle
