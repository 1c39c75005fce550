// SPDX-License-Identifier: MIT

#include "heddle/memory/shadow.h"

#include <doctest/doctest.h>

#include <array>

#include "heddle/base/random.h"
#include "heddle/memory/region.h"

namespace heddle {
namespace {

constexpr uintptr_t kHeap = Region::kHeapBegin;

struct Fixture {
  Fixture() {
    Region::Map();
    Shadow::ExtendTo(kHeap + 4096);
    Shadow::Set(kHeap, 4096, ByteState::kInitialised);
  }
};

TEST_CASE_FIXTURE(Fixture, "an access is plain only if each of its bytes is") {
  for (const size_t size : {1, 2, 4, 8}) {
    for (size_t bad = 0; bad < 16; ++bad) {
      Shadow::Set(kHeap, 16, ByteState::kInitialised);
      Shadow::Set(kHeap + bad, 1, ByteState::kFreed);
      for (uintptr_t begin = 0; begin < 16; ++begin) {
        const bool covers_bad = begin <= bad && bad < begin + size;
        CHECK(Shadow::IsPlain(kHeap + begin, size) == !covers_bad);
      }
    }
  }
}

TEST_CASE_FIXTURE(Fixture, "a range is plain only if each of its bytes is, whatever its size") {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const size_t begin = random.Below(64);
    const size_t size = random.Below(70);
    const size_t bad = random.Below(160);
    Shadow::Set(kHeap, 160, ByteState::kInitialised);
    Shadow::Set(kHeap + bad, 1, ByteState::kUninitialised);
    const bool covers_bad = begin <= bad && bad < begin + size;
    CHECK(Shadow::IsPlainRange(kHeap + begin, size) == !covers_bad);
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "a scheduling location is not plain, and keeps its mark when its state changes") {
  Shadow::Mark(kHeap + 8, 4);
  CHECK(Shadow::IsPlain(kHeap, 8));
  CHECK_FALSE(Shadow::IsPlain(kHeap + 8, 4));
  CHECK(Shadow::IsSchedulingLocation(kHeap + 11));
  CHECK_FALSE(Shadow::IsSchedulingLocation(kHeap + 12));

  Shadow::Change(kHeap + 8, 4, ByteState::kUninitialised);
  CHECK(Shadow::State(kHeap + 8) == ByteState::kUninitialised);
  CHECK(Shadow::IsSchedulingLocation(kHeap + 8));

  Shadow::Unmark(kHeap + 8, 4);
  CHECK(Shadow::State(kHeap + 8) == ByteState::kUninitialised);
  CHECK_FALSE(Shadow::IsSchedulingLocation(kHeap + 8));
}

TEST_CASE_FIXTURE(Fixture, "shadow that is new is unallocated, and the horizon never moves back") {
  const uintptr_t horizon = Shadow::horizon();
  Shadow::ExtendTo(horizon + 1);
  CHECK(Shadow::horizon() > horizon);
  CHECK(Shadow::State(horizon) == ByteState::kUnallocated);
  CHECK(Shadow::State(Shadow::horizon() - 1) == ByteState::kUnallocated);
  const uintptr_t further = Shadow::horizon();
  Shadow::ExtendTo(horizon);
  CHECK(Shadow::horizon() == further);
}

TEST_CASE_FIXTURE(Fixture, "the shadow of stacks begins initialised") {
  CHECK(Shadow::State(Region::kStacksBegin) == ByteState::kInitialised);
  CHECK(Shadow::State(Region::kHeapBegin - 1) == ByteState::kInitialised);
}

}  // namespace
}  // namespace heddle
