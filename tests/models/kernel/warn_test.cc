// SPDX-License-Identifier: MIT
//
// Warnings: findings by default, lines of the trace where a scenario lets them pass.

#include "models/kernel/warn.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

TEST_CASE("a warning is a finding that says what was warned of, and where") {
  const Failure failure = FailureOf({}, [](Execution&) {
    const int users = 1;
    WARN_ON(users != 0);
  });
  CHECK(failure.kind == FailureKind::kAssertion);
  CHECK(failure.title == "WARN_ON(users != 0)");
  REQUIRE(!failure.frames.empty());
  CHECK(failure.frames[0].file.find("warn_test.cc") != std::string::npos);
  CHECK(FailureOf({}, [](Execution&) { WARN_ONCE(true, "still in use"); }).title == "still in use");
}

TEST_CASE("a condition that is false draws no warning, and is returned") {
  ExecutionsOf({}, [](Execution&) {
    HEDDLE_ENSURE(!WARN_ON(false));
    HEDDLE_ENSURE(!WARN_ON_ONCE(1 > 2));
    HEDDLE_ENSURE(!WARN_ONCE(false, "never"));
  });
}

TEST_CASE("where warnings are let pass the program goes on, in that execution only") {
  ExecutionsOf({}, [](Execution&) {
    set_panic_on_warn(false);
    HEDDLE_ENSURE(WARN_ON(true));
    HEDDLE_ENSURE(WARN_ON_ONCE(true));
  });
  CHECK(FailureOf({}, [](Execution&) { WARN_ON(true); }).kind == FailureKind::kAssertion);
}

}  // namespace
}  // namespace models::kernel
