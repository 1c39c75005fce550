// SPDX-License-Identifier: MIT
//
// The task allocator: global operator new and operator delete of every program that explores.
//
// While a task's own code runs, new memory comes from the checked heap (arena.h), which every
// execution finds empty: use after free, double delete, delete of what new[] made, and leaks are
// findings, in containers of the standard library too, and executions that are abandoned leak
// nothing. At any other time, and for framework code on the stack of a task (RuntimeScope), it is
// malloc's. Which of the two a pointer came from is told by its address, so memory may be freed on
// the other side.
//
// Reading fresh memory is no finding: a library that was not compiled with hooks may have written
// it, unseen.
//
// A container that outlives its execution, in the frame of a test or in a global, keeps what tasks
// put into it (TaskMemory::KeepWhatIsHeld).

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/access_hooks.h"
#include "heddle/memory/arena.h"
#include "heddle/memory/call_site.h"
#include "heddle/memory/region.h"
#include "heddle/memory/task_memory.h"

namespace heddle::internal {
namespace {

// Where an entry point was called from.
struct Caller {
  const void* pc = nullptr;
  const void* frame = nullptr;
};

// What is asked for.
struct Request {
  size_t size = 0;
  size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
  BlockForm form = BlockForm::kNew;
  Caller caller;
};

CallSite SiteOf(const Caller& caller) {
  return FindCallSite({.pc = reinterpret_cast<uintptr_t>(caller.pc),
                       .frame = caller.frame,
                       .callers = Execution::Current().running().calls.kept()});
}

void* AllocateInTask(const Request& request) {
  const MemoryScope scope;
  const CallSite site = SiteOf(request.caller);
  return TaskMemory::Instance().Allocate({.size = request.size,
                                          .alignment = request.alignment,
                                          .name = site.allocation_name,
                                          .content = BlockContent::kUnknown,
                                          .form = request.form},
                                         {.pc = site.pc});
}

void* AllocateOutside(const Request& request) {
  const size_t size = std::max<size_t>(request.size, 1);
  if (request.alignment <= alignof(std::max_align_t)) return std::malloc(size);
  return std::aligned_alloc(request.alignment,
                            (size + request.alignment - 1) / request.alignment * request.alignment);
}

// An execution without an observer has no memory of its own. To ask may make the instance.
bool IsChecked() {
  if (!IsTaskCode()) return false;
  const RuntimeScope scope;
  return TaskMemory::Instance().is_active();
}

void* Allocate(const Request& request) {
  return IsChecked() ? AllocateInTask(request) : AllocateOutside(request);
}

void* AllocateOrThrow(const Request& request) {
  void* const memory = Allocate(request);
  if (memory == nullptr) std::__throw_bad_alloc();
  return memory;
}

void FreeInTask(void* block, BlockForm form, const Caller& caller) {
  MemoryScope scope;
  const CodePlace place{.pc = SiteOf(caller).pc};
  if (TaskMemory::Instance().Free(block, place, form)) scope.BeginStep();
}

// Nobody watches: the framework drops what a task gave it, or a test what it kept of an execution.
void FreeBlockOutside(void* block) {
  const auto error = Arena::Instance().Free(reinterpret_cast<uintptr_t>(block), {});
  HEDDLE_CHECK(error != Arena::FreeError::kDouble)
      << "memory that a task allocated was deleted twice, the second time outside of tasks";
  HEDDLE_CHECK(error == Arena::FreeError::kNone)
      << "memory that a task allocated was deleted after the end of its execution; what a test "
         "keeps from tasks belongs in its own frame or in a global";
}

void Free(void* block, BlockForm form, const Caller& caller) {
  const auto address = reinterpret_cast<uintptr_t>(block);
  if (!Region::Contains(address)) {
    std::free(block);
  } else if (IsChecked()) {
    FreeInTask(block, form, caller);
  } else {
    FreeBlockOutside(block);
  }
}

}  // namespace
}  // namespace heddle::internal

// ---- Entry points

using heddle::BlockForm;
using heddle::internal::Request;

#define HEDDLE_CALLER \
  { __builtin_return_address(0), __builtin_frame_address(0) }

void* operator new(size_t size) {
  return heddle::internal::AllocateOrThrow({.size = size, .caller = HEDDLE_CALLER});
}
void* operator new[](size_t size) {
  return heddle::internal::AllocateOrThrow(
      {.size = size, .form = BlockForm::kNewArray, .caller = HEDDLE_CALLER});
}
void* operator new(size_t size, const std::nothrow_t& /*unused*/) noexcept {
  return heddle::internal::Allocate({.size = size, .caller = HEDDLE_CALLER});
}
void* operator new[](size_t size, const std::nothrow_t& /*unused*/) noexcept {
  return heddle::internal::Allocate(
      {.size = size, .form = BlockForm::kNewArray, .caller = HEDDLE_CALLER});
}
void* operator new(size_t size, std::align_val_t alignment) {
  return heddle::internal::AllocateOrThrow(
      {.size = size, .alignment = static_cast<size_t>(alignment), .caller = HEDDLE_CALLER});
}
void* operator new[](size_t size, std::align_val_t alignment) {
  return heddle::internal::AllocateOrThrow({.size = size,
                                            .alignment = static_cast<size_t>(alignment),
                                            .form = BlockForm::kNewArray,
                                            .caller = HEDDLE_CALLER});
}
void* operator new(size_t size, std::align_val_t alignment,
                   const std::nothrow_t& /*unused*/) noexcept {
  return heddle::internal::Allocate(
      {.size = size, .alignment = static_cast<size_t>(alignment), .caller = HEDDLE_CALLER});
}
void* operator new[](size_t size, std::align_val_t alignment,
                     const std::nothrow_t& /*unused*/) noexcept {
  return heddle::internal::Allocate({.size = size,
                                     .alignment = static_cast<size_t>(alignment),
                                     .form = BlockForm::kNewArray,
                                     .caller = HEDDLE_CALLER});
}

// Size and alignment say nothing that the block does not know.
#define HEDDLE_DEFINE_DELETE(...)                                           \
  void operator delete(void* block __VA_OPT__(, ) __VA_ARGS__) noexcept {   \
    heddle::internal::Free(block, BlockForm::kNew, HEDDLE_CALLER);          \
  }                                                                         \
  void operator delete[](void* block __VA_OPT__(, ) __VA_ARGS__) noexcept { \
    heddle::internal::Free(block, BlockForm::kNewArray, HEDDLE_CALLER);     \
  }

HEDDLE_DEFINE_DELETE()
HEDDLE_DEFINE_DELETE(size_t)
HEDDLE_DEFINE_DELETE(std::align_val_t)
HEDDLE_DEFINE_DELETE(size_t, std::align_val_t)
HEDDLE_DEFINE_DELETE(const std::nothrow_t&)
HEDDLE_DEFINE_DELETE(std::align_val_t, const std::nothrow_t&)
