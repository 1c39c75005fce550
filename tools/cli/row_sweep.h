// SPDX-License-Identifier: MIT
//
// RowSweep: takes a number of rows one after the other, or several at a time, and prints, counts
// and writes what comes of them. What `heddle check` and `heddle run` have in common.

#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "heddle/base/result.h"
#include "heddle/explore/options.h"
#include "heddle/testing/row.h"
#include "tools/cli/arguments.h"
#include "tools/cli/row_outcome.h"

namespace heddle::cli {

// Standard output and standard error.
struct Streams {
  std::ostream& out;
  std::ostream& err;
};

using OnProgress = std::function<void(const Progress&)>;

// Explores one row. With --jobs it is called in a child process, without `on_progress`.
using ExploreRow = std::function<RowOutcome(const RowRef& row, const OnProgress& on_progress)>;

struct Totals {
  size_t rows = 0;
  size_t good = 0;
  uint64_t executions = 0;
  uint64_t extra_executions = 0;
  double seconds = 0;
  std::vector<std::string> bad;  // Names of the rows that are not good.
  size_t refused = 0;            // Neither good nor bad.
};

// Explores `rows` in order; the text of each goes to standard output unless JSON does. The error
// says why the JSON cannot be written, before anything is explored. A worker that is lost ends the
// process with kBrokenCheck.
Result<Totals> SweepRows(const Arguments& arguments, const std::vector<RowRef>& rows,
                         const ExploreRow& explore, const Streams& streams);

}  // namespace heddle::cli
