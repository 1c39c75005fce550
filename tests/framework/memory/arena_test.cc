// SPDX-License-Identifier: MIT

#include "heddle/memory/arena.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "heddle/base/random.h"
#include "heddle/memory/shadow.h"

namespace heddle {
namespace {

struct Fixture {
  Fixture() {
    arena.set_limits({});
    arena.Reset();
  }

  uintptr_t Allocate(size_t size, const char* name = "thing") {
    return reinterpret_cast<uintptr_t>(arena.Allocate({.size = size, .name = name}, {}));
  }

  Arena& arena = Arena::Instance();
};

TEST_CASE_FIXTURE(Fixture,
                  "equal sequences of allocations give equal addresses in every execution") {
  std::vector<uintptr_t> first;
  for (const size_t size : {1, 24, 0, 4096, 100}) first.push_back(Allocate(size));
  arena.Reset();
  std::vector<uintptr_t> second;
  for (const size_t size : {1, 24, 0, 4096, 100}) second.push_back(Allocate(size));
  CHECK(first == second);
}

TEST_CASE_FIXTURE(Fixture, "blocks are aligned to 16 bytes, or to more on request") {
  for (const size_t size : {1, 15, 16, 17, 1000}) CHECK(Allocate(size) % 16 == 0);
  for (const size_t alignment : {1, 8, 64, 4096, 65536}) {
    void* const block = arena.Allocate({.size = 10, .alignment = alignment, .name = "aligned"}, {});
    CHECK(reinterpret_cast<uintptr_t>(block) % std::max<size_t>(alignment, 16) == 0);
  }
}

TEST_CASE_FIXTURE(Fixture, "the bytes around a block are redzone to the byte") {
  const uintptr_t block = Allocate(13);
  CHECK(Shadow::State(block - Arena::kRedzoneMin) == ByteState::kRedzone);
  CHECK(Shadow::State(block - 1) == ByteState::kRedzone);
  CHECK(Shadow::State(block) == ByteState::kUninitialised);
  CHECK(Shadow::State(block + 12) == ByteState::kUninitialised);
  CHECK(Shadow::State(block + 13) == ByteState::kRedzone);
  CHECK(Shadow::State(block + 16 + Arena::kRedzoneMin - 1) == ByteState::kRedzone);
  CHECK(Shadow::State(block + 16 + Arena::kRedzoneMin) == ByteState::kUnallocated);
}

TEST_CASE_FIXTURE(Fixture,
                  "zeroed memory is zero and initialised, other memory is a pattern and is not") {
  auto* const plain = static_cast<uint8_t*>(arena.Allocate({.size = 40, .name = "plain"}, {}));
  auto* const zeroed = static_cast<uint8_t*>(
      arena.Allocate({.size = 40, .name = "zeroed", .content = BlockContent::kZeroed}, {}));
  for (int i = 0; i < 40; ++i) {
    CHECK(plain[i] == Arena::kNewPattern);
    CHECK(zeroed[i] == 0);
    CHECK(Shadow::State(reinterpret_cast<uintptr_t>(plain + i)) == ByteState::kUninitialised);
    CHECK(Shadow::State(reinterpret_cast<uintptr_t>(zeroed + i)) == ByteState::kInitialised);
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "a freed block keeps its record and is not used again in its execution") {
  const auto first = reinterpret_cast<uintptr_t>(arena.Allocate(
      {.size = 32, .name = "conn"}, {.task = TaskId{1}, .step = 4, .place = {.pc = 77}}));
  CHECK(arena.Free(first, {.task = TaskId{2}, .step = 9}) == Arena::FreeError::kNone);
  CHECK(Shadow::State(first) == ByteState::kFreed);
  CHECK(*reinterpret_cast<uint8_t*>(first) == Arena::kFreedPattern);
  CHECK(Allocate(32) != first);

  const Block* block = arena.Find(first + 31);
  REQUIRE(block != nullptr);
  CHECK(block->begin == first);
  CHECK_FALSE(block->is_live);
  CHECK(block->allocated.task == TaskId{1});
  CHECK(block->allocated.place.pc == 77);
  CHECK(block->freed.step == 9);
}

TEST_CASE_FIXTURE(Fixture, "freeing twice, inside a block or beside every block is told apart") {
  const uintptr_t block = Allocate(32);
  CHECK(arena.Free(block + 8, {}) == Arena::FreeError::kNotABlock);
  CHECK(arena.Free(block - 16, {}) == Arena::FreeError::kNotABlock);
  CHECK(arena.Free(Region::kStacksBegin, {}) == Arena::FreeError::kNotABlock);
  CHECK(arena.Free(block, {}) == Arena::FreeError::kNone);
  CHECK(arena.Free(block, {}) == Arena::FreeError::kDouble);
}

TEST_CASE_FIXTURE(Fixture, "each byte of a redzone belongs to the nearer block") {
  const uintptr_t left = Allocate(8, "left");
  const uintptr_t right = Allocate(8, "right");
  const uintptr_t gap = right - (left + 8);
  for (uintptr_t i = 0; i < gap; ++i) {
    const bool is_left = i < gap - i;
    CHECK(std::string(arena.Find(left + 8 + i)->name) == (is_left ? "left" : "right"));
  }
  CHECK(std::string(arena.Find(left - 1)->name) == "left");
  CHECK(arena.Find(arena.top()) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "any byte of a thousand blocks leads to its own block") {
  Random random(11);
  std::vector<Block> blocks;
  for (int i = 0; i < 1000; ++i) {
    const size_t size = random.Below(300);
    blocks.push_back({.begin = Allocate(size), .size = size});
  }
  for (const Block& block : blocks) {
    CHECK(arena.FindExact(block.begin) == arena.Find(block.begin));
    for (uintptr_t at = block.begin; at < block.end(); at += 1 + random.Below(40)) {
      REQUIRE(arena.Find(at)->begin == block.begin);
    }
  }
}

TEST_CASE_FIXTURE(Fixture, "the heap limit gives null and leaves the heap usable") {
  arena.set_limits({.heap_bytes_max = 4096});
  arena.Reset();
  CHECK(Allocate(4096) == 0);
  CHECK(Allocate(~size_t{0} - 64) == 0);
  CHECK(Allocate(1000) != 0);
  int more = 0;
  while (Allocate(1000) != 0) ++more;
  CHECK(more == 2);
  CHECK(arena.top() <= Region::kHeapBegin + 4096);
}

TEST_CASE_FIXTURE(Fixture, "a block of the whole heap has shadow to its end") {
  arena.set_limits({.heap_bytes_max = size_t{16} << 20});
  arena.Reset();
  const uintptr_t block = Allocate(size_t{15} << 20);
  REQUIRE(block != 0);
  CHECK(Shadow::horizon() > block + (size_t{15} << 20));
  CHECK(Shadow::State(block + (size_t{15} << 20) - 1) == ByteState::kUninitialised);
  CHECK(Shadow::State(block + (size_t{15} << 20)) == ByteState::kRedzone);
}

TEST_CASE_FIXTURE(Fixture, "a new execution begins with an empty, unallocated heap") {
  const uintptr_t block = Allocate(64, "conn");
  arena.Free(block, {});
  arena.Reset();
  CHECK(arena.blocks().empty());
  CHECK(arena.Find(block) == nullptr);
  CHECK(Shadow::State(block) == ByteState::kUnallocated);
  Allocate(64, "conn");
  CHECK(arena.blocks().front().occurrence == 1);
}

}  // namespace
}  // namespace heddle
