// SPDX-License-Identifier: MIT
//
// What makes two failures the same, and what kinds are called.

#include "heddle/core/failure.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace heddle {
namespace {

TEST_CASE("each kind has a name of its own, in lower case with dashes") {
  std::set<std::string> names;
  constexpr int kKinds = static_cast<int>(FailureKind::kNondeterminism) + 1;
  for (int i = 0; i < kKinds; ++i) {
    const std::string name(FailureKindName(static_cast<FailureKind>(i)));
    CHECK(name != "unknown");
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    names.insert(name);
  }
  CHECK(names.size() == kKinds);
  CHECK(FailureKindName(static_cast<FailureKind>(kKinds)) == "unknown");
}

Failure Deadlock() {
  return {.kind = FailureKind::kDeadlock,
          .property = "",
          .title = "a, b",
          .objects = {"a", "b"},
          .tasks = {"left", "right"},
          .functions = {"Left", "Right"}};
}

TEST_CASE("kind, property, objects and functions make the identity") {
  const std::string identity = Deadlock().Identity();
  Failure other = Deadlock();
  other.kind = FailureKind::kHang;
  CHECK(other.Identity() != identity);
  other = Deadlock();
  other.property = "INV-B1";
  CHECK(other.Identity() != identity);
  other = Deadlock();
  other.objects.pop_back();
  CHECK(other.Identity() != identity);
  other = Deadlock();
  other.functions[0] = "Middle";
  CHECK(other.Identity() != identity);
}

TEST_CASE("tasks, titles, steps and details are no part of the identity") {
  Failure other = Deadlock();
  other.tasks = {"others"};
  other.title = "told in other words";
  other.step = 99;
  other.task = TaskId{1};
  other.details = {"more"};
  CHECK(other.Identity() == Deadlock().Identity());
}

TEST_CASE("objects are not mistaken for functions, nor one name for two") {
  Failure objects;
  objects.objects = {"a", "b"};
  Failure functions;
  functions.functions = {"a", "b"};
  CHECK(objects.Identity() != functions.Identity());
  Failure one;
  one.objects = {"ab"};
  CHECK(objects.Identity() != one.Identity());
}

}  // namespace
}  // namespace heddle
