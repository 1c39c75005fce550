// SPDX-License-Identifier: MIT

#include "tools/cli/arguments.h"

#include <algorithm>
#include <utility>

#include "heddle/base/number_text.h"
#include "tools/cli/near_names.h"

namespace heddle::cli {

namespace {

using Text = CommandLine::Text;
using Problem = std::optional<std::string>;

// Each of these stores a value if the flag was given, or returns what is wrong with it.

template <class Value, class Target>
Problem Take(const Result<Value>& result, Target* target) {
  if (!result.ok()) return result.error();
  *target = static_cast<Target>(result.value());
  return std::nullopt;
}

template <class Target>
Problem TakeWhole(const char* flag, const Text& text, uint64_t min, Target* target) {
  return text ? Take(ReadWholeNumber(flag, *text, min), target) : std::nullopt;
}

Problem TakeBound(const char* flag, const Text& text, std::optional<uint32_t>* bound) {
  if (!text) return std::nullopt;
  if (*text == "unbounded") {
    *bound = kUnbounded;
    return std::nullopt;
  }
  const Problem problem = Take(ReadInteger(flag, *text, 0, kUnbounded - 1), bound);
  return problem ? Problem(*problem + ", or 'unbounded'") : std::nullopt;
}

Problem TakeStrategy(const Text& text, StrategyKind* strategy) {
  static const std::map<std::string, StrategyKind> kAvailable = {
      {"exhaustive", StrategyKind::kExhaustive},
      {"dpor", StrategyKind::kDpor},
      {"random", StrategyKind::kRandom},
      {"pct", StrategyKind::kPct},
      {"pos", StrategyKind::kPos},
      {"urw", StrategyKind::kUrw},
      {"delay", StrategyKind::kDelay},
      {"portfolio", StrategyKind::kPortfolio}};
  static const std::vector<std::string> kNames = {"exhaustive", "dpor", "random", "pct",
                                                  "pos",        "urw",  "delay",  "portfolio"};
  if (!text) return std::nullopt;
  const auto found = kAvailable.find(*text);
  if (found != kAvailable.end()) {
    *strategy = found->second;
    return std::nullopt;
  }
  if (*text == "replay") {
    return "'replay' is a command, not a value of --strategy: heddle replay SCENARIO@VARIANT "
           "SCHEDULE";
  }
  return "the strategy '" + *text +
         "' does not exist; available are exhaustive, dpor, random, pct, pos, urw, delay and "
         "portfolio" +
         DidYouMean(*text, kNames);
}

Problem TakeParameters(const std::vector<std::string>& words,
                       std::map<std::string, std::string>* parameters) {
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return "--param is '" + word + "'; expected KEY=VALUE";
    }
    (*parameters)[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return std::nullopt;
}

Problem TakeProgress(const Text& text, bool* progress) {
  if (text && *text != "auto" && *text != "off") {
    return "--progress is '" + *text + "'; expected 'auto' or 'off'";
  }
  *progress = !text || *text == "auto";
  return std::nullopt;
}

Problem TakeJson(const Text& text, std::optional<std::string>* json) {
  if (text && text->empty()) return "--json is ''; expected a file, or '-' for standard output";
  *json = text;
  return std::nullopt;
}

Problem First(std::initializer_list<Problem> problems) {
  for (const Problem& problem : problems) {
    if (problem) return problem;
  }
  return std::nullopt;
}

// What a check would explore differently from the pins.
Problem RefuseForCheck(const CommandLine& line) {
  const std::pair<const char*, bool> given[] = {
      {"--strategy", line.strategy.has_value()}, {"--preemptions", line.preemptions.has_value()},
      {"--faults", line.faults.has_value()},     {"--delays", line.delays.has_value()},
      {"--seed", line.seed.has_value()},         {"--depth", line.depth.has_value()},
      {"--steps", line.steps.has_value()},       {"--param", !line.parameters.empty()}};
  for (const auto& [flag, is_given] : given) {
    if (!is_given) continue;
    return "heddle check explores each row as it is pinned and takes no " + std::string(flag) +
           "; heddle run does";
  }
  return std::nullopt;
}

Problem TakeReplay(const CommandLine& line, Arguments* arguments) {
  if (!line.row || !line.schedule) {
    return "heddle replay needs two words: heddle replay SCENARIO@VARIANT SCHEDULE";
  }
  arguments->row = *line.row;
  arguments->schedule = *line.schedule;
  return std::nullopt;
}

Problem CheckCommand(const CommandLine& line, Arguments* arguments) {
  switch (line.command) {
    case Command::kList:
      return std::nullopt;
    case Command::kCheck:
      return RefuseForCheck(line);
    case Command::kRun:
      if (!line.patterns.empty()) return std::nullopt;
      return "heddle run needs a pattern, such as 'litmus/*' or bluetooth/update_vs_connect@B0";
    case Command::kReplay:
      return TakeReplay(line, arguments);
  }
  return std::nullopt;
}

}  // namespace

Result<Arguments> ReadArguments(const CommandLine& line) {
  Arguments arguments{.command = line.command,
                      .patterns = line.patterns,
                      .markdown = line.markdown,
                      .keep_going = line.keep_going};
  const Problem depth =
      line.depth ? Take(ReadInteger("--depth", *line.depth, 1, 1000), &arguments.bug_depth)
                 : std::nullopt;
  const Problem time =
      line.time ? Take(ReadSeconds("--time", *line.time), &arguments.seconds_max) : std::nullopt;
  const Problem problem = First({
      CheckCommand(line, &arguments),
      TakeStrategy(line.strategy, &arguments.strategy),
      TakeBound("--preemptions", line.preemptions, &arguments.preemptions),
      TakeBound("--faults", line.faults, &arguments.faults),
      TakeBound("--delays", line.delays, &arguments.delays),
      TakeWhole("--executions", line.executions, 1, &arguments.executions_max),
      time,
      TakeWhole("--seed", line.seed, 0, &arguments.seed),
      depth,
      TakeWhole("--steps", line.steps, 1, &arguments.steps_max),
      TakeParameters(line.parameters, &arguments.parameters),
      TakeWhole("--jobs", line.jobs, 1, &arguments.jobs),
      TakeJson(line.json, &arguments.json),
      TakeProgress(line.progress, &arguments.progress),
  });
  if (problem) return Error{*problem};
  return arguments;
}

}  // namespace heddle::cli
