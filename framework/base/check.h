// SPDX-License-Identifier: MIT
//
// HEDDLE_CHECK: a condition that only a mistake in the framework or in its caller can break.
//
// Checks stay on in every build. A broken one prints the rule, the place and the schedule so far,
// and ends the process by _exit(3): never by a signal, never by an exception. A failure of the
// program under test is not a broken check but a Failure value (core/failure.h).
//
//   HEDDLE_CHECK(task.value < count) << "task " << task.value << " does not exist";

#pragma once

#include <ostream>
#include <sstream>

namespace heddle {

// Status with which a process ends after a broken check.
inline constexpr int kBrokenCheckExitStatus = 3;

namespace internal {

// Prints what the process was doing; set by core/ to print the schedule so far.
using CheckContextPrinter = void (*)(std::ostream& out);
void SetCheckContextPrinter(CheckContextPrinter printer);

// Collects the message of one broken check and ends the process in its destructor.
class BrokenCheck {
 public:
  BrokenCheck(const char* file, int line, const char* condition);
  [[noreturn]] ~BrokenCheck();
  BrokenCheck(const BrokenCheck&) = delete;
  BrokenCheck& operator=(const BrokenCheck&) = delete;

  std::ostream& stream() { return message_; }

 private:
  std::ostringstream message_;
};

// Lets the macro be one expression of type void.
struct Voidify {
  void operator&(std::ostream&) const {}
};

}  // namespace internal
}  // namespace heddle

// A message may be streamed into what the macro leaves open on its right.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define HEDDLE_CHECK(condition)                       \
  (__builtin_expect(static_cast<bool>(condition), 1)) \
      ? static_cast<void>(0)                          \
      : ::heddle::internal::Voidify() &               \
            ::heddle::internal::BrokenCheck(__FILE__, __LINE__, #condition).stream()
// NOLINTEND(bugprone-macro-parentheses)

// Where a profile shows that a check costs too much for release builds.
#ifdef NDEBUG
#define HEDDLE_DCHECK(condition) HEDDLE_CHECK(true || (condition))
#else
#define HEDDLE_DCHECK(condition) HEDDLE_CHECK(condition)
#endif
