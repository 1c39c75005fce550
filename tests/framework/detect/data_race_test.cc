// SPDX-License-Identifier: MIT

#include "heddle/detect/data_race.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <utility>
#include <vector>

#include "heddle/base/random.h"
#include "heddle/core/happens_before.h"
#include "heddle/core/object.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/call_stack_log.h"
#include "heddle/memory/region.h"

namespace heddle {
namespace {

constexpr uintptr_t kHeap = Region::kHeapBegin;
constexpr uintptr_t kCode = 0x400000;
constexpr TaskId kA{1};
constexpr TaskId kB{2};
constexpr TaskId kC{3};

// An execution with four tasks, of which 0 has spawned the others.
struct Fixture {
  Fixture() { Begin(); }

  void Begin() {
    clocks.set_enabled(true);
    clocks.Reset();
    clocks.Spawn(kNoTask, TaskId{0});
    for (const TaskId task : {kA, kB, kC}) clocks.Spawn(TaskId{0}, task);
    lock = Object{};
    step = 0;
    detector.Reset(clocks);
  }

  void Touch(TaskId task, MemoryAccess access) {
    detector.OnAccess(access, {.task = task, .step = ++step, .place = {.pc = kCode + step}});
  }
  void Read(TaskId task, uintptr_t address, size_t size) {
    Touch(task, {.address = address, .size = size});
  }
  void Write(TaskId task, uintptr_t address, size_t size) {
    Touch(task, {.address = address, .size = size, .is_write = true});
  }
  void ReadOnce(TaskId task, uintptr_t address, size_t size) {
    Touch(task, {.address = address, .size = size, .is_marked = true});
  }
  void WriteOnce(TaskId task, uintptr_t address, size_t size) {
    Touch(task, {.address = address, .size = size, .is_write = true, .is_marked = true});
  }
  void Acquire(TaskId task) { clocks.Acquire(task, lock); }
  void Release(TaskId task) { clocks.Release(task, &lock); }

  size_t races() const { return detector.races().size(); }

  HappensBefore clocks;
  Object lock;
  DataRaceDetector& detector = DataRaceDetector::Instance();
  uint64_t step = 0;
};

TEST_CASE("an access at a moment that nobody knows is no repetition of any") {
  Fixture f;
  f.Write(kA, kHeap, 8);  // Of the reads there were, the record has none.
  CHECK_FALSE(DataRaceDetector::IsRepeated(kHeap, 8, false, internal::kNoEpoch));
  f.Read(kA, kHeap + 8, 8);  // Nor has it a write here.
  CHECK_FALSE(DataRaceDetector::IsRepeated(kHeap + 8, 8, true, internal::kNoEpoch));
}

TEST_CASE_FIXTURE(Fixture, "what is forgotten races with nothing, what lies beside it still does") {
  Write(kA, kHeap, 8);
  Write(kA, kHeap + 8, 8);
  detector.Forget(kHeap, 8);
  Write(kB, kHeap, 8);
  CHECK(races() == 0);
  Write(kB, kHeap + 8, 8);
  CHECK(races() == 1);
}

TEST_CASE_FIXTURE(Fixture, "two unordered writes race, and the race names both accesses") {
  Write(kA, kHeap + 4, 4);
  Write(kB, kHeap + 4, 4);
  REQUIRE(races() == 1);
  const DataRace& race = detector.races()[0];
  CHECK(race.address == kHeap + 4);
  CHECK(race.size == 4);
  CHECK(race.earlier.task == kA);
  CHECK(race.earlier.step == 1);
  CHECK(race.earlier.place.pc == kCode + 1);
  CHECK(race.earlier.size == 4);
  CHECK(race.earlier.is_write);
  CHECK(race.later.task == kB);
  CHECK(race.later.place.pc == kCode + 2);
  CHECK_FALSE(race.later.is_marked);
}

TEST_CASE_FIXTURE(Fixture, "reads do not race with reads, and do with a write on either side") {
  Read(kA, kHeap, 8);
  Read(kB, kHeap, 8);
  CHECK(races() == 0);
  Write(kC, kHeap, 8);
  CHECK(races() == 2);
  Read(kA, kHeap, 8);
  CHECK(races() == 3);
}

TEST_CASE_FIXTURE(Fixture, "a release and an acquire order what stands before and after them") {
  Write(kA, kHeap, 8);
  Release(kA);
  Acquire(kB);
  Write(kB, kHeap, 8);
  CHECK(races() == 0);
  Write(kA, kHeap, 8);
  CHECK(races() == 1);
}

TEST_CASE_FIXTURE(Fixture, "what a task does after its release is not ordered by it") {
  Release(kA);
  Write(kA, kHeap, 8);
  Acquire(kB);
  Write(kB, kHeap, 8);
  CHECK(races() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a pair is exempt only if both accesses are marked") {
  WriteOnce(kA, kHeap, 4);
  ReadOnce(kB, kHeap, 4);
  WriteOnce(kC, kHeap, 4);
  CHECK(races() == 0);
  Read(kB, kHeap, 4);
  REQUIRE(races() == 2);
  CHECK(detector.races()[0].earlier.is_marked);
  CHECK_FALSE(detector.races()[0].later.is_marked);
  CHECK(detector.races()[0].earlier.is_write);
}

TEST_CASE_FIXTURE(Fixture, "a marked write does not hide an older plain one") {
  Write(kA, kHeap, 4);
  Release(kA);
  Acquire(kB);
  WriteOnce(kB, kHeap, 4);
  WriteOnce(kC, kHeap, 4);
  REQUIRE(races() == 1);
  CHECK(detector.races()[0].earlier.task == kA);
}

TEST_CASE_FIXTURE(Fixture,
                  "neighbouring fields of a granule do not race, overlapping accesses do") {
  Write(kA, kHeap, 4);
  Write(kB, kHeap + 4, 4);
  Write(kA, kHeap + 8, 1);
  Write(kB, kHeap + 9, 1);
  CHECK(races() == 0);
  Read(kC, kHeap, 8);
  REQUIRE(races() == 2);
  CHECK(detector.races()[0].address == kHeap);
  CHECK(detector.races()[0].size == 4);
  CHECK(detector.races()[1].address == kHeap + 4);
}

TEST_CASE_FIXTURE(Fixture, "an access across granules is seen in both") {
  Write(kA, kHeap + 7, 2);
  Read(kB, kHeap + 8, 1);
  REQUIRE(races() == 1);
  CHECK(detector.races()[0].address == kHeap + 8);
  Read(kC, kHeap, 8);
  REQUIRE(races() == 2);
  CHECK(detector.races()[1].address == kHeap + 7);
}

TEST_CASE_FIXTURE(Fixture, "the end of an object races with each unordered use, marked or not") {
  Read(kA, kHeap + 16, 4);
  ReadOnce(kB, kHeap + 40, 4);
  Touch(kC, {.address = kHeap, .size = 64, .is_write = true, .is_end = true});
  REQUIRE(races() == 2);
  CHECK(detector.races()[0].later.is_end);
  CHECK(detector.races()[0].later.size == 0);
  CHECK(detector.races()[1].earlier.is_marked);
  WriteOnce(kA, kHeap + 8, 8);
  REQUIRE(races() == 3);
  CHECK(detector.races()[2].earlier.is_end);
}

TEST_CASE_FIXTURE(Fixture, "globals race like memory of the region") {
  static int global = 0;
  const auto address = reinterpret_cast<uintptr_t>(&global);
  Write(kA, address, 4);
  Write(kB, address, 4);
  REQUIRE(races() == 1);
  CHECK(detector.races()[0].address == address);
}

TEST_CASE_FIXTURE(Fixture, "accesses of an earlier execution race with nothing") {
  static int global = 0;
  const auto address = reinterpret_cast<uintptr_t>(&global);
  for (const uintptr_t at : {kHeap, kHeap + 8, address}) Write(kA, at, 4);
  Write(kA, kHeap + 12, 4);
  Begin();
  for (const uintptr_t at : {kHeap, kHeap + 8, address}) Write(kB, at, 4);
  Write(kB, kHeap + 8, 8);
  CHECK(races() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a pair of places is reported once per location and execution") {
  for (int i = 0; i < 10; ++i) {
    detector.OnAccess({.address = kHeap, .size = 4, .is_write = true},
                      {.task = kA, .place = {.pc = kCode + 1}});
    detector.OnAccess({.address = kHeap, .size = 4, .is_write = true},
                      {.task = kB, .place = {.pc = kCode + 2}});
  }
  CHECK(races() == 2);  // A before B, and B before A.
}

TEST_CASE_FIXTURE(Fixture, "races past the bound are counted and not kept") {
  for (uintptr_t i = 0; i < 100; ++i) {
    Write(kA, kHeap + 8 * i, 8);
    Write(kB, kHeap + 8 * i, 8);
  }
  CHECK(races() == DataRaceDetector::kRacesMax);
  CHECK(detector.races_dropped() == 100 - DataRaceDetector::kRacesMax);
}

TEST_CASE_FIXTURE(Fixture, "nothing is kept while happens-before is off") {
  clocks.set_enabled(false);
  Write(kA, kHeap, 4);
  Write(kB, kHeap, 4);
  CHECK(races() == 0);
}

TEST_CASE_FIXTURE(Fixture, "in a traced execution both accesses have their call stacks") {
  CallStackLog& log = CallStackLog::Instance();
  log.Reset(true);
  const std::array<const void*, 1> caller{reinterpret_cast<void*>(5)};
  detector.OnAccess(
      {.address = kHeap, .size = 4, .is_write = true},
      {.task = kA, .place = {.pc = kCode + 8}, .stack = log.Record({.pc = kCode + 8}, caller)});
  detector.OnAccess(
      {.address = kHeap, .size = 4},
      {.task = kB, .place = {.pc = kCode + 9}, .stack = log.Record({.pc = kCode + 9}, {})});
  REQUIRE(races() == 1);
  const DataRace& race = detector.races()[0];
  CHECK(race.earlier.place.pc == kCode + 8);
  CHECK(log.Callers(race.earlier.stack).size() == 1);
  CHECK(race.later.place.pc == kCode + 9);
  log.Reset(false);
}

TEST_CASE_FIXTURE(Fixture, "the filter passes over repetitions, and over nothing else") {
  const auto repeated = [&](TaskId task, bool is_write) {
    return DataRaceDetector::IsRepeated(kHeap, 4, is_write, detector.Now(task));
  };
  CHECK_FALSE(repeated(kA, false));
  Read(kA, kHeap, 4);
  CHECK(repeated(kA, false));
  CHECK_FALSE(repeated(kA, true));
  CHECK_FALSE(repeated(kB, false));
  Write(kA, kHeap, 4);
  CHECK(repeated(kA, true));
  CHECK(repeated(kA, false));
  Release(kA);
  CHECK_FALSE(repeated(kA, true));
  CHECK_FALSE(DataRaceDetector::IsRepeated(kHeap, 8, false, detector.Now(kA)));
}

// ---- Against all pairs

struct PastAccess {
  TaskId task;
  MemoryAccess access;
  uint32_t clock = 0;
  uint64_t step = 0;
};

// What the definition says: the steps of all earlier accesses that race with `access` by `task`.
std::set<uint64_t> RacesByDefinition(const std::vector<PastAccess>& past,
                                     const HappensBefore& clocks, TaskId task,
                                     const MemoryAccess& access) {
  std::set<uint64_t> steps;
  for (const PastAccess& other : past) {
    const MemoryAccess& was = other.access;
    const bool overlap =
        was.address < access.address + access.size && access.address < was.address + was.size;
    const bool conflict = was.is_write || access.is_write;
    const bool exempt = was.is_marked && access.is_marked;
    const bool ordered = other.clock <= clocks.Clock(other.task, task);
    if (overlap && conflict && !exempt && !ordered) steps.insert(other.step);
  }
  return steps;
}

TEST_CASE_FIXTURE(
    Fixture, "an access is found to race exactly if the definition says so, for random programs") {
  Random random(20);
  int racing = 0;
  for (int program = 0; program < 3000; ++program) {
    Begin();
    std::vector<PastAccess> past;
    for (int i = 0; i < 24; ++i) {
      const TaskId task{static_cast<uint16_t>(random.Below(4))};
      if (random.Below(3) == 0) {
        random.Below(2) == 0 ? Acquire(task) : Release(task);
        continue;
      }
      const MemoryAccess access{.address = kHeap + random.Below(12),
                                .size = size_t{1} << random.Below(4),
                                .is_write = random.Below(2) == 0,
                                .is_marked = random.Below(3) == 0};
      const std::set<uint64_t> expected = RacesByDefinition(past, clocks, task, access);
      const size_t known = races();
      Touch(task, access);
      if (detector.races_dropped() > 0) break;
      std::set<uint64_t> found;
      for (size_t r = known; r < races(); ++r) found.insert(detector.races()[r].earlier.step);
      REQUIRE(found.empty() == expected.empty());
      for (const uint64_t earlier : found) REQUIRE(expected.count(earlier) == 1);
      racing += expected.empty() ? 0 : 1;
      past.push_back({.task = task, .access = access, .clock = clocks.Now(task), .step = step});
    }
  }
  CHECK(racing > 1000);
}

}  // namespace
}  // namespace heddle
