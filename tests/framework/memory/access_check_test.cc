// SPDX-License-Identifier: MIT

#include "heddle/memory/access_check.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/memory/arena.h"
#include "heddle/memory/frame_table.h"
#include "heddle/memory/shadow.h"

namespace heddle {
namespace {

constexpr TaskId kOwner{0};
constexpr TaskId kOther{1};
constexpr uintptr_t kStack = Region::kStacksBegin + Region::kGuardSize + 1024;

struct Fixture {
  Fixture() { arena.Reset(); }
  ~Fixture() { frames.Reset(); }

  uintptr_t Allocate(size_t size, bool zeroed = false) {
    void* const block =
        arena.Allocate({.size = size,
                        .name = "conn",
                        .content = zeroed ? BlockContent::kZeroed : BlockContent::kUninitialised},
                       {});
    return reinterpret_cast<uintptr_t>(block);
  }
  std::optional<AccessFault> Read(uintptr_t address, size_t size, TaskId task = kOwner) {
    return check.Check({.address = address, .size = size}, task);
  }
  std::optional<AccessFault> Write(uintptr_t address, size_t size, TaskId task = kOwner) {
    return check.Check({.address = address, .size = size, .is_write = true}, task);
  }

  Arena& arena = Arena::Instance();
  FrameTable frames{&arena.sites()};
  AccessCheck check{arena, frames};
};

TEST_CASE_FIXTURE(Fixture, "a freed byte anywhere in an access is a use after free of its block") {
  const uintptr_t block = Allocate(24, true);
  CHECK_FALSE(Read(block, 24));
  arena.Free(block, {.task = kOther, .step = 5});
  const auto fault = Read(block + 20, 4);
  REQUIRE(fault);
  CHECK(fault->kind == FailureKind::kUseAfterFree);
  CHECK(std::string(fault->block.name) == "conn");
  CHECK(fault->offset() == 20);
  CHECK(fault->block.freed.step == 5);
}

TEST_CASE_FIXTURE(Fixture,
                  "an access that begins inside a block and ends outside is out of bounds") {
  const uintptr_t block = Allocate(13, true);
  CHECK_FALSE(Write(block + 9, 4));
  const auto fault = Write(block + 10, 4);
  REQUIRE(fault);
  CHECK(fault->kind == FailureKind::kOutOfBounds);
  CHECK(fault->offset() == 10);
  CHECK(fault->bad_address == block + 13);
  CHECK(fault->block.size == 13);
}

TEST_CASE_FIXTURE(Fixture, "an access before a block is out of bounds at a negative offset") {
  const uintptr_t block = Allocate(16, true);
  const auto fault = Read(block - 4, 4);
  REQUIRE(fault);
  CHECK(fault->kind == FailureKind::kOutOfBounds);
  CHECK(fault->offset() == -4);
}

TEST_CASE_FIXTURE(Fixture,
                  "a read is of uninitialised memory only if none of its bytes was written") {
  const uintptr_t block = Allocate(16);
  const auto fault = Read(block, 4);
  REQUIRE(fault);
  CHECK(fault->kind == FailureKind::kUninitialisedRead);
  CHECK_FALSE(Write(block, 1));
  CHECK_FALSE(Read(block, 4));
  CHECK(Read(block + 4, 4));
}

TEST_CASE_FIXTURE(Fixture, "copying a large structure may carry uninitialised bytes along") {
  const uintptr_t block = Allocate(64);
  CHECK(Read(block, 16)->kind == FailureKind::kUninitialisedRead);
  CHECK_FALSE(Read(block, 17));
}

TEST_CASE_FIXTURE(Fixture, "a null pointer and a pointer to memory that never was are an oops") {
  for (const uintptr_t address : {uintptr_t{0}, uintptr_t{8}, AccessCheck::kNullPageSize - 1,
                                  Region::kHeapBegin + (size_t{1} << 20), Region::kEnd - 8}) {
    const auto fault = Read(address, 8);
    REQUIRE(fault);
    CHECK(fault->kind == FailureKind::kOops);
    CHECK_FALSE(fault->has_block);
  }
}

TEST_CASE_FIXTURE(Fixture, "memory outside the region is not judged") {
  int local = 0;
  CHECK_FALSE(Read(reinterpret_cast<uintptr_t>(&local), sizeof(local)));
  CHECK_FALSE(Write(AccessCheck::kNullPageSize, 8));
}

TEST_CASE_FIXTURE(Fixture,
                  "a dead frame object is a finding for other tasks, and free for its own") {
  frames.Register(kStack, 16, "done", {.task = kOwner});
  CHECK_FALSE(Write(kStack, 8, kOther));
  frames.Retire(kStack, {.task = kOwner, .step = 8});

  const auto fault = Write(kStack + 8, 8, kOther);
  REQUIRE(fault);
  CHECK(fault->kind == FailureKind::kStackUseAfterReturn);
  CHECK(std::string(fault->block.name) == "done");
  CHECK(fault->block.freed.step == 8);

  CHECK_FALSE(Write(kStack, 8, kOwner));
  CHECK(Read(kStack, 8, kOther));
  CHECK(Read(kStack + 8, 8, kOther));
}

TEST_CASE_FIXTURE(Fixture, "locals that nobody registered are open to every task") {
  CHECK_FALSE(Write(kStack + 256, 8, kOther));
  CHECK_FALSE(Read(kStack + 256, 8, kOwner));
}

TEST_CASE_FIXTURE(Fixture, "faults of free name the block they hit") {
  const uintptr_t block = Allocate(32);
  const AccessFault inside = check.FreeFault(block + 8, Arena::FreeError::kNotABlock);
  CHECK(inside.kind == FailureKind::kInvalidFree);
  CHECK(inside.offset() == 8);
  const AccessFault twice = check.FreeFault(block, Arena::FreeError::kDouble);
  CHECK(twice.kind == FailureKind::kDoubleFree);
  CHECK(twice.block.begin == block);
}

TEST_CASE_FIXTURE(Fixture, "an access touches a scheduling location if it shares a byte with it") {
  const uintptr_t block = Allocate(32, true);
  Shadow::Mark(block + 8, 4);
  const auto touches = [&](uintptr_t offset, size_t size) {
    return AccessCheck::TouchesSchedulingLocation({.address = block + offset, .size = size});
  };
  CHECK(touches(11, 8));
  CHECK(touches(0, 9));
  CHECK_FALSE(touches(0, 8));
  CHECK_FALSE(touches(12, 8));
}

}  // namespace
}  // namespace heddle
