// SPDX-License-Identifier: MIT
//
// CommandLine: the words after "heddle", taken apart: which command, which flags, as they were
// written. What the values mean, and whether they make sense, is for arguments.h.

#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace heddle::cli {

// Process status, as the contract of the command line says it.
inline constexpr int kNothingFound = 0;
inline constexpr int kFailureFound = 1;
inline constexpr int kBadUsage = 2;
inline constexpr int kBrokenCheck = 3;

enum class Command { kList, kCheck, kRun, kReplay };

struct CommandLine {
  using Text = std::optional<std::string>;  // Without a value where the flag was not given.

  Command command = Command::kList;
  std::vector<std::string> patterns;
  Text row, schedule;
  Text strategy, preemptions, faults, delays, executions, time, seed, depth, steps, jobs, json;
  Text progress;
  std::vector<std::string> parameters;
  bool keep_going = false;
  bool markdown = false;
};

// What to print in place of doing anything: help (status 0, for standard output), or what is wrong
// in one sentence (status 2, for standard error).
struct Notice {
  std::string text;
  int status = kBadUsage;
};

// Reads the words after the program's name.
std::variant<CommandLine, Notice> ReadCommandLine(const std::vector<std::string>& words);

}  // namespace heddle::cli
