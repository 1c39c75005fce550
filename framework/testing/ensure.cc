// SPDX-License-Identifier: MIT

#include "heddle/testing/ensure.h"

#include <string>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace heddle::internal {

void EnsureFailed(std::string_view condition, SourceLocation where) {
  HEDDLE_CHECK(Execution::HasCurrent())
      << "HEDDLE_ENSURE(" << condition << ") at " << where.file << ":" << where.line
      << " stands outside of tasks, where the test framework's own macros belong";
  const RuntimeScope scope;
  Execution& execution = Execution::Current();
  Failure failure;
  failure.kind = FailureKind::kAssertion;
  failure.title = std::string(condition);
  failure.tasks = {execution.running().name};
  failure.functions = {where.function};
  failure.frames = {{.function = where.function, .file = where.file, .line = where.line}};
  execution.Note("ensure", "", std::string(condition) + " is false", where);
  execution.Fail(std::move(failure));
}

}  // namespace heddle::internal
