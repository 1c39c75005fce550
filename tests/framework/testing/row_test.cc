// SPDX-License-Identifier: MIT
//
// How a row's definition becomes the options of its check.

#include "heddle/testing/row.h"

#include <doctest/doctest.h>

#include "heddle/explore/options.h"

namespace heddle {
namespace {

RegisteredScenario SomeScenario() {
  return {.name = "classics/queue",
          .parameters = {{"items", 4}, {"tasks", {2, 1, 8}}},
          .limits = {.steps_max = 77},
          .races = RacePolicy::kReport,
          .leaks = LeakPolicy::kIgnore,
          .rows = {{.id = "fixed",
                    .bounds = {.preemptions = 2, .faults = 1},
                    .executions = 12,
                    .exhausted = true}}};
}

TEST_CASE("a check explores everything within the row's bounds and keeps going") {
  const RegisteredScenario scenario = SomeScenario();
  const ExploreOptions options = CheckOptions({&scenario, &scenario.rows[0]});
  CHECK(options.name == "classics/queue@fixed");
  CHECK(options.strategy == StrategyKind::kExhaustive);
  CHECK((options.bounds == Bounds{.preemptions = 2, .faults = 1}));
  CHECK(options.keep_going);
  CHECK(options.executions_max == 0);
  CHECK(options.limits.steps_max == 77);
  CHECK(options.races == RacePolicy::kReport);
  CHECK(options.leaks == LeakPolicy::kIgnore);
  CHECK(options.parameters.at("items") == 4);
  CHECK(options.parameters.at("tasks") == 2);
}

TEST_CASE("a row that is too large to finish is explored for its pinned executions") {
  RegisteredScenario scenario = SomeScenario();
  scenario.rows[0].exhausted = false;
  CHECK(CheckOptions({&scenario, &scenario.rows[0]}).executions_max == 12);
}

TEST_CASE("a row is named family/scenario@variant") {
  const RegisteredScenario scenario = SomeScenario();
  CHECK(RowRef{&scenario, &scenario.rows[0]}.name() == "classics/queue@fixed");
  CHECK(scenario.family() == "classics");
}

}  // namespace
}  // namespace heddle
