// SPDX-License-Identifier: MIT
//
// How a definition with typed options becomes rows of the registry, and that their bodies run with
// the options of their variant.

#include "heddle/testing/scenario.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

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

const Model& NumberNamed(std::string_view id) {
  static const Model three = {.number = 3};
  static const Model four = {.number = 4};
  return id == "three" ? three : four;
}

TEST_CASE("a table of named variants takes the options by id and all else from its lines") {
  const std::vector<Variant<Model>> variants = VariantsOf(
      NumberNamed, {{"four", 7, {}, {"odd-assertion"}, "even", {.preemptions = 0}},
                    {"three", 5, {{.bug = "odd-assertion", .preemptions = 1, .faults = 2}}}});
  REQUIRE(variants.size() == 2);

  CHECK(variants[0].id == "four");
  CHECK(variants[0].options.number == 4);
  CHECK(variants[0].executions == 7);
  CHECK(variants[0].exhausted);
  CHECK(variants[0].findings.empty());
  CHECK(variants[0].decides == std::vector<std::string>{"odd-assertion"});
  CHECK(variants[0].note == "even");
  CHECK(variants[0].bounds.preemptions == 0);
  CHECK(variants[0].bounds.faults == VariantBounds::kUnset);

  CHECK(variants[1].options.number == 3);
  REQUIRE(variants[1].findings.size() == 1);
  CHECK(variants[1].findings[0].bug == "odd-assertion");
  CHECK(variants[1].findings[0].preemptions == 1);
  CHECK(variants[1].findings[0].faults == 2);
  CHECK(variants[1].bounds.preemptions == VariantBounds::kUnset);
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
