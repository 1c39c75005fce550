// SPDX-License-Identifier: MIT

#include "heddle/memory/scheduling_marks.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/memory/arena.h"
#include "heddle/memory/region.h"
#include "heddle/memory/shadow.h"
#include "heddle/memory/symbolizer.h"

namespace heddle {
namespace {

int marked_global[4];

struct Fixture {
  Fixture() { arena.Reset(); }
  ~Fixture() { marks.Begin(nullptr, &arena.sites()); }

  void Begin() { marks.Begin(&locations, &arena.sites()); }

  uintptr_t Allocate(const char* name) {
    const auto block = reinterpret_cast<uintptr_t>(
        arena.Allocate({.size = 16, .name = name, .content = BlockContent::kZeroed}, {}));
    marks.OnBlock(*arena.FindExact(block));
    return block;
  }

  Arena& arena = Arena::Instance();
  SchedulingLocations locations;
  SchedulingMarks marks;
};

TEST_CASE_FIXTURE(Fixture,
                  "the bytes of the named occurrence are marked, to the byte, and no others") {
  locations.Add("conn#2+8.4");
  Begin();
  const uintptr_t first = Allocate("conn");
  const uintptr_t second = Allocate("conn");
  CHECK(Shadow::IsPlain(first, 8));
  CHECK(Shadow::IsPlain(first + 8, 8));
  for (uintptr_t offset = 0; offset < 16; ++offset) {
    CHECK(Shadow::IsSchedulingLocation(second + offset) == (offset >= 8 && offset < 12));
  }
}

TEST_CASE_FIXTURE(Fixture, "a location past the end of its block marks nothing") {
  locations.Add("conn#1+14.8");
  locations.Add("chan#1+16.8");
  Begin();
  const uintptr_t conn = Allocate("conn");
  CHECK(Shadow::IsSchedulingLocation(conn + 15));
  CHECK_FALSE(Shadow::IsSchedulingLocation(conn + 16));
  const uintptr_t chan = Allocate("chan");
  CHECK_FALSE(Shadow::IsSchedulingLocation(chan + 16));
}

TEST_CASE_FIXTURE(Fixture, "a global is marked by its symbol") {
  const auto address = reinterpret_cast<uintptr_t>(&marked_global[1]);
  const auto global = Symbolizer::Instance().FindGlobal(address);
  REQUIRE(global);
  locations.Add(MemoryLocationText(
      {MemoryLocation::Kind::kGlobal, global->symbol, global->occurrence, global->offset, 4}));
  Begin();
  CHECK(marks.IsMarkedOutside(address, 4));
  CHECK(marks.IsMarkedOutside(address + 3, 8));
  CHECK_FALSE(marks.IsMarkedOutside(address + 4, 4));
  CHECK_FALSE(marks.IsMarkedOutside(address - 4, 4));
}

TEST_CASE_FIXTURE(Fixture, "marks on stacks come and go with the set") {
  const uintptr_t top = Region::kStacksBegin + 2 * Region::kSlotSize;
  locations.Add("stack of main#1+96.8");
  Begin();
  CHECK(Shadow::IsSchedulingLocation(top - 96));
  CHECK_FALSE(Shadow::IsSchedulingLocation(top - 88));
  const SchedulingLocations none;
  marks.Begin(&none, &arena.sites());
  CHECK_FALSE(Shadow::IsSchedulingLocation(top - 96));
}

TEST_CASE_FIXTURE(Fixture, "texts that name nothing here are passed over") {
  for (const char* text : {"release lock#1", "global no_such_symbol#1+0.4", "stack of x#5000+8.4",
                           "stack of x#1+99999999.4", "stack of x#1+4.8", "nonsense"}) {
    locations.Add(text);
  }
  Begin();
  CHECK(Shadow::IsPlain(Allocate("conn"), 8));
}

}  // namespace
}  // namespace heddle
