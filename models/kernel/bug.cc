// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/bug.h"

#include <string>
#include <utility>

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "heddle/core/runtime_scope.h"
#include "models/kernel/context.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/rcu.h"

namespace models::kernel {

using heddle::Execution;
using heddle::Failure;
using heddle::SourceLocation;

namespace {

struct oops_world {
  heddle::TaskId init_task = heddle::kNoTask;

  void reset() { init_task = heddle::kNoTask; }
};

per_execution<oops_world> world;

[[noreturn]] void fail(std::string title, SourceLocation where) {
  Execution& execution = Execution::Current();
  Failure failure{.kind = heddle::FailureKind::kOops, .title = std::move(title)};
  failure.tasks = {execution.running().name};
  failure.functions = {where.function};
  failure.frames = {{.function = where.function, .file = where.file, .line = where.line}};
  execution.Fail(std::move(failure));
}

// The kernel's die(): returns whether only the running task ends.
bool stop_only_the_task(Execution& execution, Failure* failure) {
  const char* reason = nullptr;
  if (execution.running().id == world->init_task) reason = "panic, in the init task: ";
  if (in_interrupt()) reason = "panic, in interrupt: ";
  if (reason != nullptr) {
    failure->title = reason + failure->title;
    return false;
  }
  const SourceLocation where =
      failure->frames.empty()
          ? SourceLocation{}
          : SourceLocation{failure->frames[0].file.c_str(), failure->frames[0].function.c_str(),
                           failure->frames[0].line};
  execution.Note("oops", "", failure->title, where);
  exit_rcu();
  return true;
}

}  // namespace

void __bug(const char* text, SourceLocation where) {
  const heddle::internal::RuntimeScope scope;
  fail(text, where);
}

void panic(const char* text, SourceLocation where) {
  const heddle::internal::RuntimeScope scope;
  Execution::Current().set_oops_handler(nullptr);
  fail(std::string("panic: ") + text, where);
}

void set_panic_on_oops(bool panic) {
  Execution::Current().set_oops_handler(panic ? nullptr : stop_only_the_task);
}

void become_init_task() {
  world->init_task = Execution::Current().running().id;
}

}  // namespace models::kernel
