// SPDX-License-Identifier: MIT
//
// What a broken check prints, how the process ends, and that a kept one costs nothing.

#include "heddle/base/check.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/framework/broken_check.h"

namespace heddle {
namespace {

TEST_CASE("a broken check names rule, place and message, and ends with status 3") {
  const EndOfProcess end =
      InProcess([] { HEDDLE_CHECK(1 + 1 == 3) << "arithmetic " << 42 << " is broken"; });
  CHECK(end.status == kBrokenCheckExitStatus);
  CHECK(kBrokenCheckExitStatus == 3);
  CHECK(end.errors.find("heddle: broken check at ") == 0);
  CHECK(end.errors.find("check_test.cc:") != std::string::npos);
  CHECK(end.errors.find("1 + 1 == 3: arithmetic 42 is broken\n") != std::string::npos);
}

TEST_CASE("the message of a check that holds is not made") {
  int made = 0;
  const auto message = [&made] {
    ++made;
    return "message";
  };
  HEDDLE_CHECK(made == 0) << message();
  CHECK(made == 0);
}

TEST_CASE("a check is one statement: an else after it belongs to the if before it") {
  bool reached = false;
  const bool is_taken = false;
  if (is_taken)
    HEDDLE_CHECK(true);
  else
    reached = true;
  CHECK(reached);
}

TEST_CASE("the context is printed after the message, once, though it breaks a check itself") {
  const EndOfProcess end = InProcess([] {
    internal::SetCheckContextPrinter([](std::ostream& out) {
      out << "schedule so far\n";
      HEDDLE_CHECK(false) << "inner";
    });
    HEDDLE_CHECK(false) << "outer";
  });
  CHECK(end.status == kBrokenCheckExitStatus);
  CHECK(end.errors.find("inner\n") != std::string::npos);
  CHECK(end.errors.find("schedule so far") == std::string::npos);
}

TEST_CASE("a printed context comes last") {
  const EndOfProcess end = InProcess([] {
    internal::SetCheckContextPrinter([](std::ostream& out) { out << "schedule so far\n"; });
    HEDDLE_CHECK(false) << "rule";
  });
  const size_t rule = end.errors.find("rule\n");
  REQUIRE(rule != std::string::npos);
  CHECK(end.errors.substr(rule) == "rule\nschedule so far\n");
}

}  // namespace
}  // namespace heddle
