// SPDX-License-Identifier: MIT

#include "heddle/testing/environment.h"

#include <string_view>

#include "heddle/base/number_text.h"
#include "heddle/explore/chosen_strategy.h"

namespace heddle {

bool Environment::Apply(ExploreOptions* options) const {
  if (schedule) {
    if (schedule->name != options->name) return false;
    options->strategy = StrategyKind::kReplay;
    options->schedule = *schedule;
    for (const auto& [name, value] : schedule->parameters) options->parameters[name] = value;
    if (schedule->steps_max != 0) options->limits.steps_max = schedule->steps_max;
    return true;
  }
  if (seed) {
    options->seed = *seed;
    // A search of the whole space has no use for a seed.
    if (!internal::IsSampling(options->strategy)) options->strategy = StrategyKind::kPortfolio;
  }
  if (executions_max) options->executions_max = *executions_max;
  if (seconds_max) options->seconds_max = *seconds_max;
  return true;
}

// Stores what `read` makes of the variable, if it is set. Returns the error, if there is one.
template <class Value, class Read>
static std::optional<Error> ReadVariable(const VariableLookup& lookup, const char* name, Read read,
                                         std::optional<Value>* value) {
  const char* text = lookup(name);
  if (text == nullptr || text[0] == '\0') return std::nullopt;
  Result<Value> result = read(std::string_view(text));
  if (!result.ok()) return Error{result.error()};
  *value = std::move(result.value());
  return std::nullopt;
}

Result<Environment> ReadEnvironment(const VariableLookup& lookup) {
  Environment environment;
  const auto schedule = [](std::string_view text) -> Result<Schedule> {
    Result<Schedule> parsed = ParseSchedule(text);
    if (parsed.ok()) return parsed;
    return Error{"HEDDLE_SCHEDULE is '" + std::string(text) + "': " + parsed.error()};
  };
  const auto whole = [](const char* name, uint64_t min) {
    return [=](std::string_view text) { return ReadWholeNumber(name, text, min); };
  };
  const auto seconds = [](std::string_view text) { return ReadSeconds("HEDDLE_TIME", text); };
  const std::optional<Error> errors[] = {
      ReadVariable(lookup, "HEDDLE_SCHEDULE", schedule, &environment.schedule),
      ReadVariable(lookup, "HEDDLE_SEED", whole("HEDDLE_SEED", 0), &environment.seed),
      ReadVariable(lookup, "HEDDLE_EXECUTIONS", whole("HEDDLE_EXECUTIONS", 1),
                   &environment.executions_max),
      ReadVariable(lookup, "HEDDLE_TIME", seconds, &environment.seconds_max),
  };
  for (const std::optional<Error>& error : errors) {
    if (error) return *error;
  }
  return environment;
}

}  // namespace heddle
