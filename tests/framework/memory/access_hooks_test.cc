// SPDX-License-Identifier: MIT
//
// Programs compiled with instrumentation: plain structs and raw pointers, every access checked.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/memory/task_memory.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

struct Conn {
  int state;
  short handle;
  Conn* next;
  unsigned is_open : 1;
  unsigned mode : 3;
};

// Allocation and free as a port's slab has them: functions of their own, not instrumented.
[[gnu::noinline]] HEDDLE_UNINSTRUMENTED Conn* NewConn(
    BlockContent content = BlockContent::kZeroed, SourceLocation where = SourceLocation::Here()) {
  const internal::RuntimeScope scope;
  return static_cast<Conn*>(TaskMemory::Instance().Allocate(
      {.size = sizeof(Conn), .name = "conn", .content = content}, {.where = where}));
}

[[gnu::noinline]] HEDDLE_UNINSTRUMENTED void FreeConn(
    Conn* conn, SourceLocation where = SourceLocation::Here()) {
  const internal::RuntimeScope scope;
  TaskMemory::Instance().Free(conn, {.where = where});
}

// Explores `body` without bounds and returns the first failure.
Failure FailureOfBody(const Body& body, ExploreOptions options = {}) {
  const ExplorationResult result = Explore(options, body);
  REQUIRE(result.failure() != nullptr);
  return *result.failure();
}

void CheckPasses(const Body& body, ExploreOptions options = {}) {
  const ExplorationResult result = Explore(options, body);
  if (result.failure() != nullptr) MESSAGE(result.failure()->title);
  CHECK(result.exhausted);
  CHECK(result.failure() == nullptr);
}

// ---- Single accesses

constexpr int kUseLine = __LINE__ + 2;  // Of the write.
void UseConn(Conn* conn) {
  conn->state = 2;
}

void DropConn(Conn* conn) {
  FreeConn(conn);
}

TEST_CASE(
    "a write through a stale pointer is a use after free that names access, free and allocation") {
  const Failure failure = FailureOfBody([](Execution&) {
    Conn* conn = NewConn();
    UseConn(conn);
    DropConn(conn);
    UseConn(conn);
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(failure.objects == std::vector<std::string>{"conn"});
  CHECK(failure.functions == std::vector<std::string>{"DropConn", "UseConn"});
  CHECK(failure.title == "write of size 4 at offset 0 of conn (24 bytes)");
  REQUIRE(failure.memory);
  const std::vector<MemoryEvent>& events = failure.memory->events;
  REQUIRE(events.size() == 3);
  CHECK(events[0].what == "write of size 4");
  CHECK(events[0].frames[0].function == "UseConn");
  CHECK(events[0].frames[0].file == "tests/framework/memory/access_hooks_test.cc");
  CHECK(events[0].frames[0].line == kUseLine);
  REQUIRE(events[0].frames.size() == 2);
  CHECK(events[0].frames[1].function == "operator()");
  CHECK(events[1].what == "freed");
  CHECK(events[1].frames[0].function == "DropConn");
  CHECK(events[2].what == "allocated");
  CHECK(events[2].task_name == "main");
}

TEST_CASE("reads of every size, aligned or not, are checked to the byte") {
  const Failure one = FailureOfBody([](Execution&) {
    Conn* conn = NewConn();
    volatile char c = reinterpret_cast<char*>(conn)[sizeof(Conn)];
    static_cast<void>(c);
  });
  CHECK(one.kind == FailureKind::kOutOfBounds);
  CHECK(one.title == "read of size 1 0 bytes past the end of conn (24 bytes)");

  struct [[gnu::packed]] Odd {
    char tag;
    uint64_t value;
  };
  const Failure odd = FailureOfBody([](Execution&) {
    char* conn = reinterpret_cast<char*>(NewConn());
    auto* last = reinterpret_cast<Odd*>(conn + sizeof(Conn) - 8);
    last->value = 1;
  });
  CHECK(odd.kind == FailureKind::kOutOfBounds);
  CHECK(odd.title == "write of size 8 at offset 17 of conn (24 bytes)");
}

TEST_CASE("a null pointer is an oops that names the offset") {
  const Failure failure = FailureOfBody([](Execution&) {
    Conn* volatile conn = nullptr;
    conn->handle = 1;
  });
  CHECK(failure.kind == FailureKind::kOops);
  CHECK(failure.title == "write of size 2 through a null pointer, at offset 4");
}

TEST_CASE("a field that was never written is an uninitialised read, where the memory is tracked") {
  const Failure failure = FailureOfBody([](Execution&) {
    Conn* conn = NewConn(BlockContent::kUninitialised);
    conn->state = 1;
    volatile short handle = conn->handle;
    static_cast<void>(handle);
    FreeConn(conn);
  });
  CHECK(failure.kind == FailureKind::kUninitialisedRead);
  CHECK(failure.title == "read of size 2 at offset 4 of conn (24 bytes)");
}

TEST_CASE("a read of uninitialised memory that nothing follows is found, too") {
  const Failure failure = FailureOfBody([](Execution&) {
    const Conn* conn = NewConn(BlockContent::kUninitialised);
    volatile int state = conn->state;
    static_cast<void>(state);
  });
  CHECK(failure.kind == FailureKind::kUninitialisedRead);
}

TEST_CASE("writing the bit-fields of uninitialised memory one by one is no read of it") {
  CheckPasses([](Execution&) {
    Conn* conn = NewConn(BlockContent::kUninitialised);
    conn->is_open = 1;
    conn->mode = 5;
    HEDDLE_CHECK(conn->is_open == 1 && conn->mode == 5);
    FreeConn(conn);
  });
}

// ---- Races

TEST_CASE("two plain increments race, and the lost update is found once the location is known") {
  ExploreOptions locate{.races = RacePolicy::kLocate};
  const auto body = [](Execution& execution) {
    Conn* conn = NewConn();
    for (const char* name : {"left", "right"}) execution.Spawn(name, [conn] { ++conn->state; });
    execution.JoinAll();
    const int state = conn->state;
    FreeConn(conn);
    if (state != 2) {
      execution.Fail({.kind = FailureKind::kAssertion, .title = "an update was lost"});
    }
  };
  const ExplorationResult located = Explore(locate, Body(body));
  REQUIRE(located.failure() != nullptr);
  CHECK(located.failure()->kind == FailureKind::kAssertion);
  CHECK(located.racy_locations == std::vector<std::string>{"conn#1+0.4"});

  const Failure race = FailureOfBody(body);
  CHECK(race.kind == FailureKind::kDataRace);
  CHECK(race.objects == std::vector<std::string>{"conn"});
  CHECK(race.tasks == std::vector<std::string>{"left", "right"});
}

TEST_CASE("a lock orders what it protects") {
  CheckPasses([](Execution& execution) {
    Mutex mutex{"mutex"};
    int counter = 0;
    for (const char* name : {"left", "right"}) {
      execution.Spawn(name, [&] {
        mutex.Lock();
        ++counter;
        mutex.Unlock();
      });
    }
    execution.JoinAll();
    HEDDLE_CHECK(counter == 2);
  });
}

int global_counter = 0;

TEST_CASE("a racy global is located by its symbol, and scheduled at") {
  const ExplorationResult result =
      Explore({.races = RacePolicy::kLocate}, [](Execution& execution) {
        global_counter = 0;
        for (const char* name : {"left", "right"}) execution.Spawn(name, [] { ++global_counter; });
        execution.JoinAll();
        if (global_counter != 2) execution.Fail({.kind = FailureKind::kAssertion});
      });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAssertion);
  REQUIRE(result.racy_locations.size() == 1);
  CHECK(result.racy_locations[0].find("global_counter#1+0.4") != std::string::npos);
}

TEST_CASE("a racy local of another task is located by its stack, and scheduled at") {
  const ExplorationResult result =
      Explore({.races = RacePolicy::kLocate}, [](Execution& execution) {
        int counter = 0;
        for (const char* name : {"left", "right"}) execution.Spawn(name, [&] { ++counter; });
        execution.JoinAll();
        if (counter != 2) execution.Fail({.kind = FailureKind::kAssertion});
      });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAssertion);
  REQUIRE(result.racy_locations.size() == 1);
  CHECK(result.racy_locations[0].find("stack of main#0+") == 0);
}

TEST_CASE("a use that races with a free is predicted, and witnessed as a use after free") {
  const auto body = [](Execution& execution) {
    Conn* conn = NewConn();
    execution.Spawn("user", [conn] { UseConn(conn); });
    execution.Spawn("owner", [conn] { DropConn(conn); });
    execution.JoinAll();
  };
  const ExplorationResult result =
      Explore({.keep_going = true, .races = RacePolicy::kReport}, Body(body));
  std::vector<std::string> found;
  for (const Finding& finding : result.findings) {
    found.emplace_back(FailureKindName(finding.failure.kind));
  }
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"data-race", "use-after-free"});
}

// ---- Marked accesses

TEST_CASE("atomics are scheduling points, and are not racy among themselves") {
  const ExplorationResult result = Explore({}, [](Execution& execution) {
    std::atomic<int> x = 0;
    for (const char* name : {"left", "right"}) {
      execution.Spawn(name, [&] {
        const int old = x.load(std::memory_order_relaxed);
        x.store(old + 1, std::memory_order_relaxed);
      });
    }
    execution.JoinAll();
  });
  CHECK(result.exhausted);
  CHECK(result.failure() == nullptr);
  CHECK(result.executions == 6);  // Two loads and two stores, each task's in order.
}

TEST_CASE("a marked access races with a plain one") {
  const Failure failure = FailureOfBody([](Execution& execution) {
    int flag = 0;
    execution.Spawn("writer", [&] { __atomic_store_n(&flag, 1, __ATOMIC_RELAXED); });
    execution.Spawn("reader", [&] {
      volatile int seen = flag;
      static_cast<void>(seen);
    });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kDataRace);
  CHECK(failure.objects == std::vector<std::string>{"a local of main"});
}

// ---- Bounds

TEST_CASE("a loop that only reads memory is stopped by the access limit of its step") {
  ExploreOptions options;
  options.limits.accesses_max = 10'000;
  const Failure failure = FailureOfBody(
      [](Execution&) {
        const Conn* conn = NewConn();
        while (conn->state == 0) {
        }
      },
      options);
  CHECK(failure.kind == FailureKind::kStepLimit);
  CHECK(failure.title.find("more than 10000 memory accesses without a scheduling point; main in "
                           "operator(), tests/framework/memory/access_hooks_test.cc:") == 0);
}

TEST_CASE("the access limit is for one step, not for all") {
  ExploreOptions options;
  options.limits.accesses_max = 1000;
  CheckPasses(
      [](Execution&) {
        Mutex mutex;
        Conn* conn = NewConn();
        for (int step = 0; step < 20; ++step) {
          for (int i = 0; i < 100; ++i) conn->state += i;
          mutex.Lock();
          mutex.Unlock();
        }
        FreeConn(conn);
      },
      options);
}

TEST_CASE("hooks let accesses outside of tasks pass unseen") {
  std::vector<int> numbers(100, 1);
  numbers[50] = 2;
  CHECK(internal::task_code.accesses_left == 0);
}

}  // namespace
}  // namespace heddle
