// SPDX-License-Identifier: MIT

#include "heddle/memory/frame_table.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/memory/region.h"
#include "heddle/memory/shadow.h"

namespace heddle {
namespace {

constexpr uintptr_t kStack = Region::kStacksBegin + Region::kGuardSize + 1024;

struct Fixture {
  Fixture() { Region::Map(); }
  ~Fixture() { frames.Reset(); }

  SiteTable sites;
  FrameTable frames{&sites};
};

TEST_CASE_FIXTURE(Fixture,
                  "a registered object is live until it is retired, then all its bytes are dead") {
  frames.Register(kStack, 24, "done", {.task = TaskId{0}, .step = 3});
  CHECK(Shadow::State(kStack) == ByteState::kInitialised);
  const Block* retired = frames.Retire(kStack, {.task = TaskId{0}, .step = 9});
  REQUIRE(retired != nullptr);
  CHECK(retired->allocated.step == 3);
  CHECK(retired->freed.step == 9);
  CHECK_FALSE(retired->is_live);
  CHECK(Shadow::State(kStack) == ByteState::kDeadFrame);
  CHECK(Shadow::State(kStack + 23) == ByteState::kDeadFrame);
  CHECK(Shadow::State(kStack + 24) == ByteState::kInitialised);
}

TEST_CASE_FIXTURE(Fixture,
                  "an object is found by any of its bytes, the youngest over an address first") {
  frames.Register(kStack, 24, "old", {});
  frames.Retire(kStack, {});
  frames.Register(kStack + 8, 8, "young", {});
  CHECK(std::string(frames.Find(kStack)->name) == "old");
  CHECK(std::string(frames.Find(kStack + 8)->name) == "young");
  CHECK(std::string(frames.Find(kStack + 16)->name) == "old");
  CHECK(frames.Find(kStack + 24) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "what does not live at an address cannot be retired there") {
  CHECK(frames.Retire(kStack, {}) == nullptr);
  frames.Register(kStack, 8, "done", {});
  CHECK(frames.Retire(kStack + 4, {}) == nullptr);
  CHECK(frames.Retire(kStack, {}) != nullptr);
  CHECK(frames.Retire(kStack, {}) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "registering over a dead object brings its bytes back to life") {
  frames.Register(kStack, 16, "done", {});
  frames.Retire(kStack, {});
  frames.Register(kStack, 16, "done", {});
  CHECK(Shadow::State(kStack + 15) == ByteState::kInitialised);
  CHECK(frames.Find(kStack)->occurrence == 2);
}

TEST_CASE_FIXTURE(Fixture, "scheduling locations of a dead object end where a new one begins") {
  frames.Register(kStack, 16, "done", {});
  Shadow::Mark(kStack + 8, 4);
  frames.Retire(kStack, {});
  frames.Register(kStack, 16, "buffer", {});
  CHECK_FALSE(Shadow::IsSchedulingLocation(kStack + 8));
}

TEST_CASE_FIXTURE(Fixture, "a new execution finds no frames and no dead bytes") {
  frames.Register(kStack, 16, "done", {});
  frames.Retire(kStack, {});
  frames.Reset();
  CHECK(Shadow::State(kStack) == ByteState::kInitialised);
  CHECK(frames.Find(kStack) == nullptr);
}

}  // namespace
}  // namespace heddle
