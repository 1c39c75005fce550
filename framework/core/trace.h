// SPDX-License-Identifier: MIT
//
// Trace: the events of one execution, in order, for a person to read.
//
// A passing execution records decisions only. A trace exists when a failing schedule is run again
// with tracing on; equal schedules give equal traces.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/base/ids.h"

namespace heddle {

// How the task of an event came to run.
enum class SwitchMark : uint8_t {
  kNone,        // It took the step before, too.
  kSwitch,      // The previous task was blocked, gave way or had finished.
  kPreemption,  // The previous task could have gone on.
};

enum class EventKind : uint8_t {
  kStep,     // A visible operation, begun at a scheduling point.
  kNote,     // Something a reader wants to see that is no scheduling point: unlock, alloc, free,
             // fault.
  kBlocked,  // The operation a task stood at, and could not perform, when the execution ended.
};

struct Event {
  EventKind kind = EventKind::kStep;
  SwitchMark mark = SwitchMark::kNone;
  uint64_t step = 0;  // Number of the step it belongs to, from 1.
  TaskId task;
  std::string verb;      // "lock"
  std::string object;    // "conn->lock"
  std::string detail;    // "fails", "= 3", "timed out"; may be empty.
  std::string function;  // Innermost function of the program under test.
  std::string file;
  int line = 0;
};

struct Trace {
  std::vector<Event> events;
  std::vector<std::string> task_names;  // By task id.
};

}  // namespace heddle
