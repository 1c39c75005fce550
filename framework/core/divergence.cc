// SPDX-License-Identifier: MIT

#include "heddle/core/divergence.h"

#include "heddle/core/execution.h"

namespace heddle {

// What keeps `task` from taking the next step.
static std::string Obstacle(const Execution& execution, TaskId id, const std::string& name) {
  const TaskList& tasks = execution.tasks();
  if (id.value >= tasks.size()) {
    return "there are only " + std::to_string(tasks.size()) + " tasks";
  }
  const Task& task = tasks[id];
  if (task.state == TaskState::kFinished) return name + " has finished";
  if (task.state == TaskState::kDead) return name + " is dead";
  if (tasks.enabled().Has(id)) return "the program asks for a value here";
  if (task.pending == nullptr) return name + " has not begun";
  const Operation& operation = *task.pending;
  if (operation.object == kExecutionObject) {
    return name + " is blocked in " + operation.type->verb;
  }
  return name + " is blocked on " + execution.ObjectName(operation.object);
}

std::string DescribeDivergence(const Execution& execution) {
  const std::span<const Decision> decisions = execution.decider().decisions();
  const Decision decision = decisions.back();
  const std::string where = "decision " + std::to_string(decisions.size()) + ": ";
  if (decision.is_value) {
    return where + "the schedule chooses the value " + std::to_string(decision.value) +
           ", which the program does not offer here";
  }
  const std::string name = "T" + std::to_string(decision.value);
  return where + "the schedule runs " + name + ", but " +
         Obstacle(execution, decision.task(), name);
}

std::string DivergenceSentence(const std::string& description) {
  return "DIVERGED at " + description +
         "; the program or the model has changed since this schedule was recorded";
}

}  // namespace heddle
