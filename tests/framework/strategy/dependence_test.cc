// SPDX-License-Identifier: MIT
//
// The order of steps that dependence gives, and its races: small sequences by hand, random ones
// against a definition written down without cleverness.

#include "heddle/strategy/dependence.h"

#include <doctest/doctest.h>

#include <vector>

#include "heddle/base/random.h"

namespace heddle {
namespace {

using Accesses = std::vector<StepAccess>;
using Steps = std::vector<uint32_t>;

StepAccess Write(uint64_t object) {
  return {.object = object, .mode = AccessMode::kWrite};
}
StepAccess Read(uint64_t object) {
  return {.object = object, .mode = AccessMode::kRead};
}
StepAccess Order(uint64_t object) {
  return {.object = object, .mode = AccessMode::kWrite, .orders_only = true};
}

Steps Append(DependenceOrder* order, uint16_t task, const Accesses& accesses,
             bool is_barrier = false) {
  const auto races = order->Append(TaskId{task}, accesses, is_barrier);
  return {races.begin(), races.end()};
}

TEST_CASE("steps of one task are ordered, of two only through what both touch") {
  DependenceOrder order;
  CHECK(Append(&order, 0, {Write(1)}).empty());
  CHECK(Append(&order, 1, {Write(2)}).empty());
  CHECK(Append(&order, 0, {Write(3)}).empty());
  CHECK(order.IsBefore(0, 2));
  CHECK_FALSE(order.IsBefore(0, 1));
  CHECK_FALSE(order.IsBefore(1, 2));
}

TEST_CASE("two reads commute, a read and a write or two writes race") {
  DependenceOrder order;
  CHECK(Append(&order, 0, {Read(1)}).empty());
  CHECK(Append(&order, 1, {Read(1)}).empty());
  CHECK_FALSE(order.IsBefore(0, 1));
  CHECK(Append(&order, 2, {Write(1)}) == Steps{1, 0});
  CHECK(order.IsBefore(0, 2));
  CHECK(order.IsBefore(1, 2));
  CHECK(Append(&order, 3, {Write(1)}) == Steps{2});
}

TEST_CASE("a pair with something in between in the order is no race") {
  DependenceOrder order;
  Append(&order, 0, {Write(1)});
  Append(&order, 1, {Write(1), Write(2)});
  CHECK(Append(&order, 2, {Write(2), Write(1)}) == Steps{1});
  CHECK(order.IsBefore(0, 2));
}

TEST_CASE("of two acquires of one lock the race is between the acquires") {
  DependenceOrder order;
  Append(&order, 0, {Write(1), Order(1)});  // Acquires, and lets go in the same step.
  CHECK(Append(&order, 1, {Write(1)}) == Steps{0});
  DependenceOrder later;
  Append(&later, 0, {Write(1)});
  Append(&later, 0, {Write(2), Order(1)});  // Lets go in a later step.
  CHECK(Append(&later, 1, {Write(1)}) == Steps{0});
  CHECK(later.IsBefore(1, 2));
}

TEST_CASE("a barrier is after all steps so far and races with none") {
  DependenceOrder order;
  Append(&order, 1, {Write(1)});
  Append(&order, 2, {Write(2)});
  CHECK(Append(&order, 0, {}, true).empty());
  CHECK(order.IsBefore(0, 2));
  CHECK(order.IsBefore(1, 2));
}

TEST_CASE("the races of a step that cannot be taken are known without taking it") {
  DependenceOrder order;
  Append(&order, 0, {Write(1)});
  const Accesses wanted{Write(1)};
  const auto races = order.RacesOfWaiting(TaskId{1}, wanted);
  CHECK(Steps(races.begin(), races.end()) == Steps{0});
  CHECK(order.size() == 1);
}

// Whether i is before j: reachable over pairs of one task or of conflicting accesses.
std::vector<std::vector<bool>> Closure(const std::vector<TaskId>& tasks,
                                       const std::vector<Accesses>& accesses) {
  const size_t count = tasks.size();
  std::vector<std::vector<bool>> before(count, std::vector<bool>(count, false));
  for (size_t j = 0; j < count; ++j) {
    for (size_t i = j; i-- > 0;) {
      bool ordered = tasks[i] == tasks[j];
      for (const StepAccess& a : accesses[i]) {
        for (const StepAccess& b : accesses[j]) ordered |= a.IsDependentOn(b);
      }
      if (!ordered) continue;
      before[i][j] = true;
      for (size_t h = 0; h < i; ++h) {
        if (before[h][i]) before[h][j] = true;
      }
    }
  }
  return before;
}

TEST_CASE("order and races are those of the definition, also after steps were taken back") {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    DependenceOrder order;
    std::vector<TaskId> tasks;
    std::vector<Accesses> accesses;
    while (tasks.size() < 12) {
      if (!tasks.empty() && random.Below(8) == 0) {  // Take some back, as a search does.
        const size_t keep = random.Below(tasks.size());
        order.Truncate(keep);
        tasks.resize(keep);
        accesses.resize(keep);
      }
      const TaskId task{static_cast<uint16_t>(random.Below(10))};
      Accesses touched;
      for (uint64_t object = 0; object < 3; ++object) {
        if (random.Below(3) == 0) {
          touched.push_back(random.Below(2) == 0 ? Read(object) : Write(object));
        }
      }
      tasks.push_back(task);
      accesses.push_back(touched);
      const auto before = Closure(tasks, accesses);
      const auto j = static_cast<uint32_t>(tasks.size() - 1);
      const Steps races = Append(&order, task.value, touched);
      Steps expected;
      for (uint32_t i = j; i-- > 0;) {
        bool conflicts = false;
        for (const StepAccess& a : accesses[i]) {
          for (const StepAccess& b : touched) conflicts |= a.IsDependentOn(b);
        }
        bool between = tasks[i] == task;
        for (size_t k = i + 1; k < j; ++k) between |= before[i][k] && before[k][j];
        if (conflicts && !between) expected.push_back(i);
      }
      REQUIRE(races == expected);
      for (size_t a = 0; a < tasks.size(); ++a) {
        for (size_t b = a + 1; b < tasks.size(); ++b) {
          REQUIRE(order.IsBefore(a, b) == before[a][b]);
        }
      }
    }
  }
}

}  // namespace
}  // namespace heddle
