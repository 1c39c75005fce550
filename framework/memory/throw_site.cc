// SPDX-License-Identifier: MIT

#include "heddle/memory/throw_site.h"

#include <dlfcn.h>
#include <execinfo.h>

#include <array>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace heddle {
namespace {

constexpr int kFramesMax = 32;

struct Calls {
  std::array<uintptr_t, kFramesMax> pcs{};
  size_t count = 0;

  std::span<const uintptr_t> kept() const { return {pcs.data(), count}; }
};

// The last exception that a task made.
struct Record {
  uint32_t execution = 0;
  TaskId task = kNoTask;
  Calls calls;
};

Record record;

void Collect(Calls* calls) {
  std::array<void*, kFramesMax> stack{};
  calls->count = static_cast<size_t>(backtrace(stack.data(), kFramesMax));
  for (size_t i = 0; i < calls->count; ++i) calls->pcs[i] = reinterpret_cast<uintptr_t>(stack[i]);
}

void NoteThrow() {
  const internal::RuntimeScope scope;
  const Execution& execution = Execution::Current();
  record.execution = execution.serial();
  record.task = execution.running().id;
  Collect(&record.calls);
}

}  // namespace

std::span<const uintptr_t> LastThrow() {
  const Execution& execution = Execution::Current();
  const bool is_known =
      record.execution == execution.serial() && record.task == execution.running().id;
  return is_known ? record.calls.kept() : std::span<const uintptr_t>();
}

std::span<const uintptr_t> CallsOfTask() {
  static Calls calls;
  Collect(&calls);
  return calls.kept();
}

}  // namespace heddle

// The runtime's own, which this one hides from the program.
using BeginException = void (*)(void* exception, void* type, void (*destroy)(void*));

extern "C" [[noreturn]] void __cxa_throw(void* exception, void* type, void (*destroy)(void*));

extern "C" void __cxa_throw(void* exception, void* type, void (*destroy)(void*)) {
  static const auto begin = reinterpret_cast<BeginException>(dlsym(RTLD_NEXT, "__cxa_throw"));
  HEDDLE_CHECK(begin != nullptr) << "the C++ runtime has no __cxa_throw";
  if (heddle::internal::IsTaskCode()) heddle::NoteThrow();
  begin(exception, type, destroy);
  __builtin_trap();
}
