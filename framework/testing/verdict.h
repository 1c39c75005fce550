// SPDX-License-Identifier: MIT
//
// Verdict: what an exploration of a row came to, compared with what is pinned for the row.
//
// A row is as pinned if the known bugs that were found, the fewest preemptions and faults with
// which each shows, the number of executions, and whether all were run, are exactly the pinned
// ones. Whatever differs is said in words, because a changed count is a changed search and has to
// be explained.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "heddle/explore/result.h"
#include "heddle/testing/bug.h"
#include "heddle/testing/row.h"

namespace heddle {

struct Verdict {
  // One id per finding of the result, in their order.
  std::vector<std::string> bugs;
  // Indices of the findings that the row does not expect.
  std::vector<size_t> unexpected;
  // One sentence without full stop for each difference; empty if all is as pinned.
  std::vector<std::string> differences;

  bool is_as_pinned() const { return differences.empty(); }

  // Returns "as pinned", or all differences in one line.
  std::string text() const;
};

// Returns the id of the bug that `failure` is: that of the catalogue's best pattern, else
// VARIANT-kind. The second never equals an id of the catalogue.
std::string BugId(const Failure& failure, const std::string& variant,
                  const BugCatalogue& catalogue);

// Compares `result` with the pins of `row`. REQUIRES: `result` comes from CheckOptions(row).
Verdict Judge(const RowRef& row, const BugCatalogue& catalogue, const ExplorationResult& result);

}  // namespace heddle
