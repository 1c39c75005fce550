// SPDX-License-Identifier: MIT
//
// RowOutcome: what exploring one row left to print, count and write, in a form that can be handed
// from one process to another.

#pragma once

#include <cstdint>
#include <string>

namespace heddle::cli {

struct RowOutcome {
  // As pinned (check), or without a failure (run).
  bool is_good = false;
  uint64_t executions = 0;
  uint64_t extra_executions = 0;
  std::string text;  // For people: lines of the verdict table, or reports.
  std::string json;  // The row's object.
  // Why the strategy cannot explore the row, as a sentence.
  std::string refusal;
};

std::string Pack(const RowOutcome& outcome);

// REQUIRES: `packed` comes from Pack.
RowOutcome Unpack(const std::string& packed);

}  // namespace heddle::cli
