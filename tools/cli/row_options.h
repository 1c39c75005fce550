// SPDX-License-Identifier: MIT
//
// RowOptions: how a row is explored, as the command line asks.

#pragma once

#include "heddle/base/result.h"
#include "heddle/core/schedule.h"
#include "heddle/explore/options.h"
#include "heddle/testing/row.h"
#include "tools/cli/arguments.h"

namespace heddle::cli {

// For `heddle check`: as pinned, within the limits given.
ExploreOptions OptionsForCheck(const RowRef& row, const Arguments& arguments);

// For `heddle run`. Bounds left out are the row's for an exhaustive search, and none for others.
// The error names a parameter that the scenario does not have, or a value that it does not allow.
Result<ExploreOptions> OptionsForRun(const RowRef& row, const Arguments& arguments);

// For `heddle replay`. The error says how the schedule belongs to another row, or which of its
// parameters the scenario does not have.
Result<ExploreOptions> OptionsForReplay(const RowRef& row, const Schedule& schedule);

}  // namespace heddle::cli
