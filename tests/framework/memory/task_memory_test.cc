// SPDX-License-Identifier: MIT
//
// Blocks, objects on stacks and leaks of tasks; accesses are in access_hooks_test.cc.

#include "heddle/memory/task_memory.h"

#include <doctest/doctest.h>

#include <array>
#include <new>
#include <string>
#include <vector>

#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

using internal::RuntimeScope;

void* Allocate(size_t size, const char* name, SourceLocation where = SourceLocation::Here()) {
  const RuntimeScope scope;
  return TaskMemory::Instance().Allocate(
      {.size = size, .name = name, .content = BlockContent::kZeroed}, {.where = where});
}

void Free(void* block, SourceLocation where = SourceLocation::Here()) {
  const RuntimeScope scope;
  TaskMemory::Instance().Free(block, {.where = where});
}

void Write(void* address, SourceLocation where = SourceLocation::Here()) {
  const RuntimeScope scope;
  TaskMemory::Instance().OnAccess(
      {.address = reinterpret_cast<uintptr_t>(address), .size = 4, .is_write = true},
      {.where = where});
}

Failure FailureOfBody(const Body& body, const ExploreOptions& options = {}) {
  const ExplorationResult result = Explore(options, body);
  REQUIRE(result.failure() != nullptr);
  return *result.failure();
}

// ---- Blocks

TEST_CASE("a second free names both frees, one inside a block its offset") {
  const Failure twice = FailureOfBody([](Execution&) {
    void* const conn = Allocate(32, "conn");
    Free(conn);
    Free(conn);
  });
  CHECK(twice.kind == FailureKind::kDoubleFree);
  CHECK(twice.objects == std::vector<std::string>{"conn"});
  REQUIRE(twice.memory->events.size() == 3);
  CHECK(twice.memory->events[1].what == "freed");

  const Failure inside =
      FailureOfBody([](Execution&) { Free(static_cast<char*>(Allocate(32, "conn")) + 8); });
  CHECK(inside.kind == FailureKind::kInvalidFree);
  CHECK(inside.title == "free at offset 8 of conn (32 bytes)");
}

TEST_CASE("freeing what was never allocated is an invalid free, freeing null is nothing") {
  int local = 0;
  const Failure failure = FailureOfBody([&](Execution&) {
    Free(nullptr);
    Free(&local);
  });
  CHECK(failure.kind == FailureKind::kInvalidFree);
  CHECK(failure.objects.empty());
}

TEST_CASE("only the second live block of a name gets a number") {
  const Failure second = FailureOfBody([](Execution&) {
    Allocate(8, "conn");
    void* const conn = Allocate(8, "conn");
    Free(conn);
    Free(conn);
  });
  CHECK(second.objects == std::vector<std::string>{"conn#2"});
  const Failure successor = FailureOfBody([](Execution&) {
    Free(Allocate(8, "conn"));
    void* const conn = Allocate(8, "conn");
    Free(conn);
    Free(conn);
  });
  CHECK(successor.objects == std::vector<std::string>{"conn"});
}

TEST_CASE("a heap that is used up is a finding that names the task, and the search goes on") {
  const ExplorationResult result = Explore({.keep_going = true}, [](Execution& execution) {
    if (execution.Choose(2) == 0) return;
    while (true) Free(Allocate(size_t{1} << 20, "buffer"));
  });
  CHECK(result.exhausted);
  REQUIRE(result.findings.size() == 1);
  const Failure& failure = result.findings[0].failure;
  CHECK(failure.kind == FailureKind::kMisuse);
  CHECK(failure.title.find("the 67108864 bytes of heap of an execution are used up; main in ") ==
        0);
}

TEST_CASE("a lock in freed memory is a use after free, also for its unlock") {
  const auto body = [](Execution& execution) {
    auto* const mutex = new (Allocate(sizeof(Mutex), "conn")) Mutex("conn->lock");
    if (execution.Choose(2) == 0) {
      Free(mutex);
      mutex->Lock();
    } else {
      mutex->Lock();
      Free(mutex);
      mutex->Unlock();
    }
  };
  const ExplorationResult result = Explore({.keep_going = true}, Body(body));
  CHECK(result.executions == 2);
  REQUIRE_FALSE(result.findings.empty());
  for (const Finding& finding : result.findings) {
    CHECK(finding.failure.kind == FailureKind::kUseAfterFree);
    CHECK(finding.failure.objects == std::vector<std::string>{"conn"});
  }
}

// ---- Objects on stacks

struct OnStack {
  explicit OnStack(const char* name) {
    const RuntimeScope scope;
    TaskMemory::Instance().RegisterFrame(this, sizeof(*this), name,
                                         {.where = SourceLocation::Here()});
  }
  ~OnStack() {
    const RuntimeScope scope;
    TaskMemory::Instance().RetireFrame(this, {.where = SourceLocation::Here()});
  }
  int value = 0;
};

TEST_CASE(
    "a registered object that another task uses after its return is a finding of its own kind") {
  const Failure failure = FailureOfBody([](Execution& execution) {
    OnStack* published = nullptr;
    Mutex mutex;
    execution.Spawn("waiter", [&] {
      OnStack done("done");
      published = &done;
      mutex.Lock();
      mutex.Unlock();
    });
    execution.Spawn("signaller", [&] {
      mutex.Lock();
      mutex.Unlock();
      Write(published);
    });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kStackUseAfterReturn);
  CHECK(failure.objects == std::vector<std::string>{"done"});
  CHECK(failure.memory->events[1].what == "returned");
}

// ---- Leaks

TEST_CASE("a block to which nothing leads at the end is a leak, unless leaks are ignored") {
  const auto body = [](Execution&) { Allocate(24, "conn"); };
  const Failure failure = FailureOfBody(body);
  CHECK(failure.kind == FailureKind::kLeak);
  CHECK(failure.objects == std::vector<std::string>{"conn"});
  CHECK(failure.title == "conn (24 bytes) live at the end, and nothing leads there");
  CHECK(failure.functions == std::vector<std::string>{"operator()"});
  const ExplorationResult ignored = Explore({.leaks = LeakPolicy::kIgnore}, Body(body));
  CHECK(ignored.failure() == nullptr);
}

void* volatile global_root = nullptr;

TEST_CASE("globals, roots, and what idle daemons hold lead to blocks that are no leaks") {
  const ExplorationResult result = Explore({}, [](Execution&) {
    static char unaligned_root[64];
    global_root = Allocate(8, "of a global");
    void** const root = static_cast<void**>(Allocate(8, "root"));
    *root = Allocate(8, "of a root");
    *reinterpret_cast<void***>(unaligned_root) = root;
    const RuntimeScope scope;
    TaskMemory::Instance().AddRoot(unaligned_root, sizeof(unaligned_root));
  });
  CHECK(result.failure() == nullptr);
}

TEST_CASE("what a test holds on to in its own frame survives the execution that made it") {
  std::array<int*, 8> held{};
  const ExplorationResult result = Explore({}, [&held](Execution& execution) {
    const uint32_t choice = execution.Choose(8);
    for (const int* number : held) {
      if (number != nullptr && *number != 7) execution.Fail({.kind = FailureKind::kAssertion});
    }
    auto* const number = static_cast<int*>(Allocate(sizeof(int), "number"));
    *number = 7;
    held[choice] = number;
    Free(Allocate(100, "scratch"));
  });
  CHECK(result.failure() == nullptr);
  CHECK(result.executions == 8);
  for (const int* number : held) {
    REQUIRE(number != nullptr);
    CHECK(*number == 7);
  }
}

}  // namespace
}  // namespace heddle
