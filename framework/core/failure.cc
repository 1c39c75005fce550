// SPDX-License-Identifier: MIT

#include "heddle/core/failure.h"

namespace heddle {

std::string_view FailureKindName(FailureKind kind) {
  switch (kind) {
    case FailureKind::kDeadlock:
      return "deadlock";
    case FailureKind::kRecursiveDeadlock:
      return "recursive-deadlock";
    case FailureKind::kHang:
      return "hang";
    case FailureKind::kLivelock:
      return "livelock";
    case FailureKind::kUseAfterFree:
      return "use-after-free";
    case FailureKind::kDoubleFree:
      return "double-free";
    case FailureKind::kInvalidFree:
      return "invalid-free";
    case FailureKind::kStackUseAfterReturn:
      return "stack-use-after-return";
    case FailureKind::kOutOfBounds:
      return "out-of-bounds";
    case FailureKind::kUninitialisedRead:
      return "uninitialised-read";
    case FailureKind::kLeak:
      return "leak";
    case FailureKind::kOops:
      return "oops";
    case FailureKind::kDataRace:
      return "data-race";
    case FailureKind::kInvariant:
      return "invariant";
    case FailureKind::kAssertion:
      return "assertion";
    case FailureKind::kLockOrder:
      return "lock-order";
    case FailureKind::kMisuse:
      return "misuse";
    case FailureKind::kAtomicSleep:
      return "atomic-sleep";
    case FailureKind::kRcuMisuse:
      return "rcu-misuse";
    case FailureKind::kStepLimit:
      return "step-limit";
    case FailureKind::kAbort:
      return "abort";
    case FailureKind::kUncaughtException:
      return "uncaught-exception";
    case FailureKind::kNondeterminism:
      return "nondeterminism";
  }
  return "unknown";
}

static void AppendAll(const std::vector<std::string>& parts, std::string* text) {
  for (const std::string& part : parts) {
    *text += '|';
    *text += part;
  }
}

std::string Failure::Identity() const {
  std::string text(FailureKindName(kind));
  text += '|';
  text += property;
  text += "|objects";
  AppendAll(objects, &text);
  text += "|functions";
  AppendAll(functions, &text);
  return text;
}

}  // namespace heddle
