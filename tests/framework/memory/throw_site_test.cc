// SPDX-License-Identifier: MIT

#include "heddle/memory/throw_site.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/memory/symbolizer.h"

namespace heddle {
namespace {

std::vector<std::string> FunctionsOf(std::span<const uintptr_t> calls) {
  const internal::RuntimeScope scope;
  std::vector<std::string> functions;
  for (const uintptr_t pc : calls) {
    for (const CodeLocation& location : Symbolizer::Instance().Resolve(pc)) {
      if (IsOfProgram(location) && !location.file.empty()) functions.push_back(location.function);
    }
  }
  return functions;
}

[[gnu::noinline]] void Refuse() {
  throw std::runtime_error("no");
}

[[gnu::noinline]] void Try() {
  try {
    Refuse();
  } catch (const std::exception&) {
  }
}

bool Contains(const std::vector<std::string>& functions, const char* function) {
  return std::find(functions.begin(), functions.end(), function) != functions.end();
}

TEST_CASE("the calls that led to an exception are known when it has been caught") {
  std::vector<std::string> functions;
  Explore({}, [&](Execution&) {
    Try();
    functions = FunctionsOf(LastThrow());
  });
  REQUIRE_FALSE(functions.empty());
  CHECK(functions.front() == "Refuse");
  CHECK(Contains(functions, "Try"));
}

TEST_CASE("an exception is its task's own, and its execution's") {
  size_t known = 1;
  Explore({}, [&](Execution& execution) {
    if (execution.Choose(2) == 1) known = LastThrow().size();
    Try();
  });
  CHECK(known == 0);
  known = 1;
  Explore({}, [&](Execution& execution) {
    Try();
    execution.Spawn("other", [&] { known = LastThrow().size(); });
  });
  CHECK(known == 0);
}

[[gnu::noinline]] std::vector<std::string> Inner() {
  return FunctionsOf(CallsOfTask());
}

TEST_CASE("the calls that a task is in begin with the innermost") {
  std::vector<std::string> functions;
  Explore({}, [&](Execution&) { functions = Inner(); });
  CHECK(Contains(functions, "Inner"));
  CHECK_FALSE(Contains(functions, "Refuse"));
}

TEST_CASE("exceptions outside of tasks go on as ever") {
  CHECK_THROWS_AS(Refuse(), std::runtime_error);
}

}  // namespace
}  // namespace heddle
