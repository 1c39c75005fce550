// SPDX-License-Identifier: MIT
//
// How the four variables are read, refused and applied to the options of an exploration.

#include "heddle/testing/environment.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "heddle/explore/options.h"

namespace heddle {
namespace {

Result<Environment> Read(const std::map<std::string, std::string>& variables) {
  return ReadEnvironment([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST_CASE("nothing is overridden where no variable is set or all are empty") {
  CHECK_FALSE(Read({}).value().overrides());
  CHECK_FALSE(Read({{"HEDDLE_SEED", ""}, {"HEDDLE_SCHEDULE", ""}}).value().overrides());
}

TEST_CASE("each variable is refused with a sentence that names it") {
  CHECK(Read({{"HEDDLE_SEED", "x"}}).error() ==
        "HEDDLE_SEED is 'x'; expected a whole number of at least 0");
  CHECK(Read({{"HEDDLE_EXECUTIONS", "0"}}).error() ==
        "HEDDLE_EXECUTIONS is '0'; expected a whole number of at least 1");
  CHECK(Read({{"HEDDLE_TIME", "-2"}}).error() ==
        "HEDDLE_TIME is '-2'; expected a number of seconds greater than 0");
  CHECK(Read({{"HEDDLE_SCHEDULE", "w9:a@b:1"}}).error() ==
        "HEDDLE_SCHEDULE is 'w9:a@b:1': the schedule has format version 'w9'; expected 'w1'");
}

TEST_CASE("a seed makes a search a portfolio of samples, and leaves PCT what it is") {
  const Environment environment = Read({{"HEDDLE_SEED", "7"}}).value();
  ExploreOptions options;
  REQUIRE(environment.Apply(&options));
  CHECK(options.strategy == StrategyKind::kPortfolio);
  CHECK(options.seed == 7);
  options.strategy = StrategyKind::kDelay;
  REQUIRE(environment.Apply(&options));
  CHECK(options.strategy == StrategyKind::kPortfolio);
  options.strategy = StrategyKind::kPct;
  REQUIRE(environment.Apply(&options));
  CHECK(options.strategy == StrategyKind::kPct);
}

TEST_CASE("limits replace those in the code") {
  const Environment environment =
      Read({{"HEDDLE_EXECUTIONS", "12"}, {"HEDDLE_TIME", "0.5"}}).value();
  ExploreOptions options{.executions_max = 5, .seconds_max = 60};
  REQUIRE(environment.Apply(&options));
  CHECK(options.strategy == StrategyKind::kExhaustive);
  CHECK(options.executions_max == 12);
  CHECK(options.seconds_max == 0.5);
}

TEST_CASE(
    "a schedule is replayed, with its parameters, by the exploration it names and skipped by "
    "others") {
  const Environment environment =
      Read({{"HEDDLE_SCHEDULE", "w1:a/b@c:param.n=3:1.2"}, {"HEDDLE_SEED", "7"}}).value();
  ExploreOptions options{.name = "a/b@c", .parameters = {{"n", 5}, {"m", 1}}};
  REQUIRE(environment.Apply(&options));
  CHECK(options.strategy == StrategyKind::kReplay);
  CHECK(options.schedule.decisions.size() == 2);
  CHECK(options.parameters.at("n") == 3);
  CHECK(options.parameters.at("m") == 1);
  CHECK(options.seed == 0);
  ExploreOptions other{.name = "a/b@d"};
  CHECK_FALSE(environment.Apply(&other));
}

}  // namespace
}  // namespace heddle
