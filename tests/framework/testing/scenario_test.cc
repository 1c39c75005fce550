// SPDX-License-Identifier: MIT
//
// How a definition with typed options becomes rows of the registry, and that their bodies run with
// the options of their variant.

#include "heddle/testing/scenario.h"

#include <doctest/doctest.h>

#include "heddle/explore/explore.h"
#include "heddle/testing/registry.h"

namespace heddle {
namespace {

struct Model {
  int number = 0;
};

void NumberIsEven(Execution& execution, const Model& model) {
  execution.Spawn("reader", [&] { HEDDLE_ENSURE(model.number % 2 == 0); });
  execution.JoinAll();
}

const bool kBugsRegistered = RegisterBugs(
    "numbers",
    {{.id = "odd-assertion", .kind = FailureKind::kAssertion, .functions = {"operator()"}}});

const bool kRegistered = Register<Model>({
    .name = "numbers/even",
    .story = "A number is read.",
    .body = NumberIsEven,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants =
        {
            {.id = "odd",
             .options = {.number = 3},
             .executions = 1,
             .findings = {{.bug = "odd-assertion"}}},
            {.id = "even", .options = {.number = 4}, .executions = 1, .decides = {"odd-assertion"}},
            {.id = "small",
             .options = {.number = 0},
             .executions = 1,
             .bounds = {.preemptions = 0}},
        },
});

RowRef FindRow(const char* name) {
  REQUIRE(kRegistered);
  REQUIRE(Registry::Global().FindRow(name));
  return *Registry::Global().FindRow(name);
}

TEST_CASE("each variant is a row whose body runs with that variant's options") {
  const RowRef odd = FindRow("numbers/even@odd");
  const ExplorationResult failed = Explore(CheckOptions(odd), odd.row->body);
  REQUIRE(failed.failure() != nullptr);
  CHECK(failed.failure()->kind == FailureKind::kAssertion);

  const RowRef even = FindRow("numbers/even@even");
  CHECK(Explore(CheckOptions(even), even.row->body).failure() == nullptr);
}

TEST_CASE("a variant has the scenario's bounds unless it sets its own") {
  CHECK((FindRow("numbers/even@odd").row->bounds == Bounds{.preemptions = 2, .faults = 1}));
  CHECK((FindRow("numbers/even@small").row->bounds == Bounds{.preemptions = 0, .faults = 1}));
}

TEST_CASE("a definition keeps where it stands, for messages") {
  const SourceLocation where = FindRow("numbers/even@odd").scenario->where;
  CHECK(std::string(where.file) == "tests/framework/testing/scenario_test.cc");
  CHECK(where.line > 0);
}

TEST_CASE("bugs go to the catalogue of the family they are registered for") {
  REQUIRE(kBugsRegistered);
  CHECK(Registry::Global().Catalogue("numbers").Find("odd-assertion") != nullptr);
  CHECK(Registry::Global().Catalogue("letters").Find("odd-assertion") == nullptr);
}

}  // namespace
}  // namespace heddle
