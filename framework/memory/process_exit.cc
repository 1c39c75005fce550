// SPDX-License-Identifier: MIT
//
// exit() in a task ends its execution, as abort() does, and not the search: the definitions here
// hide the C library's from the program. At any other time they pass the call on.
//
// _exit() is left alone: it is how a broken check ends the process.

#include <dlfcn.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/memory_failure.h"

namespace heddle {
namespace {

using Exit = void (*)(int status);

// Does not return if a task calls it.
void EndExecution(const char* function, int status, const void* pc) {
  if (!internal::IsTaskCode()) return;
  const internal::RuntimeScope scope;
  Execution& execution = Execution::Current();
  const std::array<uintptr_t, 1> caller{reinterpret_cast<uintptr_t>(pc)};
  execution.Fail(FailureAt(FailureKind::kAbort,
                           std::string(function) + '(' + std::to_string(status) + ") was called",
                           caller, execution));
}

[[noreturn]] void PassOn(const char* function, int status) {
  const auto exit = reinterpret_cast<Exit>(dlsym(RTLD_NEXT, function));
  HEDDLE_CHECK(exit != nullptr) << "the C library has no " << function;
  exit(status);
  __builtin_trap();
}

}  // namespace
}  // namespace heddle

extern "C" void exit(int status) noexcept {
  heddle::EndExecution("exit", status, __builtin_return_address(0));
  heddle::PassOn("exit", status);
}

extern "C" void quick_exit(int status) noexcept {
  heddle::EndExecution("quick_exit", status, __builtin_return_address(0));
  heddle::PassOn("quick_exit", status);
}
