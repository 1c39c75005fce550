// SPDX-License-Identifier: MIT
//
// A result is a value or a sentence, and reading the wrong one of the two breaks a check.

#include "heddle/base/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "tests/framework/broken_check.h"

namespace heddle {
namespace {

Result<std::string> Parse(bool ok) {
  if (!ok) return Error{"the text is empty; expected a word"};
  return std::string("word");
}

TEST_CASE("a result holds a value or the sentence of an error") {
  const Result<std::string> good = Parse(true);
  CHECK(good.ok());
  CHECK(good.value() == "word");
  const Result<std::string> bad = Parse(false);
  CHECK_FALSE(bad.ok());
  CHECK(bad.error() == "the text is empty; expected a word");
}

TEST_CASE("a text as value is told from the sentence of an error") {
  const Result<std::string> looks_alike{std::string("sentence")};
  CHECK(looks_alike.ok());
}

TEST_CASE("a value can be changed in place, and moved in and out") {
  Result<std::unique_ptr<int>> result{std::make_unique<int>(3)};
  *result.value() += 1;
  const std::unique_ptr<int> taken = std::move(result.value());
  CHECK(*taken == 4);
}

TEST_CASE("reading the value of a failed result ends the process with its sentence") {
  const EndOfProcess end = InProcess([] {
    const Result<std::string> bad = Parse(false);
    static_cast<void>(bad.value());
  });
  CHECK(end.status == kBrokenCheckExitStatus);
  CHECK(end.errors.find("a failed Result was read: the text is empty; expected a word") !=
        std::string::npos);
}

}  // namespace
}  // namespace heddle
