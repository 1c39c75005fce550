// SPDX-License-Identifier: MIT
//
// Rules for definitions, each broken once in a registry of its own, and how rows are found.

#include "heddle/testing/registry.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace heddle {
namespace {

ScenarioRow Row(std::string id) {
  return {.id = std::move(id), .body = [](Execution&) {}};
}

RegisteredScenario GoodScenario(std::string name) {
  return {.name = std::move(name),
          .story = "Two meet.",
          .where = {.file = "scenarios/classics/queue.cc"},
          .rows = {Row("broken"), Row("fixed")}};
}

std::vector<std::string> ProblemsOf(RegisteredScenario scenario) {
  Registry registry;
  registry.Add(std::move(scenario));
  return registry.Problems();
}

void CheckOnlyProblem(const RegisteredScenario& scenario, const std::string& sentence) {
  const std::vector<std::string> problems = ProblemsOf(scenario);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0] == sentence);
}

TEST_CASE("a good definition has no problems") {
  CHECK(ProblemsOf(GoodScenario("classics/queue")).empty());
}

TEST_CASE("two scenarios of one name are a problem that says where both are") {
  Registry registry;
  registry.Add(GoodScenario("classics/queue"));
  RegisteredScenario second = GoodScenario("classics/queue");
  second.where.file = "scenarios/classics/other.cc";
  registry.Add(second);
  REQUIRE(registry.Problems().size() == 1);
  CHECK(registry.Problems()[0] ==
        "scenario 'classics/queue' is defined in scenarios/classics/other.cc and in "
        "scenarios/classics/queue.cc");
}

TEST_CASE("a name without a family, or with blanks in it, is a problem") {
  CheckOnlyProblem(GoodScenario("queue"), "scenario 'queue' is not named family/scenario");
  CheckOnlyProblem(GoodScenario("a/b c"), "scenario 'a/b c' is not named family/scenario");
  CheckOnlyProblem(GoodScenario("a/b@c"), "scenario 'a/b@c' is not named family/scenario");
}

TEST_CASE("a scenario needs a story, variants, and defaults that its parameters allow") {
  RegisteredScenario scenario = GoodScenario("classics/queue");
  scenario.story.clear();
  CheckOnlyProblem(scenario, "scenario 'classics/queue' tells no story");

  scenario = GoodScenario("classics/queue");
  scenario.rows.clear();
  CheckOnlyProblem(scenario, "scenario 'classics/queue' has no variants");

  scenario = GoodScenario("classics/queue");
  scenario.parameters = {{"items", {9, 1, 8}}};
  CheckOnlyProblem(
      scenario,
      "scenario 'classics/queue' has a default outside of its range for parameter 'items'");
}

TEST_CASE("variants need different plain ids and a body each") {
  RegisteredScenario scenario = GoodScenario("classics/queue");
  scenario.rows.push_back(Row("fixed"));
  CheckOnlyProblem(scenario, "scenario 'classics/queue' has two variants called 'fixed'");

  scenario = GoodScenario("classics/queue");
  scenario.rows.push_back(Row("B0+F2"));
  CHECK(ProblemsOf(scenario).empty());
  scenario.rows.back().id = "two words";
  CheckOnlyProblem(scenario, "row 'classics/queue@two words' has no plain name as variant id");

  scenario = GoodScenario("classics/queue");
  scenario.rows[0].body = nullptr;
  CheckOnlyProblem(scenario, "row 'classics/queue@broken' has no body");
}

TEST_CASE("a bug that a row mentions must stand in the catalogue of its family") {
  RegisteredScenario scenario = GoodScenario("classics/queue");
  scenario.rows[0].findings = {{.bug = "lost"}};
  scenario.rows[1].decides = {"lost"};
  Registry registry;
  registry.Add(scenario);
  registry.AddBugs("litmus", {{.id = "lost"}});
  REQUIRE(registry.Problems().size() == 2);
  CHECK(registry.Problems()[0] ==
        "row 'classics/queue@broken' mentions the bug 'lost', which no "
        "RegisterBugs(\"classics\", ...) describes");
  registry.AddBugs("classics", {{.id = "lost"}});
  CHECK(registry.Problems().empty());
}

TEST_CASE("a candidate must be a variant of its family") {
  Registry registry;
  registry.Add(GoodScenario("classics/queue"));
  registry.AddCandidates("classics", {.question = "Which?", .variants = {{"fixed", "v2"}}});
  CHECK(registry.Problems().empty());
  REQUIRE(registry.CandidatesOf("classics").size() == 1);
  CHECK(registry.CandidatesOf("classics")[0].variants[0].name == "v2");
  CHECK(registry.CandidatesOf("litmus").empty());

  registry.AddCandidates("litmus", {.question = "Which?", .variants = {{"fixed", ""}}});
  REQUIRE(registry.Problems().size() == 1);
  CHECK(registry.Problems()[0] ==
        "the candidate 'fixed' is a variant of no scenario in family 'litmus'");
}

TEST_CASE("rows come in order of scenario names and then of definition") {
  Registry registry;
  registry.Add(GoodScenario("litmus/b"));
  registry.Add(GoodScenario("classics/a"));
  std::vector<std::string> names;
  for (const RowRef& row : registry.Rows()) names.push_back(row.name());
  const std::vector<std::string> expected = {"classics/a@broken", "classics/a@fixed",
                                             "litmus/b@broken", "litmus/b@fixed"};
  CHECK((names == expected));
}

TEST_CASE("a row is found by its whole name only") {
  Registry registry;
  registry.Add(GoodScenario("classics/a"));
  REQUIRE(registry.FindRow("classics/a@fixed"));
  CHECK(registry.FindRow("classics/a@fixed")->row->id == "fixed");
  CHECK_FALSE(registry.FindRow("classics/a"));
  CHECK_FALSE(registry.FindRow("classics/a@fix"));
  CHECK_FALSE(registry.FindRow("a@fixed"));
}

}  // namespace
}  // namespace heddle
