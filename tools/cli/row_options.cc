// SPDX-License-Identifier: MIT

#include "tools/cli/row_options.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/base/number_text.h"
#include "heddle/explore/explore.h"
#include "tools/cli/near_names.h"

namespace heddle::cli {

static Error UnknownParameter(const RegisteredScenario& scenario, const std::string& name) {
  std::vector<std::string> names;
  std::string list;
  for (const auto& [known, parameter] : scenario.parameters) {
    names.push_back(known);
    list += (list.empty() ? "" : ", ") + known;
  }
  return {scenario.name + " has no parameter '" + name + "'; it has " +
          (list.empty() ? "none" : list) + DidYouMean(name, names)};
}

// Reads the value of a parameter of `scenario`.
static Result<int64_t> ReadParameter(const RegisteredScenario& scenario, const std::string& name,
                                     std::string_view text) {
  const auto known = scenario.parameters.find(name);
  if (known == scenario.parameters.end()) return UnknownParameter(scenario, name);
  return ReadInteger("parameter " + name + " of " + scenario.name, text, known->second.min,
                     known->second.max);
}

ExploreOptions OptionsForCheck(const RowRef& row, const Arguments& arguments) {
  ExploreOptions options = CheckOptions(row);
  if (arguments.executions_max != 0) options.executions_max = arguments.executions_max;
  options.seconds_max = arguments.seconds_max;
  return options;
}

Result<ExploreOptions> OptionsForRun(const RowRef& row, const Arguments& arguments) {
  ExploreOptions options = CheckOptions(row);
  options.strategy = arguments.strategy;
  if (arguments.strategy != StrategyKind::kExhaustive) options.bounds.preemptions = kUnbounded;
  const bool is_complete =
      arguments.strategy == StrategyKind::kExhaustive || arguments.strategy == StrategyKind::kDpor;
  if (!is_complete) options.bounds.faults = kUnbounded;
  options.bounds.preemptions = arguments.preemptions.value_or(options.bounds.preemptions);
  options.bounds.faults = arguments.faults.value_or(options.bounds.faults);
  options.delays = arguments.delays.value_or(options.delays);
  // A row whose space is too large to finish keeps its limit, until somebody asks for another
  // search.
  const bool is_as_checked = arguments.strategy == StrategyKind::kExhaustive &&
                             !arguments.preemptions && !arguments.faults &&
                             arguments.seconds_max == 0 && arguments.parameters.empty();
  if (arguments.executions_max != 0 || !is_as_checked) {
    options.executions_max = arguments.executions_max;
  }
  options.seconds_max = arguments.seconds_max;
  options.seed = arguments.seed;
  options.bug_depth = arguments.bug_depth;
  options.limits.steps_max = arguments.steps_max.value_or(options.limits.steps_max);
  options.keep_going = arguments.keep_going;
  for (const auto& [name, text] : arguments.parameters) {
    const Result<int64_t> value = ReadParameter(*row.scenario, name, text);
    if (!value.ok()) return Error{value.error()};
    options.parameters[name] = value.value();
  }
  const std::string wrong = ValidateOptions(options);
  if (!wrong.empty()) return Error{wrong};
  return options;
}

Result<ExploreOptions> OptionsForReplay(const RowRef& row, const Schedule& schedule) {
  if (schedule.name != row.name()) {
    return Error{"the schedule is for " + schedule.name + ", not for " + row.name()};
  }
  ExploreOptions options = CheckOptions(row);
  options.strategy = StrategyKind::kReplay;
  options.schedule = schedule;
  options.bounds = {};
  options.executions_max = 0;
  if (schedule.steps_max != 0) options.limits.steps_max = schedule.steps_max;
  for (const auto& [name, value] : schedule.parameters) {
    const Result<int64_t> allowed = ReadParameter(*row.scenario, name, std::to_string(value));
    if (!allowed.ok()) return Error{"the schedule does not fit: " + allowed.error()};
    options.parameters[name] = value;
  }
  return options;
}

}  // namespace heddle::cli
