// SPDX-License-Identifier: MIT
//
// Once a search is warm, an execution that passes allocates nothing: neither in its steps nor
// between two executions. Every call of malloc in the process is counted, at the beginning of each
// execution.

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/condition_variable.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/semaphore.h"
#include "heddle/sync/shared.h"
#include "heddle/sync/shared_mutex.h"

// AddressSanitizer has an allocator of its own, which counts differently.
#if defined(__SANITIZE_ADDRESS__)
#define HEDDLE_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEDDLE_COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef HEDDLE_COUNTS_ALLOCATIONS
#define HEDDLE_COUNTS_ALLOCATIONS 1
#endif

static uint64_t allocations = 0;

#if HEDDLE_COUNTS_ALLOCATIONS
// In place of the C library's, for the whole process. What calloc and the others return is counted
// by the same functions behind them.
extern "C" {
void* __libc_malloc(size_t size);                      // NOLINT: the library's name
void* __libc_calloc(size_t count, size_t size);        // NOLINT
void* __libc_realloc(void* memory, size_t size);       // NOLINT
void* __libc_memalign(size_t alignment, size_t size);  // NOLINT

void* malloc(size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* memory, size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}
}
#endif

namespace heddle {
namespace {

constexpr size_t kWarmUp = 200;

struct Growth {
  size_t executions = 0;
  // Of executions after the warm-up: how many allocated, and the first one that did.
  size_t allocating = 0;
  size_t first = 0;
};

// How often an execution of `body` allocated, up to the beginning of the next one.
Growth Measure(const ExploreOptions& options, const Body& body) {
  std::vector<uint64_t> seen;
  seen.reserve(100'000);
  const ExplorationResult result = Explore(options, [&](Execution& execution) {
    if (seen.size() < seen.capacity()) seen.push_back(allocations);
    body(execution);
  });
  CHECK(result.failure() == nullptr);
  Growth growth{.executions = seen.size()};
  for (size_t i = kWarmUp; i + 1 < seen.size(); ++i) {
    if (seen[i + 1] == seen[i]) continue;
    if (growth.allocating++ == 0) growth.first = i;
  }
  return growth;
}

// Two tasks load and store three times each.
void Racy(Execution& execution) {
  Atomic<int> x{0, "x"};
  for (int task = 0; task < 2; ++task) {
    execution.Spawn("racer", [&] {
      for (int i = 0; i < 3; ++i) x.store(x.load() + 1);
    });
  }
  execution.JoinAll();
}

void Locking(Execution& execution) {
  Mutex m{"m"};
  for (int task = 0; task < 3; ++task) {
    execution.Spawn("locker", [&] {
      for (int i = 0; i < 3; ++i) {
        const std::lock_guard guard(m);
      }
    });
  }
  execution.JoinAll();
}

// Plain accesses, which need the clocks, under locks of several kinds.
void Checked(Execution& execution) {
  Shared<int> data{0, "data"};
  SharedMutex m{"m"};
  Semaphore turn{0, "turn"};
  for (int task = 0; task < 2; ++task) {
    execution.Spawn("writer", [&] {
      for (int i = 0; i < 4; ++i) {
        const std::lock_guard guard(m);
        data.Update([](int value) { return value + 1; });
      }
      turn.Release();
    });
  }
  turn.Acquire();
  turn.Acquire();
  execution.JoinAll();
}

// What tasks allocate comes from the checked heap.
void Containers(Execution& execution) {
  Mutex m{"m"};
  ConditionVariable changed{"changed"};
  std::vector<std::string> items;
  execution.Spawn("producer", [&] {
    for (int i = 0; i < 4; ++i) {
      const std::lock_guard guard(m);
      items.emplace_back("an item with a name that is too long for the string itself");
      changed.notify_one();
    }
  });
  execution.Spawn("consumer", [&] {
    for (int i = 0; i < 4; ++i) {
      std::unique_lock lock(m);
      changed.wait(lock, [&] { return !items.empty(); });
      items.pop_back();
    }
  });
  execution.JoinAll();
}

void CheckAllocationFree(const ExploreOptions& options, const Body& body) {
  const Growth growth = Measure(options, body);
  CAPTURE(growth.first);
  CHECK(growth.executions > 2 * kWarmUp);
  CHECK(growth.allocating == 0);
}

// Else the compiler may leave the allocation out.
static void Keep(const std::vector<int>& numbers) {
  asm volatile("" : : "r"(numbers.data()) : "memory");
}

TEST_CASE("the counter sees what the process allocates" *
          doctest::skip(HEDDLE_COUNTS_ALLOCATIONS == 0)) {
  const uint64_t before = allocations;
  const std::vector<int> some(100);
  Keep(some);
  CHECK(allocations == before + 1);
  const Growth growth =
      Measure({.bounds = {.preemptions = 0}, .executions_max = 500}, [](Execution& execution) {
        execution.Choose(1000);
        const internal::RuntimeScope scope;
        const std::vector<int> leaked(10);
        Keep(leaked);
      });
  CHECK(growth.allocating == growth.executions - kWarmUp - 1);
}

TEST_CASE("an exhaustive search allocates nothing once it is warm" *
          doctest::skip(HEDDLE_COUNTS_ALLOCATIONS == 0)) {
  const ExploreOptions options{.executions_max = 3000};
  SUBCASE("atomics") {
    CheckAllocationFree(options, Racy);
  }
  SUBCASE("locks") {
    CheckAllocationFree(options, Locking);
  }
  SUBCASE("checked memory") {
    CheckAllocationFree(options, Checked);
  }
  SUBCASE("containers of tasks") {
    CheckAllocationFree(options, Containers);
  }
}

TEST_CASE("sampling allocates nothing once it is warm" *
          doctest::skip(HEDDLE_COUNTS_ALLOCATIONS == 0)) {
  for (const StrategyKind strategy :
       {StrategyKind::kRandom, StrategyKind::kPct, StrategyKind::kPos, StrategyKind::kUrw}) {
    CAPTURE(StrategyName(strategy));
    const ExploreOptions options{.strategy = strategy, .executions_max = 3000, .seed = 1};
    CheckAllocationFree(options, Racy);
    CheckAllocationFree(options, Locking);
    CheckAllocationFree(options, Checked);
    CheckAllocationFree(options, Containers);
  }
}

}  // namespace
}  // namespace heddle
