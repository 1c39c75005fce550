// SPDX-License-Identifier: MIT
//
// Who can take the next step: published, blocked, timed, withdrawn and retired tasks of a list that
// belongs to no running execution.

#include "heddle/core/task_list.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/core/execution.h"

namespace heddle {
namespace {

bool door_is_open = false;

constexpr OperationType kPass{.verb = "pass"};
constexpr OperationType kDoor{
    .verb = "door", .ready = [](const Execution&, const Operation&) { return door_is_open; }};
constexpr OperationType kIdleDoor{
    .verb = "idle at the door",
    .ready = [](const Execution&, const Operation&) { return door_is_open; },
    .rule = WaitRule::kIdle};

constexpr ObjectId kTheDoor{7};

struct Fixture {
  Fixture() {
    door_is_open = false;
    list.Reset();
    for (const char* name : {"a", "b", "c"}) list.Add(name).state = TaskState::kActive;
  }
  Task& task(uint16_t id) { return list[TaskId{id}]; }

  Execution execution;
  TaskList list;
};

TEST_CASE("tasks are numbered in order, enabled, and new each time though their slots are kept") {
  Fixture f;
  CHECK(f.list.size() == 3);
  CHECK(f.list.enabled().size() == 3);
  CHECK(f.list.standing().empty());
  Task& a = f.task(0);
  a.holdings.push_back({.object = kTheDoor});
  a.is_daemon = true;
  a.steps = 5;
  const void* const stack = a.fiber.stack_bottom();
  f.list.Reset();
  CHECK(f.list.size() == 0);
  CHECK(f.list.enabled().empty());
  const Task& again = f.list.Add("other");
  CHECK(again.id == TaskId{0});
  CHECK(again.name == "other");
  CHECK(again.holdings.empty());
  CHECK_FALSE(again.is_daemon);
  CHECK(again.steps == 0);
  CHECK(again.state == TaskState::kStarting);
  CHECK(again.fiber.stack_bottom() == stack);
}

TEST_CASE("a task whose operation is not ready is not enabled, until a refresh finds it ready") {
  Fixture f;
  const Operation door{.type = &kDoor, .object = kTheDoor};
  const Operation pass{.type = &kPass};
  CHECK_FALSE(f.list.Publish(f.execution, &f.task(0), door));
  CHECK(f.list.Publish(f.execution, &f.task(1), pass));
  CHECK_FALSE(f.list.enabled().Has(TaskId{0}));
  CHECK(f.list.enabled().Has(TaskId{1}));
  CHECK(f.list.standing().size() == 2);

  door_is_open = true;
  f.list.Refresh(f.execution, ObjectId{8});
  CHECK_FALSE(f.list.enabled().Has(TaskId{0}));  // Nobody asked about its object.
  f.list.Refresh(f.execution, kTheDoor);
  CHECK(f.list.enabled().Has(TaskId{0}));
  door_is_open = false;
  f.list.Refresh(f.execution, kTheDoor);
  CHECK_FALSE(f.list.enabled().Has(TaskId{0}));
}

TEST_CASE("a refresh tells whether an idle task has got work, and nothing of others") {
  Fixture f;
  const Operation idle{.type = &kIdleDoor, .object = kTheDoor};
  const Operation door{.type = &kDoor, .object = ObjectId{8}};
  f.list.Publish(f.execution, &f.task(0), idle);
  f.list.Publish(f.execution, &f.task(1), door);
  CHECK_FALSE(f.list.Refresh(f.execution, kTheDoor));
  door_is_open = true;
  CHECK_FALSE(f.list.Refresh(f.execution, ObjectId{8}));
  CHECK(f.list.Refresh(f.execution, kTheDoor));
}

TEST_CASE("a wait that a deadline or a signal may end is timed while it is not ready") {
  Fixture f;
  const Operation until{.type = &kDoor, .object = kTheDoor, .deadline = VirtualTime{9}};
  const Operation earlier{.type = &kDoor, .object = kTheDoor, .deadline = VirtualTime{4}};
  const Operation signal{.type = &kDoor, .object = kTheDoor, .interruptible = true};
  f.list.Publish(f.execution, &f.task(0), until);
  f.list.Publish(f.execution, &f.task(1), earlier);
  f.list.Publish(f.execution, &f.task(2), signal);
  CHECK(f.list.timed().size() == 3);
  CHECK(f.list.EarliestDeadline() == VirtualTime{4});
  f.list.Retire(&f.task(1), TaskState::kDead);
  CHECK(f.list.EarliestDeadline() == VirtualTime{9});
  door_is_open = true;
  f.list.Refresh(f.execution, kTheDoor);
  CHECK(f.list.timed().empty());
  CHECK(f.list.EarliestDeadline() == kNever);
}

TEST_CASE("a task that begins its step stands nowhere, also when its wait timed out") {
  Fixture f;
  const Operation until{.type = &kDoor, .object = kTheDoor, .deadline = VirtualTime{9}};
  f.list.Publish(f.execution, &f.task(0), until);
  f.task(0).outcome = Outcome::kTimedOut;
  f.list.Withdraw(&f.task(0));
  CHECK(f.task(0).pending == nullptr);
  CHECK(f.list.timed().empty());
  CHECK(f.list.standing().empty());
  CHECK(f.list.enabled().Has(TaskId{0}));
}

TEST_CASE("a replaced operation decides from then on, and the old deadline is gone") {
  Fixture f;
  const Operation until{.type = &kDoor, .object = kTheDoor, .deadline = VirtualTime{9}};
  const Operation pass{.type = &kPass};
  const Operation door{.type = &kDoor, .object = kTheDoor};
  f.list.Publish(f.execution, &f.task(0), until);
  f.list.Replace(f.execution, &f.task(0), pass);
  CHECK(f.list.enabled().Has(TaskId{0}));
  CHECK(f.list.timed().empty());
  f.list.Replace(f.execution, &f.task(0), door);
  CHECK_FALSE(f.list.enabled().Has(TaskId{0}));
  CHECK(f.list.timed().empty());
}

TEST_CASE("all have come to an end once the others are finished, dead or idle, not one blocked") {
  Fixture f;
  const Operation idle{.type = &kIdleDoor, .object = kTheDoor};
  const Operation door{.type = &kDoor, .object = kTheDoor};
  f.list.Retire(&f.task(0), TaskState::kFinished);
  CHECK_FALSE(f.list.IsQuiescent(TaskId{1}));
  f.list.Publish(f.execution, &f.task(2), door);
  CHECK_FALSE(f.list.IsQuiescent(TaskId{1}));
  f.list.Replace(f.execution, &f.task(2), idle);
  CHECK(f.list.IsQuiescent(TaskId{1}));
  CHECK_FALSE(f.list.IsQuiescent(kNoTask));
  f.list.Retire(&f.task(1), TaskState::kDead);
  CHECK(f.list.IsQuiescent(kNoTask));
  door_is_open = true;
  f.list.Refresh(f.execution, kTheDoor);
  CHECK_FALSE(f.list.IsQuiescent(kNoTask));  // It has got work.
}

}  // namespace
}  // namespace heddle
