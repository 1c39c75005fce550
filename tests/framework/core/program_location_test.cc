// SPDX-License-Identifier: MIT
//
// Programs that use primitives through the locks of the standard library.

#include "heddle/core/program_location.h"

#include <doctest/doctest.h>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/shared_mutex.h"

namespace heddle {
namespace {

template <class Lock, class AnyMutex>
[[gnu::noinline]] int LockBoth(AnyMutex& first, AnyMutex& second) {
  const Lock outer(first);
  const int line = __LINE__ + 1;
  const Lock inner(second);
  return line;
}

template <class Lock, class AnyMutex>
void CheckNamesThePlaceOfTheLock() {
  int line = 0;
  const ExplorationResult result =
      Explore({.bounds = {.preemptions = 1}}, [&](Execution& execution) {
        AnyMutex a{"a"};
        AnyMutex b{"b"};
        execution.Spawn("left", [&] { line = LockBoth<Lock>(a, b); });
        execution.Spawn("right", [&] { line = LockBoth<Lock>(b, a); });
        execution.JoinAll();
      });
  REQUIRE(result.failure() != nullptr);
  const Failure& failure = *result.failure();
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK((failure.objects == std::vector<std::string>{"a", "b"}));
  REQUIRE(failure.cycle_size == 2);
  for (size_t i = 0; i < 2; ++i) {
    const WaitEdge& wait = failure.waits[i];
    CHECK(wait.function == "LockBoth");
    CHECK(wait.file == "tests/framework/core/program_location_test.cc");
    CHECK(wait.line == line);
    REQUIRE(wait.holdings.size() == 1);
    CHECK(wait.holdings[0].line == line - 2);
  }
}

TEST_CASE("a deadlock of lock_guards or unique_locks names the program's functions and lines") {
  CheckNamesThePlaceOfTheLock<std::lock_guard<Mutex>, Mutex>();
  CheckNamesThePlaceOfTheLock<std::unique_lock<Mutex>, Mutex>();
  CheckNamesThePlaceOfTheLock<std::unique_lock<SharedMutex>, SharedMutex>();
}

TEST_CASE("a place of the program itself is left as it is") {
  const SourceLocation here = SourceLocation::Here();
  CHECK(internal::InProgram(here).line == here.line);
  const SourceLocation library{.file = "/usr/include/mutex", .function = "lock", .line = 3};
  CHECK(std::string(internal::InProgram(library).function) == "lock");  // No task runs.
}

}  // namespace
}  // namespace heddle
