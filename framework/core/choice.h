// SPDX-License-Identifier: MIT
//
// ChoicePoint and Decision: the questions an execution asks and the answers it gets.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "heddle/base/ids.h"
#include "heddle/core/task_set.h"

namespace heddle {

class Execution;

// One answer: which task takes the next step, or which value a value choice yields.
struct Decision {
  uint32_t value : 31 = 0;
  uint32_t is_value : 1 = 0;

  static Decision Task(TaskId task) { return {.value = task.value, .is_value = 0}; }
  static Decision Value(uint32_t v) { return {.value = v & 0x7fffffffU, .is_value = 1}; }
  TaskId task() const { return TaskId{static_cast<uint16_t>(value)}; }
  friend bool operator==(const Decision&, const Decision&) = default;
};

// A scheduling point with more than one alternative.
struct ChoicePoint {
  const Execution& execution;
  // Tasks that may take the next step within the bounds; never empty. Includes tasks whose wait may
  // time out or be interrupted now.
  const TaskSet& alternatives;
  // Tasks of `alternatives` that would not wait: their operation can be performed.
  const TaskSet& enabled;
  // The task that took the last step.
  TaskId running;
  // What happens without intervention: the running task while it can go on, else the next one.
  TaskId preferred;
  // Whether some task's wait could end early.
  bool has_waiting = false;
  // Whether any other choice than `running` is a preemption.
  bool is_preemptible = false;
  // Scheduling points passed so far.
  uint64_t step = 0;
};

// A choice among the values 0 .. bound - 1.
struct ValueChoice {
  const Execution& execution;
  uint32_t bound = 0;
  // Values other than 0 are faults, and the fault budget allows one more.
  bool is_fault = false;
  // How many decisions were taken before this one.
  uint32_t decision = 0;
  // What is being decided: "kmalloc in l2cap_conn_add may fail".
  const char* site = "";
};

// How much an execution may deviate; kUnbounded for no bound.
inline constexpr uint32_t kUnbounded = ~uint32_t{0};

struct Bounds {
  uint32_t preemptions = kUnbounded;
  uint32_t faults = kUnbounded;
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

// What an execution was like, for the strategy that chose its schedule.
struct ExecutionSummary {
  std::span<const Decision> decisions;
  uint64_t steps = 0;
  size_t tasks = 0;
  uint32_t preemptions = 0;
  uint32_t faults = 0;
  bool failed = false;
};

}  // namespace heddle
