// SPDX-License-Identifier: MIT
//
// That every access through the handle is seen: races on stacks, in blocks and in globals, values
// lost between a read and a write, and uses of memory that is gone. This file is compiled without
// instrumentation, so the handle is all there is.

#include "heddle/sync/shared.h"

#include <doctest/doctest.h>

#include <memory>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "heddle/core/runtime_scope.h"
#include "heddle/memory/task_memory.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

Shared<int> shared_global{0, "unused"};

// A value in a block of the checked heap.
Shared<int>* NewBlock(const char* name) {
  void* block = nullptr;
  {
    const internal::RuntimeScope scope;
    block = TaskMemory::Instance().Allocate({.size = sizeof(Shared<int>), .name = name}, {});
  }
  return new (block) Shared<int>(0, "unused");
}

void FreeBlock(Shared<int>* value) {
  value->~Shared();
  const internal::RuntimeScope scope;
  TaskMemory::Instance().Free(value, {});
}

TEST_CASE("two unordered accesses race unless both are reads") {
  const auto program = [](bool first_writes, bool second_writes) {
    return [=](Execution& execution) {
      Shared<int> x{0, "x"};
      const auto access = [&](bool writes) {
        if (writes) {
          x.Set(1);
        } else {
          x.Get();
        }
      };
      execution.Spawn("a", [&] { access(first_writes); });
      execution.Spawn("b", [&] { access(second_writes); });
      execution.JoinAll();
    };
  };
  CheckClean(ExploreAll(program(false, false)), 1);
  for (const auto& [first, second] : {std::pair(true, false), {false, true}, {true, true}}) {
    const auto result = ExploreAll(program(first, second));
    const Failure& race = RequireOne(result, FailureKind::kDataRace, {"x"});
    CHECK(race.tasks == Names{"a", "b"});
    CHECK(result.racy_locations == Names{"x#1+0.4"});
  }
}

TEST_CASE("accesses under one lock do not race") {
  const auto body = [](Execution& execution) {
    Shared<int> x{0, "x"};
    Mutex mutex{"mutex"};
    const auto increment = [&] {
      mutex.Lock();
      x.Update([](int value) { return value + 1; });
      mutex.Unlock();
    };
    execution.Spawn("a", increment);
    execution.Spawn("b", increment);
    execution.JoinAll();
    HEDDLE_ENSURE(x.Get() == 2);
  };
  CheckClean(ExploreAll(body), 2);
}

TEST_CASE("between the read and the write of an update another task may write") {
  std::set<int> results;
  const auto body = [&](Execution& execution) {
    Shared<int> x{0, "x"};
    const auto increment = [&] { x.Update([](int value) { return value + 1; }); };
    execution.Spawn("a", increment);
    execution.Spawn("b", increment);
    execution.JoinAll();
    results.insert(x.Get());
  };
  const auto result = Explore({.races = RacePolicy::kLocate}, body);
  // As for an atomic load and store: C(4, 2) orders.
  CheckClean(result, 6);
  CHECK(results == std::set<int>{1, 2});
}

TEST_CASE("a global and a block are watched too, and named as what they are") {
  const auto write_global = ExploreAll([](Execution& execution) {
    execution.Spawn("a", [] { shared_global.Set(1); });
    execution.Spawn("b", [] { shared_global.Set(2); });
    execution.JoinAll();
    shared_global.Set(0);
  });
  RequireOne(write_global, FailureKind::kDataRace,
             {"heddle::(anonymous namespace)::shared_global"});

  const auto write_block = ExploreAll([](Execution& execution) {
    Shared<int>* const x = NewBlock("conn");
    execution.Spawn("a", [&] { x->Set(1); });
    execution.Spawn("b", [&] { x->Set(2); });
    execution.JoinAll();
    FreeBlock(x);
  });
  RequireOne(write_block, FailureKind::kDataRace, {"conn"});
}

TEST_CASE("an access to freed memory, or to the stack of a function that returned, is found") {
  const auto freed = ExploreAll([](Execution& execution) {
    Shared<int>* const x = NewBlock("conn");
    execution.Join(execution.Spawn("owner", [&] { FreeBlock(x); }));
    x->Get();
  });
  RequireOne(freed, FailureKind::kUseAfterFree, {"conn"});

  const auto returned = ExploreAll(
      [](Execution& execution) {
        const Shared<int>* escaped = nullptr;
        execution.Spawn("owner", [&] {
          const Shared<int> local{0, "local"};
          escaped = &local;
          execution.Yield();
        });
        execution.Spawn("user", [&] {
          execution.Yield();
          execution.Yield();
          escaped->Get();
        });
        execution.JoinAll();
      },
      {.preemptions = 0});
  RequireOne(returned, FailureKind::kStackUseAfterReturn, {"local"});
}

TEST_CASE("a structure is one value, and need not be trivially copyable") {
  struct Named {
    std::string name;
    int number = 0;
  };
  CheckClean(ExploreAll([](Execution& execution) {
               Shared<Named> shared{Named{.name = "a name too long for the object itself"}};
               execution.Join(execution.Spawn("a", [&] {
                 shared.Update([](Named value) {
                   value.number = 5;
                   return value;
                 });
               }));
               HEDDLE_ENSURE(shared.Get().number == 5);
               HEDDLE_ENSURE(shared.Get().name == "a name too long for the object itself");
             }),
             1);
}

TEST_CASE("an invariant reads a value freely") {
  const auto body = [](Execution& execution) {
    // The last check comes after the body.
    const auto x = std::make_shared<Shared<int>>(0, "x");
    execution.AddInvariant({.property = "small", .check = [x]() -> std::optional<Violation> {
                              if (x->Get() < 2) return std::nullopt;
                              return Violation{.sentence = "x is large"};
                            }});
    execution.Join(execution.Spawn("a", [x] { x->Set(1); }));
  };
  CheckClean(ExploreAll(body), 1);
}

}  // namespace
}  // namespace heddle
