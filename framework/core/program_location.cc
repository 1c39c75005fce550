// SPDX-License-Identifier: MIT

#include "heddle/core/program_location.h"

#include "heddle/core/execution.h"

namespace heddle::internal {

SourceLocation CallerOfLibrary(SourceLocation where) {
  if (!Execution::HasCurrent()) return where;
  ExecutionObserver* const observer = Execution::Current().observer();
  return observer == nullptr ? where : observer->CallerOfLibrary(where);
}

}  // namespace heddle::internal
