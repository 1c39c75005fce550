// SPDX-License-Identifier: MIT
//
// The set of tasks against std::set, in one word and across words.

#include "heddle/core/task_set.h"

#include <doctest/doctest.h>

#include <set>

#include "heddle/base/random.h"

namespace heddle {
namespace {

TaskId Id(size_t value) {
  return TaskId{static_cast<uint16_t>(value)};
}

std::set<size_t> Members(const TaskSet& set) {
  std::set<size_t> members;
  for (TaskId id = set.First(); id != kNoTask; id = set.After(id)) members.insert(id.value);
  return members;
}

// Out of line: where gcc sees through it, it sees sets wider than they can be.
[[gnu::noinline]] TaskId After(const TaskSet& set, TaskId task) {
  return set.After(task);
}

TEST_CASE("a task set holds what a std::set holds after the same random operations") {
  for (const size_t tasks : {8, 64, 65, 130, 1024}) {
    Random random(tasks);
    TaskSet set;
    std::set<size_t> model;
    for (int i = 0; i < 2000; ++i) {
      const size_t task = random.Below(tasks);
      if (random.Below(2) == 0) {
        set.Add(Id(task));
        model.insert(task);
      } else {
        set.Remove(Id(task));
        model.erase(task);
      }
      REQUIRE(set.Has(Id(task)) == model.contains(task));
      REQUIRE(set.size() == model.size());
      REQUIRE(set.empty() == model.empty());
      REQUIRE(set.IsSingle() == (model.size() == 1));
    }
    CHECK(Members(set) == model);
    set.Clear();
    CHECK(set.empty());
    CHECK(set.First() == kNoTask);
  }
}

TEST_CASE("the next member is found across words, and none after the last") {
  TaskSet set;
  set.Add(Id(0));
  set.Add(Id(63));
  set.Add(Id(64));
  set.Add(Id(1023));
  CHECK(set.First() == Id(0));
  CHECK(After(set, Id(0)) == Id(63));
  CHECK(After(set, Id(63)) == Id(64));
  CHECK(After(set, Id(64)) == Id(1023));
  CHECK(After(set, Id(1023)) == kNoTask);
  CHECK_FALSE(TaskSet().Has(Id(1023)));
}

TEST_CASE("a copy has the members of the original and no others, whatever it held before") {
  TaskSet wide;
  wide.Add(Id(700));
  TaskSet narrow;
  narrow.Add(Id(3));
  wide = narrow;
  CHECK(Members(wide) == std::set<size_t>{3});
  wide.Add(Id(701));  // Words that the assignment left alone are zero when they come back.
  CHECK(Members(wide) == std::set<size_t>{3, 701});
}

TEST_CASE("sets are equal by members, not by how wide they have become") {
  TaskSet a;
  a.Add(Id(5));
  TaskSet b = a;
  b.Add(Id(500));
  CHECK_FALSE(a == b);
  b.Remove(Id(500));
  CHECK(a == b);
  CHECK(b == a);
}

TEST_CASE("union and intersection take words that only one of the sets has into account") {
  TaskSet a;
  a.Add(Id(1));
  TaskSet b;
  b.Add(Id(200));
  CHECK_FALSE(a.Intersects(b));
  a.AddAll(b);
  CHECK(Members(a) == std::set<size_t>{1, 200});
  CHECK(a.Intersects(b));
  CHECK(b.Intersects(a));
  b.AddAll(TaskSet());
  CHECK(Members(b) == std::set<size_t>{200});
}

}  // namespace
}  // namespace heddle
