// SPDX-License-Identifier: MIT
//
// Atomic operations of instrumented programs: what they compute, and what they order.

#include "heddle/memory/atomic_access.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>

#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/memory/task_memory.h"

namespace heddle {
namespace {

Failure FailureOfBody(const Body& body) {
  const ExplorationResult result = Explore({}, body);
  REQUIRE(result.failure() != nullptr);
  return *result.failure();
}

void CheckPasses(const Body& body, const ExploreOptions& options = {}) {
  const ExplorationResult result = Explore(options, body);
  CHECK(result.exhausted);
  CHECK(result.failure() == nullptr);
}

// Publishes data by `store` and reads it behind `load`.
template <int kStore, int kLoad>
void Publish(Execution& execution) {
  int data = 0;
  int flag = 0;
  execution.Spawn("writer", [&] {
    data = 42;
    __atomic_store_n(&flag, 1, kStore);
  });
  execution.Spawn("reader", [&] {
    if (__atomic_load_n(&flag, kLoad) == 1) HEDDLE_CHECK(data == 42);
  });
  execution.JoinAll();
}

TEST_CASE("release and acquire publish, relaxed accesses do not") {
  CheckPasses(Publish<__ATOMIC_RELEASE, __ATOMIC_ACQUIRE>);
  CheckPasses(Publish<__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST>);
  CHECK(FailureOfBody(Publish<__ATOMIC_RELAXED, __ATOMIC_ACQUIRE>).kind == FailureKind::kDataRace);
  CHECK(FailureOfBody(Publish<__ATOMIC_RELEASE, __ATOMIC_RELAXED>).kind == FailureKind::kDataRace);
}

template <bool kFenceBefore, bool kFenceAfter>
void PublishByFences(Execution& execution) {
  int data = 0;
  int flag = 0;
  execution.Spawn("writer", [&] {
    data = 42;
    if (kFenceBefore) std::atomic_thread_fence(std::memory_order_release);
    __atomic_store_n(&flag, 1, __ATOMIC_RELAXED);
  });
  execution.Spawn("reader", [&] {
    const bool is_set = __atomic_load_n(&flag, __ATOMIC_RELAXED) == 1;
    if (kFenceAfter) std::atomic_thread_fence(std::memory_order_acquire);
    if (is_set) HEDDLE_CHECK(data == 42);
  });
  execution.JoinAll();
}

TEST_CASE("a pair of fences publishes through relaxed accesses, one alone does not") {
  CheckPasses(PublishByFences<true, true>);
  CHECK(FailureOfBody(PublishByFences<true, false>).kind == FailureKind::kDataRace);
  CHECK(FailureOfBody(PublishByFences<false, true>).kind == FailureKind::kDataRace);
}

template <class T>
void CountUp(Execution& execution) {
  std::atomic<T> sum = 0;
  for (const char* name : {"left", "right"}) {
    execution.Spawn(name, [&] {
      sum.fetch_add(2);
      sum.fetch_sub(1);
      T old = sum.load();
      while (!sum.compare_exchange_weak(old, static_cast<T>(old + 4))) {
      }
    });
  }
  execution.JoinAll();
  HEDDLE_CHECK(sum.load() == 10);
  HEDDLE_CHECK(sum.exchange(0x55) == 10);
  HEDDLE_CHECK((sum.fetch_and(0x0f), sum.fetch_or(0x30), sum.fetch_xor(0x01)) == 0x35);
  HEDDLE_CHECK(sum.load() == 0x34);
}

TEST_CASE("atomic operations of every size compute the same as real ones under every schedule") {
  const ExploreOptions bounded{.bounds = {.preemptions = 1}};
  CheckPasses(CountUp<uint8_t>, bounded);
  CheckPasses(CountUp<uint16_t>, bounded);
  CheckPasses(CountUp<uint32_t>, bounded);
  CheckPasses(CountUp<uint64_t>, bounded);
}

HEDDLE_UNINSTRUMENTED std::atomic<int>* NewCounter() {
  const internal::RuntimeScope scope;
  return static_cast<std::atomic<int>*>(TaskMemory::Instance().Allocate(
      {.size = sizeof(std::atomic<int>), .name = "counter", .content = BlockContent::kZeroed}, {}));
}

HEDDLE_UNINSTRUMENTED void FreeCounter(std::atomic<int>* counter) {
  const internal::RuntimeScope scope;
  TaskMemory::Instance().Free(counter, {});
}

TEST_CASE("an atomic operation on freed memory is a use after free") {
  const Failure failure = FailureOfBody([](Execution& execution) {
    std::atomic<int>* const counter = NewCounter();
    execution.Spawn("user", [counter] { ++*counter; });
    execution.Spawn("owner", [counter] { FreeCounter(counter); });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
}

}  // namespace
}  // namespace heddle
