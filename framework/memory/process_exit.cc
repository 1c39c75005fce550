// SPDX-License-Identifier: MIT
//
// exit() and std::terminate() in a task end its execution, as abort() does, and not the search: the
// definitions here hide the C library's from the program, and the terminate handler is ours. At any
// other time they pass the call on.
//
// _exit() is left alone: it is how a broken check ends the process.

#include <dlfcn.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/fiber.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/memory_failure.h"
#include "heddle/memory/throw_site.h"

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

[[noreturn]] void OnTerminate();

const std::terminate_handler previous_terminate = std::set_terminate(OnTerminate);

// An exception is told by where it was thrown: whether the frames below are still there depends on
// the compiler.
[[noreturn]] void OnTerminate() {
  static const char* const kTitle = "std::terminate() was called";
  if (internal::IsTaskCode()) {
    Execution& execution = Execution::Current();
    const internal::RuntimeScope scope;
    const char* const what = Fiber::ExceptionText();
    if (what == nullptr) {
      execution.Fail(FailureAt(FailureKind::kAbort, kTitle, CallsOfTask(), execution));
    }
    execution.Fail(FailureAt(FailureKind::kAbort, kTitle + (": " + std::string(what)), LastThrow(),
                             execution));
  }
  previous_terminate();
  std::abort();
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
