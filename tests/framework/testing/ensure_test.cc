// SPDX-License-Identifier: MIT
//
// What a broken HEDDLE_ENSURE becomes, seen through Explore.

#include "heddle/testing/ensure.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/explore/explore.h"

namespace heddle {
namespace {

void EnsureEven(int number) {
  HEDDLE_ENSURE(number % 2 == 0);
}

TEST_CASE("a broken ensure is an assertion that names condition, task and function") {
  const ExplorationResult result = Explore({}, [](Execution& execution) {
    execution.Spawn("counter", [] { EnsureEven(3); });
    execution.JoinAll();
  });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAssertion);
  CHECK(result.failure()->title == "number % 2 == 0");
  CHECK((result.failure()->tasks == std::vector<std::string>{"counter"}));
  CHECK((result.failure()->functions == std::vector<std::string>{"EnsureEven"}));
}

TEST_CASE("an ensure that holds changes nothing") {
  const ExplorationResult result = Explore({}, [](Execution&) { EnsureEven(4); });
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

}  // namespace
}  // namespace heddle
