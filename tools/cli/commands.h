// SPDX-License-Identifier: MIT
//
// The commands of heddle. Each prints what it has to say and returns the status of the process.

#pragma once

#include <string>

#include "heddle/testing/registry.h"
#include "tools/cli/arguments.h"
#include "tools/cli/row_sweep.h"

namespace heddle::cli {

// Prints every scenario that the patterns select, its variants, and one sentence each.
int List(const Arguments& arguments, const Registry& registry, const Streams& streams);

// Explores each row as it is pinned and prints the verdict table.
int Check(const Arguments& arguments, const Registry& registry, const Streams& streams);

// Explores each row as the flags say and prints a report of each failure.
int Run(const Arguments& arguments, const Registry& registry, const Streams& streams);

// Runs one schedule and prints its report.
int Replay(const Arguments& arguments, const Registry& registry, const Streams& streams);

// Prints a sentence on standard error and returns kBadUsage.
int Refuse(const std::string& sentence, const Streams& streams);

}  // namespace heddle::cli
