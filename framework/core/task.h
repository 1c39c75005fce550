// SPDX-License-Identifier: MIT
//
// Task: the unit of concurrency. Kernel threads, work items' workers, timers and interrupts are all
// tasks; there is one OS thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/core/call_stack.h"
#include "heddle/core/fiber.h"
#include "heddle/core/operation.h"

namespace heddle {

enum class TaskState : uint8_t {
  kStarting,  // Runs up to its first scheduling point, on behalf of the task that spawned it.
  kActive,    // Running, or standing at a scheduling point.
  kFinished,
  kDead,  // Stopped for ever by an oops, holding everything it held.
};

// Mode of a holding that is none: the task has to act before the waiters of the object can go on.
inline constexpr uint32_t kObligation = ~uint32_t{0};

// A resource that a task holds: a lock, a read section, a work item it runs.
struct Holding {
  ObjectId object;
  uint64_t step = 0;     // Since when.
  uint32_t mode = 0;     // Of the primitive: exclusive, shared, nested; or kObligation.
  SourceLocation where;  // Acquired.
};

inline constexpr uint64_t kNoStep = ~uint64_t{0};

struct Task {
  TaskId id;
  TaskState state = TaskState::kStarting;
  // Daemons (workers, timers) may still be idle when an execution ends.
  bool is_daemon = false;
  // How the pending operation ended.
  Outcome outcome = Outcome::kReady;
  // The operation this task stands at; null while it runs its step.
  const Operation* pending = nullptr;
  // The task that goes on once this one has reached its first scheduling point.
  TaskId spawner = kNoTask;
  std::vector<Holding> holdings;
  CallStack calls;
  std::string name;
  uint64_t steps = 0;  // Scheduling points passed by this task.
  // Steps that other tasks had taken when this one was last interrupted or failed spuriously.
  uint64_t others_at_interruption = kNoStep;
  // The function it runs, and what it captured; in memory that lives as long as the execution.
  void (*run)(void* captured) = nullptr;
  void* captured = nullptr;
  size_t captured_size = 0;
  Fiber fiber;
};

}  // namespace heddle
