// SPDX-License-Identifier: MIT

#include "heddle/memory/region.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

namespace heddle {
namespace {

// Runs `child` in a process of its own; returns what it wrote to standard error and its status.
struct ChildEnd {
  std::string output;
  int status = 0;
};

ChildEnd RunInChild(void (*child)()) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDERR_FILENO);
    child();
    _exit(0);
  }
  close(ends[1]);
  ChildEnd end;
  char buffer[512];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) {
    end.output.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  waitpid(pid, &end.status, 0);
  return end;
}

TEST_CASE("a region whose addresses are taken ends the process with a sentence and status 3") {
  const ChildEnd end = RunInChild([] {
    void* const taken = reinterpret_cast<void*>(Region::kHeapBegin);
    mmap(taken, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    Region::Map();
  });
  CHECK(WIFEXITED(end.status));
  CHECK(WEXITSTATUS(end.status) == 3);
  CHECK(end.output.find("cannot be mapped: File exists") != std::string::npos);
}

TEST_CASE("the heap, its shadow and its cells are writable to their last byte") {
  Region::Map();
  for (const uintptr_t end :
       {Region::kEnd, Region::kShadowBegin + Region::kSize, Region::kMapEnd}) {
    auto* const last = reinterpret_cast<char*>(end - 1);
    *last = 7;
    CHECK(*last == 7);
    *last = 0;
  }
}

TEST_CASE("an opened stack is writable to both ends and has its guard below") {
  for (const size_t slot : {size_t{0}, size_t{1}, Region::kSlotCount - 1}) {
    auto* const bottom = static_cast<char*>(Region::OpenStack(slot));
    std::memset(bottom, 1, Region::kStackSize);
    const auto address = reinterpret_cast<uintptr_t>(bottom);
    CHECK(Region::SlotOf(address) == slot);
    CHECK(Region::SlotOf(address + Region::kStackSize - 1) == slot);
    CHECK_FALSE(Region::IsGuard(address));
    CHECK(Region::IsGuard(address - 1));
  }
}

TEST_CASE("touching a guard page or a stack that was not opened is a segmentation fault") {
  for (void (*const touch)() : {+[] { static_cast<volatile char*>(Region::OpenStack(3))[-1] = 1; },
                                +[] {
                                  Region::Map();
                                  constexpr uintptr_t kStack =
                                      Region::kStacksBegin + 200 * Region::kSlotSize + 8192;
                                  *reinterpret_cast<volatile char*>(kStack) = 1;
                                }}) {
    const ChildEnd end = RunInChild(touch);
    const bool by_signal = WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGSEGV;
    const bool by_sanitizer = end.output.find("SEGV") != std::string::npos;
    CHECK((by_signal || by_sanitizer));
  }
}

TEST_CASE("stacks, heap and everything else are told apart at their borders") {
  CHECK_FALSE(Region::Contains(Region::kBegin - 1));
  CHECK(Region::IsStack(Region::kBegin));
  CHECK(Region::IsStack(Region::kHeapBegin - 1));
  CHECK_FALSE(Region::IsStack(Region::kHeapBegin));
  CHECK(Region::IsHeap(Region::kHeapBegin));
  CHECK(Region::IsHeap(Region::kEnd - 1));
  CHECK_FALSE(Region::IsHeap(Region::kEnd));
  CHECK_FALSE(Region::Contains(Region::kEnd));
}

}  // namespace
}  // namespace heddle
