// SPDX-License-Identifier: MIT
//
// Failures made outside of any exploration, from executions that have just ended.

#include "heddle/memory/memory_failure.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/memory/access_check.h"
#include "heddle/memory/region.h"

namespace heddle {
namespace {

struct Fixture {
  Fixture() { arena.Reset(); }
  ~Fixture() {
    frames.Reset();
    arena.Reset();
  }

  uintptr_t Allocate(size_t size, const char* name) {
    return reinterpret_cast<uintptr_t>(
        arena.Allocate({.size = size, .name = name}, At("Make", 10)));
  }
  static Origin At(const char* function, int line) {
    return {.place = {.where = {.file = "models/a.cc", .function = function, .line = line}}};
  }
  MemoryView view() const { return {.execution = execution, .arena = arena, .frames = frames}; }

  Execution execution;
  Arena& arena = Arena::Instance();
  FrameTable frames{&arena.sites()};
  AccessCheck check{arena, frames};
};

TEST_CASE_FIXTURE(Fixture, "titles say where an access missed its object") {
  const uintptr_t conn = Allocate(13, "conn");
  const auto title = [&](uintptr_t address, size_t size, bool is_write) {
    auto fault = check.Check({.address = address, .size = size, .is_write = is_write}, TaskId{0});
    REQUIRE(fault);
    return FailureOf(*fault, view()).title;
  };
  CHECK(title(conn + 12, 4, true) == "write of size 4 at offset 12 of conn (13 bytes)");
  CHECK(title(conn + 15, 1, false) == "read of size 1 2 bytes past the end of conn (13 bytes)");
  CHECK(title(conn - 8, 8, true) == "write of size 8 8 bytes before conn (13 bytes)");
  CHECK(title(24, 8, false) == "read of size 8 through a null pointer, at offset 24");
  CHECK(title(Region::kEnd - 16, 8, false) ==
        "read of size 8 of memory that was never allocated, or in an earlier execution");
}

TEST_CASE_FIXTURE(Fixture,
                  "a history tells access, free and allocation, and the first two identify it") {
  const uintptr_t conn = Allocate(8, "conn");
  arena.Free(conn, At("Drop", 20));
  AccessFault fault = *check.Check({.address = conn, .size = 4}, TaskId{0});
  fault.origin = At("Use", 30);
  const Failure failure = FailureOf(fault, view());
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(failure.functions == std::vector<std::string>{"Drop", "Use"});
  REQUIRE(failure.memory->events.size() == 3);
  CHECK(failure.memory->events[0].what == "read of size 4");
  CHECK(failure.memory->events[0].frames[0].line == 30);
  CHECK(failure.memory->events[1].what == "freed");
  CHECK(failure.memory->events[1].frames[0].file == "models/a.cc");
  CHECK(failure.memory->events[2].what == "allocated");
  CHECK(failure.memory->object_size == 8);
}

TEST_CASE_FIXTURE(Fixture, "a race is told by its later access first, and named by both") {
  const uintptr_t conn = Allocate(8, "conn");
  const DataRace race{
      .address = conn + 4,
      .size = 4,
      .earlier = {.task = kNoTask, .place = At("Store", 40).place, .size = 4, .is_write = true},
      .later = {.task = kNoTask, .place = At("Drop", 50).place, .is_end = true}};
  const Failure failure = FailureOf(race, view());
  CHECK(failure.kind == FailureKind::kDataRace);
  CHECK(failure.objects == std::vector<std::string>{"conn"});
  CHECK(failure.functions == std::vector<std::string>{"Drop", "Store"});
  CHECK(failure.memory->offset == 4);
  CHECK(failure.memory->events[0].what == "free");
  CHECK(failure.memory->events[1].what == "write of size 4");
}

TEST_CASE_FIXTURE(Fixture, "several leaks are one failure with all their names") {
  const uintptr_t chan = Allocate(8, "chan");
  const uintptr_t conn = Allocate(16, "conn");
  const std::vector<const Block*> leaks{arena.FindExact(conn), arena.FindExact(chan)};
  const Failure failure = LeakFailure(leaks, view());
  CHECK(failure.kind == FailureKind::kLeak);
  CHECK(failure.objects == std::vector<std::string>{"chan", "conn"});
  CHECK(failure.title == "conn (16 bytes) and 1 more live at the end, and nothing leads there");
}

TEST_CASE_FIXTURE(Fixture, "locations are told by object and offset, or not at all") {
  const uintptr_t conn = Allocate(8, "conn");
  const auto location = LocationOf(conn + 4, 4, view());
  REQUIRE(location);
  CHECK(MemoryLocationText(*location) == "conn#1+4.4");
  const uintptr_t stack = Region::kStacksBegin + Region::kGuardSize + 128;
  frames.Register(stack, 32, "done", {});
  CHECK(MemoryLocationText(*LocationOf(stack + 8, 8, view())) == "done#1+8.8");
  const int local = 0;
  CHECK_FALSE(LocationOf(reinterpret_cast<uintptr_t>(&local), 4, view()));
}

}  // namespace
}  // namespace heddle
