// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/service_task.h"

#include <algorithm>
#include <cstddef>

#include "heddle/core/execution.h"

namespace models::kernel {

const heddle::OperationType service_is_idle{
    .verb = "idle",
    .ready = [](const heddle::Execution&, const heddle::Operation&) { return false; },
    .rule = heddle::WaitRule::kIdle,
    .access = heddle::AccessMode::kNone,
};

heddle::Outcome service_park(service_task* service, const heddle::Operation& operation) {
  heddle::Execution& execution = heddle::Execution::Current();
  service->id = execution.running().id;
  service->at = 0;
  service->operations[0] = operation;
  service->is_parked = true;
  const heddle::Outcome outcome = execution.SchedulingPoint(service->operations[0]);
  service->is_parked = false;
  return outcome;
}

void service_reassign(service_task* service, const heddle::Operation& operation) {
  service->at = 1 - service->at;
  service->operations[service->at] = operation;
  heddle::Execution::Current().ReplaceOperation(service->id, service->operations[service->at]);
}

bool service_is_dead(const service_task& service) {
  return heddle::Execution::Current().tasks()[service.id].state == heddle::TaskState::kDead;
}

// No std::string: a service is spawned in executions that must not allocate.
std::string_view service_name(std::string_view prefix, std::string_view name,
                              std::string_view suffix) {
  static char text[128];
  size_t size = 0;
  for (const std::string_view part : {prefix, name, suffix}) {
    const size_t taken = std::min(part.size(), sizeof(text) - size);
    std::copy_n(part.data(), taken, text + size);
    size += taken;
  }
  return {text, size};
}

}  // namespace models::kernel
