// SPDX-License-Identifier: MIT
//
// VerdictTable: the table of `heddle check`, row by row as the rows are decided.
//
//   litmus/abba: Two tasks take two locks in opposite order.
//    variant  bounds  executions  seconds  verdict    found
//    default  any              4     0.00  as pinned  default-deadlock at 1p 0f
//
// INVARIANT: no line is wider than 100 columns.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "heddle/explore/result.h"
#include "heddle/testing/row.h"
#include "heddle/testing/verdict.h"

namespace heddle::cli {

// Returns "2p 1f" for two preemptions and one fault, with * for no bound.
std::string BoundsText(uint32_t preemptions, uint32_t faults);

class VerdictTable {
 public:
  // `rows` are those of the table; they decide the width of its columns.
  explicit VerdictTable(const std::vector<RowRef>& rows);

  // Returns the lines above the first row of a scenario.
  std::string Heading(const RegisteredScenario& scenario) const;

  // Returns the lines of a row: its figures, what was found, what it is clean of, and what differs.
  std::string Row(const RowRef& row, const ExplorationResult& result, const Verdict& verdict) const;

  // Returns what the letters mean.
  static std::string Legend();

 private:
  size_t variant_width_ = 7;
};

}  // namespace heddle::cli
