// SPDX-License-Identifier: MIT
//
// Failure: what went wrong in the program under test, as a value.
//
// The identity of a failure (kind, property, objects, innermost functions) tells two failures apart
// when a search keeps going; the rest is for the report.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/base/ids.h"

namespace heddle {

enum class FailureKind : uint8_t {
  kDeadlock,           // A cycle of tasks, each waiting for what the next one holds.
  kRecursiveDeadlock,  // A task waits for itself.
  kHang,               // A task waits for ever, without a cycle.
  kLivelock,           // Tasks run for ever without progress.
  kUseAfterFree,
  kDoubleFree,
  kInvalidFree,
  kStackUseAfterReturn,
  kOutOfBounds,
  kUninitialisedRead,
  kLeak,
  kOops,  // A null or wild access.
  kDataRace,
  kInvariant,  // `property` says which.
  kAssertion,
  kLockOrder,    // Predicted, not hit.
  kMisuse,       // Of a primitive.
  kAtomicSleep,  // Sleeping where sleeping is forbidden.
  kRcuMisuse,
  kStepLimit,
  kAbort,
  kUncaughtException,
  kNondeterminism,
};

// Returns the name that reports and JSON use: "use-after-free".
std::string_view FailureKindName(FailureKind kind);

// A place in the program under test.
struct StackFrame {
  std::string function;
  std::string file;
  int line = 0;
};

// Something a task holds when an execution ends, or has promised to complete.
struct HeldObject {
  std::string object;  // "conn->lock"
  uint64_t step = 0;   // Since when.
  bool is_obligation = false;
  std::string function;  // Where it was acquired.
  std::string file;
  int line = 0;
};

// One task of a wait cycle or hang, and what it waits for.
struct WaitEdge {
  TaskId task;
  std::string task_name;
  std::string verb;      // "lock"
  std::string object;    // "hdev->lock"; empty for a task that is dead or only named as an owner.
  std::string function;  // Where it waits.
  std::string file;
  int line = 0;
  std::vector<TaskId> owners;  // Who would have to act.
  bool is_dead = false;        // Stopped by an oops, or finished, holding everything.
  bool has_finished = false;   // Of the two: finished.
  // In order of acquisition.
  std::vector<HeldObject> holdings;
  // The functions it waits in, innermost first; empty where only `function` is known.
  std::vector<StackFrame> frames;
};

// One access, allocation or free in the history of a piece of memory.
struct MemoryEvent {
  std::string what;  // "write of size 4", "allocated", "freed"
  TaskId task;
  std::string task_name;
  uint64_t step = 0;
  using Frame = StackFrame;
  std::vector<Frame> frames;  // Innermost first.
};

// What the shadow memory or the race detector knows about the bytes concerned.
struct MemoryHistory {
  std::string object;  // "conn_param_update_data"
  uint64_t object_size = 0;
  int64_t offset = 0;  // Of the access from the start of the object.
  std::vector<MemoryEvent> events;
};

struct Failure {
  FailureKind kind = FailureKind::kAssertion;
  // Which property broke (INV-B1), or empty.
  std::string property;
  // One line for a person: "deadlock: conn->lock, hdev->lock" without the kind.
  std::string title;
  // Names of the objects involved, sorted.
  std::vector<std::string> objects;
  // Names of the tasks involved, in order of their ids.
  std::vector<std::string> tasks;
  // Innermost function of each involved task, sorted.
  std::vector<std::string> functions;
  // Deadlocks and hangs: cycle first, in order; then tasks that wait behind it.
  std::vector<WaitEdge> waits;
  size_t cycle_size = 0;
  // Memory failures and races.
  std::shared_ptr<const MemoryHistory> memory;
  uint64_t step = 0;
  // The task that ran when the execution failed, or kNoTask, and where it was, innermost first.
  TaskId task = kNoTask;
  std::vector<StackFrame> frames;
  // What else a person should know, one sentence each.
  std::vector<std::string> details;

  // Returns the text by which equal failures are recognised.
  std::string Identity() const;
};

}  // namespace heddle
