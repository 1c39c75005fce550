// SPDX-License-Identifier: MIT
//
// The table of objects: numbers, what a reset leaves, and object 0.

#include "heddle/core/object.h"

#include <doctest/doctest.h>

#include <string_view>

namespace heddle {
namespace {

constexpr ObjectType kLock{.noun = "lock"};

TEST_CASE("objects are numbered from 1 in order of entry; 0 is the execution itself") {
  ObjectTable table;
  table.Reset();
  CHECK(table.size() == 1);
  CHECK(std::string_view(table[kExecutionObject].type->noun) == "execution");
  int place = 0;
  CHECK(table.Add(kLock, "a", &place) == ObjectId{1});
  CHECK(table.Add(kLock, "a", nullptr) == ObjectId{2});
  CHECK(table.size() == 3);
  CHECK(table[ObjectId{1}].address == &place);
  CHECK(table[ObjectId{1}].type == &kLock);
}

TEST_CASE("a new object is free, untouched and alive, also where a reset made room for it") {
  ObjectTable table;
  table.Reset();
  Object& used = table[table.Add(kLock, "used", nullptr)];
  used.owner = TaskId{3};
  used.count = 4;
  used.value = 5;
  used.clock = 6;
  used.is_destroyed = true;
  used.destroyed_at = 1;
  table.Reset();
  CHECK(table.size() == 1);
  const Object& fresh = table[table.Add(kLock, "fresh", nullptr)];
  CHECK(fresh.owner == kNoTask);
  CHECK(fresh.count == 0);
  CHECK(fresh.value == 0);
  CHECK(fresh.clock == 0);
  CHECK(fresh.standing == 0);
  CHECK_FALSE(fresh.is_destroyed);
  CHECK_FALSE(fresh.release_is_point);
  CHECK(fresh.destroyed_at == 0);
}

}  // namespace
}  // namespace heddle
