// SPDX-License-Identifier: MIT
//
// When the own code of a task runs, as the hooks see it.

#include "heddle/core/runtime_scope.h"

#include <doctest/doctest.h>

#include <cstdint>

namespace heddle::internal {
namespace {

TEST_CASE("a scope of the framework stands between the own code of a task and itself") {
  CallStack calls;
  task_code.accesses_max = 100;
  EnterTaskCode(&calls);  // From here on doctest, which allocates, would be taken for the task.
  const bool was_entered = IsTaskCode() && task_code.calls == &calls;
  task_code.accesses_left = 40;
  bool was_left = false;
  bool stayed_left = false;
  {
    const RuntimeScope outer;
    was_left = !IsTaskCode();
    { const RuntimeScope inner; }
    stayed_left = !IsTaskCode();
  }
  const int64_t left = task_code.accesses_left;
  LeaveTaskCode();
  CHECK(was_entered);
  CHECK(was_left);
  CHECK(stayed_left);
  CHECK(left == 40);  // The step goes on with what it had left.
  CHECK_FALSE(IsTaskCode());
}

TEST_CASE("a new step begins with all its accesses and without a remembered moment") {
  CallStack calls;
  task_code.accesses_max = 100;
  task_code.accesses_left = 3;
  task_code.epoch = 77;
  EnterTaskCode(&calls);
  const TaskCode seen = task_code;
  LeaveTaskCode();  // Before doctest allocates anything.
  CHECK(seen.accesses_left == 100);
  CHECK(seen.epoch == kNoEpoch);
}

TEST_CASE("a scope where no task runs changes nothing") {
  LeaveTaskCode();
  {
    const RuntimeScope scope;
    CHECK_FALSE(IsTaskCode());
  }
  CHECK_FALSE(IsTaskCode());
}

}  // namespace
}  // namespace heddle::internal
