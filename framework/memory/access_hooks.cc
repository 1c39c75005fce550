// SPDX-License-Identifier: MIT

#include "heddle/memory/access_hooks.h"

#include <cstddef>
#include <utility>

#include "heddle/detect/data_race.h"
#include "heddle/memory/atomic_access.h"
#include "heddle/memory/shadow.h"
#include "heddle/memory/task_memory.h"

namespace heddle::internal {

// What was left of the step's accesses when they were cut down to one, in order to see the next.
static int64_t accesses_held_back = 0;

void AccessSlowly(const MemoryAccess& access, const CodePlace& place) {
  int64_t left = std::exchange(task_code.accesses_left, 0);
  if (left < 0) return;
  TaskMemory& memory = TaskMemory::Instance();
  if (!memory.is_active()) {  // An execution that nobody watches.
    task_code.accesses_left = task_code.accesses_max;
    return;
  }
  const int64_t held_back = std::exchange(accesses_held_back, 0);
  if (left == 0) left = held_back;
  if (left == 0) memory.FailAccessLimit(place);
  if (memory.OnAccess(access, place)) left = task_code.accesses_max;
  if (memory.has_pending_read()) [[unlikely]]
    accesses_held_back = std::exchange(left, 1);
  task_code.epoch = memory.Now();
  task_code.accesses_left = left;
}

namespace {

[[gnu::noinline]] void AccessAt(uintptr_t address, size_t size, bool is_write, uintptr_t pc) {
  AccessSlowly({.address = address, .size = size, .is_write = is_write}, {.pc = pc});
}

// Whether the shadow and the race detector have nothing to say about an access.
template <size_t kSize>
[[gnu::always_inline]] inline bool IsKnown(uintptr_t address, bool is_write) {
  if constexpr (kSize > Region::kGranuleSize) {
    constexpr size_t kHalf = kSize / 2;
    return IsKnown<kHalf>(address, is_write) && IsKnown<kHalf>(address + kHalf, is_write);
  } else {
    return Shadow::IsPlain(address, kSize) &&
           DataRaceDetector::IsRepeated(address, kSize, is_write, task_code.epoch);
  }
}

template <size_t kSize>
[[gnu::always_inline]] inline void Access(const volatile void* memory, bool is_write, void* pc) {
  const auto address = reinterpret_cast<uintptr_t>(memory);
  const bool has_shadow = address - Region::kBegin < Shadow::horizon() - Region::kBegin;
  if (--task_code.accesses_left > 0 && has_shadow && IsKnown<kSize>(address, is_write)) return;
  AccessAt(address, kSize, is_write, reinterpret_cast<uintptr_t>(pc));
}

// An access across two granules is not for the filter.
template <size_t kSize>
[[gnu::always_inline]] inline void AccessUnaligned(const volatile void* memory, bool is_write,
                                                   void* pc) {
  const auto address = reinterpret_cast<uintptr_t>(memory);
  if (address % Region::kGranuleSize + kSize <= Region::kGranuleSize) {
    Access<kSize>(memory, is_write, pc);
    return;
  }
  --task_code.accesses_left;
  AccessAt(address, kSize, is_write, reinterpret_cast<uintptr_t>(pc));
}

void AccessRange(const volatile void* memory, size_t size, bool is_write, void* pc) {
  --task_code.accesses_left;
  AccessAt(reinterpret_cast<uintptr_t>(memory), size, is_write, reinterpret_cast<uintptr_t>(pc));
}

// READ_ONCE and WRITE_ONCE, where they are volatile accesses.
void AccessMarked(const volatile void* memory, size_t size, bool is_write, void* pc) {
  if (!IsTaskCode() || !TaskMemory::Instance().is_active()) return;
  MemoryScope scope;
  const AtomicEffect effect = is_write ? AtomicEffect::kStore : AtomicEffect::kLoad;
  const AtomicAccess access(reinterpret_cast<uintptr_t>(memory), size, effect,
                            {.pc = reinterpret_cast<uintptr_t>(pc)});
  access.Performed(effect, std::memory_order_relaxed);
  scope.BeginStep();
}

}  // namespace
}  // namespace heddle::internal

// ---- Entry points

using heddle::internal::task_code;

#define HEDDLE_PC __builtin_return_address(0)

#define HEDDLE_DEFINE_HOOKS(size)                                  \
  void __tsan_read##size(void* at) {                               \
    heddle::internal::Access<size>(at, false, HEDDLE_PC);          \
  }                                                                \
  void __tsan_write##size(void* at) {                              \
    heddle::internal::Access<size>(at, true, HEDDLE_PC);           \
  }                                                                \
  void __tsan_read_write##size(void* at) {                         \
    heddle::internal::Access<size>(at, false, HEDDLE_PC);          \
    heddle::internal::Access<size>(at, true, HEDDLE_PC);           \
  }                                                                \
  void __tsan_unaligned_read##size(void* at) {                     \
    heddle::internal::AccessUnaligned<size>(at, false, HEDDLE_PC); \
  }                                                                \
  void __tsan_unaligned_write##size(void* at) {                    \
    heddle::internal::AccessUnaligned<size>(at, true, HEDDLE_PC);  \
  }                                                                \
  void __tsan_unaligned_read_write##size(void* at) {               \
    heddle::internal::AccessUnaligned<size>(at, false, HEDDLE_PC); \
    heddle::internal::AccessUnaligned<size>(at, true, HEDDLE_PC);  \
  }                                                                \
  void __tsan_volatile_read##size(void* at) {                      \
    heddle::internal::AccessMarked(at, size, false, HEDDLE_PC);    \
  }                                                                \
  void __tsan_volatile_write##size(void* at) {                     \
    heddle::internal::AccessMarked(at, size, true, HEDDLE_PC);     \
  }                                                                \
  void __tsan_unaligned_volatile_read##size(void* at) {            \
    heddle::internal::AccessMarked(at, size, false, HEDDLE_PC);    \
  }                                                                \
  void __tsan_unaligned_volatile_write##size(void* at) {           \
    heddle::internal::AccessMarked(at, size, true, HEDDLE_PC);     \
  }

extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-declarations"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#endif

HEDDLE_DEFINE_HOOKS(1)
HEDDLE_DEFINE_HOOKS(2)
HEDDLE_DEFINE_HOOKS(4)
HEDDLE_DEFINE_HOOKS(8)
HEDDLE_DEFINE_HOOKS(16)

void __tsan_init() {}

void __tsan_read_range(void* at, size_t size) {
  heddle::internal::AccessRange(at, size, false, HEDDLE_PC);
}

void __tsan_write_range(void* at, size_t size) {
  heddle::internal::AccessRange(at, size, true, HEDDLE_PC);
}

void __tsan_vptr_read(void** at) {
  heddle::internal::Access<8>(at, false, HEDDLE_PC);
}

// The constructors of a class and of its bases set the same pointer one after another; what is
// there already is not written again, as far as races go.
void __tsan_vptr_update(void** at, void* value) {
  const bool is_known = heddle::Region::Contains(reinterpret_cast<uintptr_t>(at));
  const bool is_new = !is_known || *at != value;
  heddle::internal::Access<8>(at, is_new, HEDDLE_PC);
}

void __tsan_func_entry(void* caller) {
  if (!heddle::internal::IsTaskCode()) return;
  heddle::CallStack& calls = *task_code.calls;
  if (calls.depth < heddle::CallStack::kCapacity) calls.callers[calls.depth] = caller;
  ++calls.depth;
}

void __tsan_func_exit() {
  if (!heddle::internal::IsTaskCode()) return;
  heddle::CallStack& calls = *task_code.calls;
  if (calls.depth > 0) --calls.depth;
}

// Regions that a file wants to be ignored in are none of its tasks' concern.
void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end() {}

#pragma GCC diagnostic pop
}  // extern "C"
