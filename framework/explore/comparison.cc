// SPDX-License-Identifier: MIT

#include "heddle/explore/comparison.h"

#include <algorithm>
#include <string>

namespace heddle::internal {

static std::string Describe(const Trace& trace, size_t index) {
  if (index >= trace.events.size()) return "nothing, the execution has ended";
  const Event& event = trace.events[index];
  std::string text = "T" + std::to_string(event.task.value);
  if (event.task.value < trace.task_names.size()) text += " " + trace.task_names[event.task.value];
  text += ", " + event.verb;
  if (!event.object.empty()) text += " " + event.object;
  if (!event.detail.empty()) text += " " + event.detail;
  if (!event.function.empty()) text += " in " + event.function;
  return text;
}

static bool AreEqual(const Event& a, const Event& b) {
  return a.kind == b.kind && a.step == b.step && a.task == b.task && a.verb == b.verb &&
         a.object == b.object && a.detail == b.detail && a.function == b.function &&
         a.line == b.line;
}

Failure DescribeDifference(const Trace& first, const Trace& second) {
  const size_t shorter = std::min(first.events.size(), second.events.size());
  size_t at = 0;
  while (at < shorter && AreEqual(first.events[at], second.events[at])) ++at;
  Failure failure{.kind = FailureKind::kNondeterminism};
  if (at == first.events.size() && at == second.events.size()) {
    failure.title = "equal schedules gave different executions, but two more runs were equal";
    return failure;
  }
  const Trace& longer = at < first.events.size() ? first : second;
  const uint64_t step = longer.events[at].step;
  failure.title = "equal schedules differ first in step " + std::to_string(step);
  failure.details = {"One run:   " + Describe(first, at), "The other: " + Describe(second, at)};
  failure.step = step;
  return failure;
}

}  // namespace heddle::internal
