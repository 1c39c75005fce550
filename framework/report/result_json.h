// SPDX-License-Identifier: MIT
//
// ResultJson: what a search covered and found, as the JSON object of --json, one per scenario and
// variant. Bounds that are null are unbounded; `stopped_by` is null or "executions", "time",
// "failure"; `expected` and `verdict` are there only where a row is checked.
//
// INVARIANT: fields come in a fixed order, and all but `seconds` are equal for equal searches.

#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/explore/result.h"

namespace heddle {

// What is known of a row of the verdict table beyond its exploration.
struct RowVerdict {
  struct Expected {
    std::string kind;
    std::string bug;
  };
  // Ids of the bugs that this row decides, also when it is clean of them.
  std::vector<std::string> bugs;
  // For each finding of the result the id of the bug that it shows; empty for one that is not
  // known.
  std::vector<std::string> bug_of_finding;
  // What is pinned, and whether it was found: "as pinned". Only where a row is checked.
  std::vector<Expected> expected;
  std::optional<std::string> verdict;
};

// REQUIRES: row.bug_of_finding is empty or has an entry for each finding.
nlohmann::ordered_json ResultJson(const ExplorationResult& result, const RowVerdict& row);

}  // namespace heddle
