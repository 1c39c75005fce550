// SPDX-License-Identifier: MIT
//
// The log of what steps touch, and which accesses cannot be exchanged.

#include "heddle/core/step_log.h"

#include <doctest/doctest.h>

#include <set>

namespace heddle {
namespace {

TEST_CASE("accesses belong to the step that was begun last") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.BeginStep(TaskId{1}, 3, false);
  log.Touch(10, AccessMode::kRead, false);
  log.Touch(11, AccessMode::kWrite, true);
  log.BeginStep(TaskId{0}, 4, true);
  log.Touch(12, AccessMode::kWrite, false);
  REQUIRE(log.size() == 3);
  CHECK(log.Accesses(0).empty());
  REQUIRE(log.Accesses(1).size() == 2);
  CHECK(log.Accesses(1)[0].object == 10);
  CHECK(log.Accesses(1)[0].mode == AccessMode::kRead);
  CHECK(log.Accesses(1)[1].orders_only);
  REQUIRE(log.Accesses(2).size() == 1);
  CHECK(log[1].task == TaskId{1});
  CHECK(log[1].decisions_before == 3);
  CHECK_FALSE(log[1].is_barrier);
  CHECK(log[2].is_barrier);
}

TEST_CASE("what touches nothing is not logged") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.Touch(10, AccessMode::kNone, false);
  log.AddWaiting(TaskId{1}, 10, AccessMode::kNone);
  CHECK(log.Accesses(0).empty());
  CHECK(log.waiting().empty());
}

TEST_CASE("a cleared log has no steps, accesses or waiting tasks of the last execution") {
  StepLog log;
  log.BeginStep(TaskId{0}, 0, false);
  log.Touch(10, AccessMode::kWrite, false);
  log.AddWaiting(TaskId{1}, 10, AccessMode::kWrite);
  REQUIRE(log.waiting().size() == 1);
  log.Clear();
  CHECK(log.size() == 0);
  CHECK(log.waiting().empty());
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

TEST_CASE("starts, ends, the clock and objects have keys of their own") {
  int place = 0;
  const Object object{.address = &place};
  const std::set<uint64_t> keys{StartKey(TaskId{0}), ExitKey(TaskId{0}),    StartKey(TaskId{1}),
                                ExitKey(TaskId{1}),  ExitKey(TaskId{1023}), kClockKey,
                                KeyOf(object)};
  CHECK(keys.size() == 7);
}

}  // namespace
}  // namespace heddle
