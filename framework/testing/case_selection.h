// SPDX-License-Identifier: MIT
//
// CaseSelection: which cases of a test program Bazel wants run: those of this shard that its filter
// names.
//
// A filter (--test_filter, TESTBRIDGE_TEST_ONLY) is a shell-style glob over whole names. One
// without wildcards means the case of just that name, or, if there is none, all whose names contain
// it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/base/result.h"
#include "heddle/testing/environment.h"

namespace heddle {

struct CaseSelection {
  std::string filter;  // Empty for all.
  uint64_t shard_index = 0;
  uint64_t shard_total = 1;

  // Says of each case whether it is run. Over all shards, each case that the filter selects is run
  // exactly once.
  std::vector<bool> Select(const std::vector<std::string>& names) const;
};

// Reads what Bazel says in its variables.
Result<CaseSelection> ReadCaseSelection(const VariableLookup& lookup);

}  // namespace heddle
