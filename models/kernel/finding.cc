// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/finding.h"

#include <utility>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace models::kernel::internal {

void fail(heddle::FailureKind kind, heddle::ObjectId object,
          std::initializer_list<std::string_view> sentence, heddle::SourceLocation where) {
  const heddle::internal::RuntimeScope scope;
  heddle::Execution& execution = heddle::Execution::Current();
  heddle::Failure failure{.kind = kind};
  for (const std::string_view part : sentence) failure.title += part;
  std::string name;
  if (object != heddle::kExecutionObject) {
    name = execution.ObjectName(object);
    failure.objects = {name};
  }
  failure.tasks = {execution.running().name};
  failure.functions = {where.function};
  failure.frames = {{.function = where.function, .file = where.file, .line = where.line}};
  execution.Note(FailureKindName(kind).data(), std::move(name), "", where);
  execution.Fail(std::move(failure));
}

}  // namespace models::kernel::internal
