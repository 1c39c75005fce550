// SPDX-License-Identifier: MIT
//
// When the own code of a task runs, as the hooks see it.

#include "heddle/core/runtime_scope.h"

#include <doctest/doctest.h>

namespace heddle::internal {
namespace {

TEST_CASE("a scope of the framework stands between the own code of a task and itself") {
  CallStack calls;
  task_code.accesses_max = 100;
  EnterTaskCode(&calls);
  CHECK(IsTaskCode());
  CHECK(task_code.calls == &calls);
  task_code.accesses_left = 40;
  {
    const RuntimeScope outer;
    CHECK_FALSE(IsTaskCode());
    {
      const RuntimeScope inner;
      CHECK_FALSE(IsTaskCode());
    }
    CHECK_FALSE(IsTaskCode());
  }
  CHECK(IsTaskCode());
  CHECK(task_code.accesses_left == 40);  // The step goes on with what it had left.
  LeaveTaskCode();
  CHECK_FALSE(IsTaskCode());
}

TEST_CASE("a new step begins with all its accesses and without a remembered moment") {
  CallStack calls;
  task_code.accesses_max = 100;
  task_code.accesses_left = 3;
  task_code.epoch = 77;
  EnterTaskCode(&calls);
  CHECK(task_code.accesses_left == 100);
  CHECK(task_code.epoch == 0);
  LeaveTaskCode();
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
