// SPDX-License-Identifier: MIT
//
// Arguments: what a command line asks for, checked as far as that is possible without knowing the
// scenarios. Every refusal is one sentence that says what was expected.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heddle/base/result.h"
#include "heddle/explore/options.h"
#include "tools/cli/command_line.h"

namespace heddle::cli {

struct Arguments {
  Command command = Command::kList;
  std::vector<std::string> patterns;  // list, check, run
  bool markdown = false;              // list

  // replay
  std::string row;
  std::string schedule;

  // check and run
  uint64_t executions_max = 0;  // 0: no limit.
  double seconds_max = 0;       // 0: no limit.
  uint64_t jobs = 1;
  std::optional<std::string> json;  // A file, or "-".
  bool progress = true;

  // run
  StrategyKind strategy = StrategyKind::kExhaustive;
  std::optional<uint32_t> preemptions;  // Without a value, the strategy decides.
  std::optional<uint32_t> faults;
  std::optional<uint32_t> delays;
  uint64_t seed = 0;
  uint32_t bug_depth = ExploreOptions().bug_depth;
  std::optional<uint64_t> steps_max;
  std::map<std::string, std::string> parameters;
  bool keep_going = false;
};

Result<Arguments> ReadArguments(const CommandLine& line);

}  // namespace heddle::cli
