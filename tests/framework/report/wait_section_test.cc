// SPDX-License-Identifier: MIT
//
// What a report says of tasks that wait for ever, for shapes that real explorations rarely take;
// the common ones are in tests/golden.

#include "heddle/report/wait_section.h"

#include <doctest/doctest.h>

namespace heddle {
namespace {

constexpr TaskId kOne{1};
constexpr TaskId kTwo{2};

WaitEdge Edge(TaskId task, const char* name, const char* object, std::vector<TaskId> owners) {
  return {.task = task,
          .task_name = name,
          .verb = "lock",
          .object = object,
          .function = "Take",
          .owners = std::move(owners)};
}

Trace Steps(std::vector<TaskId> tasks) {
  Trace trace;
  for (const TaskId task : tasks) {
    trace.events.push_back({.step = trace.events.size() + 1, .task = task, .verb = "lock"});
  }
  return trace;
}

Failure Abba() {
  Failure failure{.kind = FailureKind::kDeadlock, .cycle_size = 2};
  failure.waits = {Edge(kOne, "left", "b", {kTwo}), Edge(kTwo, "right", "a", {kOne})};
  failure.waits[0].holdings = {{.object = "a", .step = 1}};
  failure.waits[1].holdings = {{.object = "b", .step = 2}};
  return failure;
}

TEST_CASE("a wait counts from when the owner took the object, if the waiter was there already") {
  CHECK(WaitSection(Abba(), Steps({kOne, kTwo})) ==
        "Wait cycle\n"
        "  T1 left   holds a since step 1, waits for b since step 2\n"
        "  T2 right  holds b since step 2, waits for a since step 2\n");
}

TEST_CASE("everything that a task holds is listed") {
  Failure failure = Abba();
  failure.waits[0].holdings.push_back({.object = "rtnl", .step = 0});
  CHECK(WaitSection(failure, Steps({kOne, kTwo}))
            .find("T1 left   holds a since step 1 and rtnl since the start, waits for b") !=
        std::string::npos);
}

TEST_CASE("an operation that is no plain lock is named") {
  Failure failure = Abba();
  failure.waits[1].verb = "write lock";
  CHECK(WaitSection(failure, Steps({kOne, kTwo})).find("waits for a (write lock) since step 2") !=
        std::string::npos);
}

TEST_CASE("tasks behind a cycle are told from those in it") {
  Failure failure = Abba();
  failure.waits.push_back(Edge(TaskId{3}, "third", "a", {kOne}));
  failure.waits.push_back(
      {.task = kBodyTask, .task_name = "main", .verb = "join all", .owners = {kOne, kTwo}});
  CHECK(WaitSection(failure, Steps({kOne, kTwo})) ==
        "Wait cycle\n"
        "  T1 left   holds a since step 1, waits for b since step 2\n"
        "  T2 right  holds b since step 2, waits for a since step 2\n"
        "Behind it\n"
        "  T3 third  waits for a since step 1\n"
        "  T0 main   waits for T1 and T2 to finish\n");
}

TEST_CASE("a wait that anybody could end is said to have nobody left") {
  Failure failure{.kind = FailureKind::kHang};
  failure.waits = {Edge(kOne, "waiter", "done", {})};
  failure.waits[0].verb = "wait for";
  CHECK(WaitSection(failure, Steps({kTwo, kOne})) ==
        "Waits for ever\n"
        "  T1 waiter  waits for done since step 2: no task is left that could end it\n");
}

TEST_CASE("an owner that finished is told from one that died") {
  Failure failure{.kind = FailureKind::kHang};
  failure.waits = {Edge(kOne, "waiter", "lock", {kTwo})};
  failure.waits.push_back({.task = kTwo,
                           .task_name = "owner",
                           .is_dead = true,
                           .has_finished = true,
                           .holdings = {{.object = "lock", .step = 1}}});
  CHECK(WaitSection(failure, Steps({kTwo, kTwo})) ==
        "Waits for ever\n"
        "  T1 waiter  waits for lock since step 1: its holder T2 has finished\n"
        "  T2 owner   finished in step 2 and still holds lock since step 1\n");
}

TEST_CASE("who has promised to complete something is no holder of it") {
  Failure failure = Abba();
  failure.waits[0].holdings[0].is_obligation = true;
  CHECK(WaitSection(failure, Steps({kOne, kTwo}))
            .find("T1 left   must complete a since step 1, waits for b since step 2\n") !=
        std::string::npos);
  CHECK(LockOrderSection(failure, Steps({kOne, kTwo})) == "");
  failure = {.kind = FailureKind::kHang};
  failure.waits = {Edge(kOne, "waiter", "done", {kTwo})};
  failure.waits.push_back({.task = kTwo,
                           .task_name = "worker",
                           .is_dead = true,
                           .holdings = {{.object = "done", .step = 1, .is_obligation = true}}});
  CHECK(WaitSection(failure, Steps({kTwo})) ==
        "Waits for ever\n"
        "  T1 waiter  waits for done since step 1: its completer T2 is dead\n"
        "  T2 worker  died in step 1 and still must complete done since step 1\n");
}

TEST_CASE("the order that came last is the one that closes the cycle") {
  CHECK(LockOrderSection(Abba(), Steps({kTwo, kOne})) ==
        "Lock order\n"
        "  a, then b    T1, after step 2: Take  <- closes the cycle\n"
        "  b, then a    T2, after step 1: Take\n");
}

TEST_CASE("the calls that lead to a wait are shown from the outermost in") {
  Failure failure = Abba();
  failure.waits[0].frames = {{.function = "hci_le_conn_update"},
                             {.function = "process_pending_rx"}};
  CHECK(LockOrderSection(failure, Steps({kOne, kTwo}))
            .find("T1, after step 1: process_pending_rx > hci_le_conn_update\n") !=
        std::string::npos);
}

TEST_CASE("a cycle that is not made of locks alone has no lock order") {
  Failure failure = Abba();
  failure.waits[1].holdings.clear();
  CHECK(LockOrderSection(failure, Steps({kOne, kTwo})) == "");
  failure = Abba();
  failure.cycle_size = 1;
  CHECK(LockOrderSection(failure, Steps({kOne, kTwo})) == "");
}

TEST_CASE("a failure without waits has no section on them") {
  CHECK(WaitSection({}, {}) == "");
  CHECK(LockOrderSection({}, {}) == "");
}

}  // namespace
}  // namespace heddle
