// SPDX-License-Identifier: MIT
//
// Selection: the rows that patterns on a command line mean.

#pragma once

#include <string>
#include <vector>

#include "heddle/base/result.h"
#include "heddle/testing/registry.h"
#include "heddle/testing/row.h"

namespace heddle::cli {

// Returns the rows that at least one pattern matches, each once, in the registry's order; all of
// them if there is no pattern. A pattern is a shell-style glob over family/scenario@variant;
// without @ it means all variants. The error names a pattern that matches nothing, and what may
// have been meant.
Result<std::vector<RowRef>> SelectRows(const Registry& registry,
                                       const std::vector<std::string>& patterns);

// Returns the row called `name`; the error says which part of the name does not exist.
Result<RowRef> FindRow(const Registry& registry, const std::string& name);

}  // namespace heddle::cli
