// SPDX-License-Identifier: MIT
//
// The log of what steps touch, and which accesses cannot be exchanged.

#include "heddle/core/step_log.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace heddle {
namespace {

TEST_CASE("accesses belong to the step that was begun last") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.BeginStep(TaskId{1}, 3, false);
  log.TouchByOperation({.object = 10, .mode = AccessMode::kRead, .blocking = Blocking::kMaybe});
  log.Order(11, AccessMode::kWrite);
  log.BeginStep(TaskId{0}, 4, true);
  log.Touch(12, AccessMode::kWrite);
  REQUIRE(log.size() == 3);
  CHECK(log.Accesses(0).empty());
  REQUIRE(log.Accesses(1).size() == 2);
  CHECK(log.Accesses(1)[0].object == 10);
  CHECK(log.Accesses(1)[0].mode == AccessMode::kRead);
  CHECK(log.Accesses(1)[0].is_operation);
  CHECK(log.Accesses(1)[0].blocking == Blocking::kMaybe);
  CHECK(log.Accesses(1)[1].orders_only);
  REQUIRE(log.Accesses(2).size() == 1);
  CHECK(log[1].task == TaskId{1});
  CHECK(log[1].decisions_before == 3);
  CHECK_FALSE(log[1].is_barrier);
  CHECK(log[2].is_barrier);
}

TEST_CASE("an object is one access of a step, in the strongest mode") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.Touch(10, AccessMode::kRead);
  log.Touch(10, AccessMode::kWrite);
  log.Touch(10, AccessMode::kRead);
  REQUIRE(log.Accesses(0).size() == 1);
  CHECK(log.Accesses(0)[0].mode == AccessMode::kWrite);
}

TEST_CASE("what an operation declares stands, whatever its code does to the object") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.TouchByOperation({.object = 10, .mode = AccessMode::kRead});
  log.Touch(10, AccessMode::kWrite);
  log.OrderByRelease(10, AccessMode::kWrite);
  REQUIRE(log.Accesses(0).size() == 1);
  CHECK(log.Accesses(0)[0].mode == AccessMode::kRead);
  CHECK_FALSE(log.Accesses(0)[0].orders_only);
}

TEST_CASE("a lock that a step let go of only orders, before and after it is touched") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.Touch(10, AccessMode::kWrite);
  log.OrderByRelease(10, AccessMode::kRead);
  log.Touch(10, AccessMode::kWrite);
  REQUIRE(log.Accesses(0).size() == 1);
  CHECK(log.Accesses(0)[0].orders_only);
  CHECK(log.Accesses(0)[0].mode == AccessMode::kRead);
}

TEST_CASE("the next step of a task whose operation was replaced comes after that, and only that") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.Replace(TaskId{1});
  log.BeginStep(TaskId{2}, 0, false);
  log.BeginStep(TaskId{1}, 0, false);
  log.BeginStep(TaskId{1}, 0, false);
  REQUIRE(log.Accesses(0).size() == 1);
  CHECK(log.Accesses(1).empty());
  REQUIRE(log.Accesses(2).size() == 1);
  CHECK(log.Accesses(2)[0].IsDependentOn(log.Accesses(0)[0]));
  CHECK(log.Accesses(2)[0].orders_only);
  CHECK(log.Accesses(3).empty());
}

TEST_CASE("an operation that touches nothing is not logged") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.TouchByOperation({.object = 10, .mode = AccessMode::kNone});
  CHECK(log.Accesses(0).empty());
}

TEST_CASE("a cleared log has nothing of the last execution") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.TouchByOperation({.object = 10});
  log.Replace(TaskId{1});
  log.AddWaiting({.task = TaskId{1}, .accesses = {{.object = 10}}});
  log.Refuse("no");
  log.Refuse("nor this");
  REQUIRE(log.waiting().size() == 1);
  CHECK(std::string(log.refusal()) == "no");
  log.Clear();
  CHECK(log.size() == 0);
  CHECK(log.waiting().empty());
  CHECK(log.refusal() == nullptr);
  log.BeginStep(TaskId{1}, 0, false);
  CHECK(log.Accesses(0).empty());
}

TEST_CASE("two accesses can be exchanged if they are to different objects or only read") {
  const StepAccess read{.object = 1, .mode = AccessMode::kRead};
  const StepAccess write{.object = 1, .mode = AccessMode::kWrite};
  const StepAccess elsewhere{.object = 2, .mode = AccessMode::kWrite};
  CHECK_FALSE(read.IsDependentOn(read));
  CHECK(read.IsDependentOn(write));
  CHECK(write.IsDependentOn(read));
  CHECK(write.IsDependentOn(write));
  CHECK_FALSE(write.IsDependentOn(elsewhere));
}

TEST_CASE("what is no object has a key of its own") {
  const std::set<uint64_t> keys{
      StartKey(TaskId{0}), ExitKey(TaskId{0}), ReplacementKey(TaskId{0}),
      StartKey(TaskId{1}), ExitKey(TaskId{1}), ReplacementKey(TaskId{1023}),
      kClockKey,           kSpawnKey};
  CHECK(keys.size() == 8);
}

}  // namespace
}  // namespace heddle
