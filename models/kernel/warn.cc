// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/warn.h"

#include "heddle/core/execution.h"
#include "models/kernel/finding.h"
#include "models/kernel/per_execution.h"

namespace models::kernel {

namespace {

struct warn_world {
  bool panic = true;

  void reset() { panic = true; }
};

per_execution<warn_world> world;

}  // namespace

void set_panic_on_warn(bool panic) {
  world->panic = panic;
}

void internal::warn(heddle::FailureKind kind, heddle::ObjectId object, const char* text,
                    heddle::SourceLocation where) {
  if (world->panic) fail(kind, object, {text}, where);
  heddle::Execution& execution = heddle::Execution::Current();
  if (execution.tracing()) execution.Note("warning", text, "", where);
}

bool __warn_on(bool condition, const char* text, heddle::SourceLocation where) {
  if (condition) {
    internal::warn(heddle::FailureKind::kAssertion, heddle::kExecutionObject, text, where);
  }
  return condition;
}

}  // namespace models::kernel
