// SPDX-License-Identifier: MIT
//
// Vector clocks: who knows what after releases, acquires, stores, joins; in an execution of a few
// tasks and in one of more than fit the first width.

#include "heddle/core/happens_before.h"

#include <doctest/doctest.h>

#include "heddle/base/random.h"

namespace heddle {
namespace {

constexpr TaskId kMain{0};
constexpr TaskId kA{1};
constexpr TaskId kB{2};

// Whether what `first` has done so far happens before the present of `second`.
bool Knows(const HappensBefore& clocks, TaskId second, TaskId first, uint32_t then) {
  return then <= clocks.Clock(first, second);
}

HappensBefore Started() {
  HappensBefore clocks;
  clocks.set_enabled(true);
  clocks.Reset();
  clocks.Spawn(kNoTask, kMain);
  clocks.Spawn(kMain, kA);
  clocks.Spawn(kMain, kB);
  return clocks;
}

TEST_CASE("a task knows what its parent did before it was spawned, and nothing later") {
  HappensBefore clocks;
  clocks.set_enabled(true);
  clocks.Spawn(kNoTask, kMain);
  const uint32_t before = clocks.Now(kMain);
  clocks.Spawn(kMain, kA);
  const uint32_t after = clocks.Now(kMain);
  CHECK(before < after);
  CHECK(Knows(clocks, kA, kMain, before));
  CHECK_FALSE(Knows(clocks, kA, kMain, after));
  CHECK_FALSE(Knows(clocks, kMain, kA, clocks.Now(kA)));
}

TEST_CASE("an acquire learns what was released before it, not what comes after") {
  HappensBefore clocks = Started();
  Object lock;
  const uint32_t first = clocks.Now(kA);
  clocks.Release(kA, &lock);
  const uint32_t second = clocks.Now(kA);
  clocks.Acquire(kB, lock);
  CHECK(Knows(clocks, kB, kA, first));
  CHECK_FALSE(Knows(clocks, kB, kA, second));
}

TEST_CASE("a release adds to what the object tells, a store with release order replaces it") {
  for (const bool stores : {false, true}) {
    HappensBefore clocks = Started();
    Object object;
    const uint32_t of_a = clocks.Now(kA);
    const uint32_t of_b = clocks.Now(kB);
    clocks.Release(kA, &object);
    if (stores) {
      clocks.ReleaseStore(kB, &object);
    } else {
      clocks.Release(kB, &object);
    }
    clocks.Acquire(kMain, object);
    CHECK(Knows(clocks, kMain, kB, of_b));
    CHECK(Knows(clocks, kMain, kA, of_a) == !stores);
  }
}

TEST_CASE("an object that forgot tells nothing, one that shares tells what the other told") {
  HappensBefore clocks = Started();
  Object from;
  Object to;
  const uint32_t of_a = clocks.Now(kA);
  clocks.Release(kA, &from);
  clocks.Share(from, &to);
  clocks.Forget(&from);
  clocks.Acquire(kMain, from);
  CHECK_FALSE(Knows(clocks, kMain, kA, of_a));
  clocks.Acquire(kMain, to);
  CHECK(Knows(clocks, kMain, kA, of_a));
}

TEST_CASE("what shared holders released only exclusive ones learn") {
  HappensBefore clocks = Started();
  Object lock;
  const uint32_t of_a = clocks.Now(kA);
  clocks.ReleaseShared(kA, &lock);
  clocks.Acquire(kB, lock);
  CHECK_FALSE(Knows(clocks, kB, kA, of_a));
  clocks.AcquireShared(kB, lock);
  CHECK(Knows(clocks, kB, kA, of_a));
}

TEST_CASE("a join learns all that the other task did and knew") {
  HappensBefore clocks = Started();
  Object lock;
  const uint32_t of_a = clocks.Now(kA);
  clocks.Release(kA, &lock);
  clocks.Acquire(kB, lock);
  const uint32_t of_b = clocks.Now(kB);
  clocks.Join(kMain, kB);
  CHECK(Knows(clocks, kMain, kB, of_b));
  CHECK(Knows(clocks, kMain, kA, of_a));
}

TEST_CASE("clocks keep their meaning when there are more tasks than before") {
  HappensBefore clocks = Started();
  Object lock;
  const uint32_t of_a = clocks.Now(kA);
  clocks.Release(kA, &lock);
  for (uint16_t task = 3; task < 100; ++task) clocks.Spawn(kMain, TaskId{task});
  const TaskId last{99};
  CHECK_FALSE(Knows(clocks, last, kA, of_a));
  CHECK(clocks.Clock(last, kA) == 0);
  clocks.Acquire(last, lock);
  CHECK(Knows(clocks, last, kA, of_a));
  CHECK(clocks.Now(last) == 1);
}

TEST_CASE("nobody knows more of a task than the task itself, whatever happens") {
  constexpr uint16_t kTasks = 12;
  HappensBefore clocks;
  clocks.set_enabled(true);
  clocks.Spawn(kNoTask, kMain);
  for (uint16_t task = 1; task < kTasks; ++task) clocks.Spawn(kMain, TaskId{task});
  Object objects[3];
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const TaskId task{static_cast<uint16_t>(random.Below(kTasks))};
    const TaskId other{static_cast<uint16_t>(random.Below(kTasks))};
    Object& object = objects[random.Below(3)];
    switch (random.Below(6)) {
      case 0:
        clocks.Acquire(task, object);
        break;
      case 1:
        clocks.Release(task, &object);
        break;
      case 2:
        clocks.ReleaseStore(task, &object);
        break;
      case 3:
        clocks.Share(object, &objects[0]);
        break;
      case 4:
        clocks.Forget(&object);
        break;
      default:
        clocks.Join(task, other);
    }
    REQUIRE(clocks.Clock(task, other) <= clocks.Now(task));
    REQUIRE(clocks.Clock(other, task) <= clocks.Now(other));
  }
}

TEST_CASE("clocks that are switched off say nothing, and a demand lasts until the reset") {
  HappensBefore clocks;
  clocks.Spawn(kNoTask, kMain);
  clocks.Spawn(kMain, kA);
  Object lock;
  clocks.Release(kMain, &lock);
  CHECK(lock.clock == 0);
  CHECK_FALSE(clocks.is_demanded());
  clocks.Demand();
  CHECK(clocks.is_demanded());
  clocks.Reset();
  CHECK_FALSE(clocks.is_demanded());
}

}  // namespace
}  // namespace heddle
