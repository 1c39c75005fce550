// SPDX-License-Identifier: MIT

#include "tests/models/kernel/explored.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"

namespace models::kernel {

uint64_t ExecutionsOf(heddle::Bounds bounds, const heddle::Body& body) {
  const heddle::ExplorationResult result = heddle::Explore({.bounds = bounds}, body);
  const heddle::Failure* failure = result.failure();
  INFO((failure == nullptr ? std::string()
                           : std::string(FailureKindName(failure->kind)) + ": " + failure->title));
  CHECK(failure == nullptr);
  CHECK(result.exhausted);
  return result.executions;
}

heddle::Failure FailureOf(heddle::Bounds bounds, const heddle::Body& body) {
  const heddle::ExplorationResult result = heddle::Explore({.bounds = bounds}, body);
  REQUIRE(result.failure() != nullptr);
  return *result.failure();
}

Past Past::OfRunningTask() {
  heddle::Execution& execution = heddle::Execution::Current();
  const heddle::TaskId self = execution.running().id;
  execution.happens_before().Demand();
  return {.task = self, .clock = execution.happens_before().Now(self)};
}

bool Past::HappensBeforeRunningTask() const {
  heddle::Execution& execution = heddle::Execution::Current();
  return execution.happens_before().Clock(task, execution.running().id) >= clock;
}

std::string ObjectsOf(const heddle::Failure& failure) {
  std::string text;
  for (const std::string& object : failure.objects) {
    if (!text.empty()) text += ", ";
    text += object;
  }
  return text;
}

}  // namespace models::kernel
