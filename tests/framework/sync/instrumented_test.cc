// SPDX-License-Identifier: MIT
//
// Primitives in a file that the compiler has instrumented: what their templates do to their own
// memory is no access of the program. A template whose value is read by a plain load would race
// here, and cost steps.

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#include "heddle/sync/atomic.h"
#include "heddle/sync/condition_variable.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/shared.h"
#include "heddle/sync/shared_mutex.h"
#include "heddle/sync/thread.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

TEST_CASE("relaxed operations on one atomic do not race") {
  const auto result = ExploreAll([](Execution&) {
    Atomic<int> x{0, "x"};
    Thread a([&] { x.store(1, kRelaxed); });
    Thread b([&] { x.fetch_add(1, kRelaxed); });
    a.join();
    b.join();
    HEDDLE_ENSURE(x.load(kRelaxed) >= 1);
  });
  // Orders of a's step, the join of a after it, and b's step.
  CheckClean(result, 3);
}

// Not a local of the body: GCC sees no need to watch a function's accesses to its own locals.
int published = 0;

TEST_CASE("what only a relaxed atomic orders races") {
  const auto result = ExploreAll([](Execution&) {
    Atomic<bool> ready{false, "ready"};
    published = 0;
    Thread writer([&] {
      published = 1;
      ready.store(true, kRelaxed);
    });
    if (ready.load(kRelaxed)) HEDDLE_ENSURE(published == 1);
    writer.join();
  });
  RequireOne(result, FailureKind::kDataRace, {"heddle::(anonymous namespace)::published"});
}

TEST_CASE("a shared value races once, as what it is called") {
  const auto result = ExploreAll([](Execution&) {
    Shared<int> x{0, "x"};
    Thread writer([&] { x.Set(1); });
    x.Get();
    writer.join();
  });
  RequireOne(result, FailureKind::kDataRace, {"x"});
}

TEST_CASE("a queue over the standard's guards is clean in every schedule") {
  const auto body = [](Execution&) {
    SharedMutex table{"table"};
    Mutex mutex{"mutex"};
    ConditionVariable changed{"changed"};
    int items = 0;
    int entries = 0;
    Thread consumer([&] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return items > 0; });
      --items;
      const std::scoped_lock exclusive(table);
      ++entries;
    });
    {
      const std::lock_guard guard(mutex);
      ++items;
    }
    changed.notify_one();
    {
      const std::shared_lock shared(table);
      HEDDLE_ENSURE(entries <= 1);
    }
    consumer.join();
    HEDDLE_ENSURE(items == 0 && entries == 1);
  };
  const auto result = ExploreAll(body, {.preemptions = 2, .faults = 1});
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
}

}  // namespace
}  // namespace heddle
