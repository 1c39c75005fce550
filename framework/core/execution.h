// SPDX-License-Identifier: MIT
//
// Execution: one run of the program under one schedule.
//
// Tasks run on fibers of one OS thread, one at a time, from one scheduling point to the next. At a
// scheduling point the running task publishes the operation it is about to perform, the decider
// names the task that takes the next step, and the running task returns at once or jumps straight
// to that one: there is no loop in the middle.
//
// A failure ends the execution: its tasks are abandoned where they stand, nothing is unwound, and
// the memory they used is reset.
//
// Bodies use Spawn, JoinAll, Choose, MayFail, AddInvariant; the rest is for primitives
// (framework/sync, models/kernel) and detectors.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/execution_options.h"
#include "heddle/core/execution_state.h"
#include "heddle/core/execution_storage.h"
#include "heddle/core/failure.h"
#include "heddle/core/monitor.h"
#include "heddle/core/object.h"
#include "heddle/core/operation.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/core/task_body.h"

namespace heddle {

class Execution : public ExecutionState {
 public:
  Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // ---- For bodies

  // Starts a task. It runs up to its first scheduling point at once; that much of it belongs to the
  // step of the spawning task. `name` is what reports call it. A daemon may still be idle when the
  // execution ends.
  //
  // Scheduling point: none.
  // Fails:            kMisuse past Limits::tasks_max.
  // REQUIRES:         called from a task.
  template <class Function>
  TaskId Spawn(std::string_view name, Function function) {
    return SpawnTask(name, TaskBody::Of(&function), false);
  }
  template <class Function>
  TaskId SpawnDaemon(std::string_view name, Function function) {
    return SpawnTask(name, TaskBody::Of(&function), true);
  }

  // Waits until `task` has finished.
  //
  // Scheduling point: before the join.
  // Blocks:           until the task has finished or died.
  void Join(TaskId task, SourceLocation where = SourceLocation::Here());

  // Waits until every other task has finished or died, or is an idle daemon. Armed timers are
  // waited for.
  //
  // Scheduling point: before the join.
  // Blocks:           as long as another task can go on.
  void JoinAll(SourceLocation where = SourceLocation::Here());

  // Lets another task go first, if one can.
  //
  // Scheduling point: itself; going on with another task is no preemption.
  void Yield(SourceLocation where = SourceLocation::Here());

  // Waits until the virtual clock has moved on by `nanoseconds`. Time passes when no task can go
  // on, or earlier, as a fault.
  //
  // Scheduling point: before the sleep. Blocks: until the deadline.
  void Sleep(uint64_t nanoseconds, SourceLocation where = SourceLocation::Here());

  // Returns a value below `bound`, a free choice of the environment: all values are explored within
  // any bounds. REQUIRES: bound > 0.
  uint32_t Choose(uint32_t bound, const char* site = "choice",
                  SourceLocation where = SourceLocation::Here());

  // Returns whether the operation named by `site` fails this time. A failure costs one fault.
  bool MayFail(const char* site, SourceLocation where = SourceLocation::Here());

  // As MayFail, for a failure that the program is expected to retry: not twice in a row, another
  // task takes a step first.
  bool MayFailSpuriously(const char* site, SourceLocation where = SourceLocation::Here());

  // Has `invariant` checked from now on to the end of the execution. What it looks at must live
  // that long: no local variable of the body.
  void AddInvariant(Invariant invariant);

  // Returns the value of a parameter of the scenario. REQUIRES: the parameter exists.
  int64_t Parameter(std::string_view name) const;

  // ---- For primitives and detectors

  // The execution whose task is running. REQUIRES: a task is running (HasCurrent()).
  static Execution& Current() {
    if (current_ == nullptr) [[unlikely]]
      FailOutsideTask();
    return *current_;
  }
  static bool HasCurrent() { return current_ != nullptr; }

  // Stands at `operation` until it can be performed and this task is the one that goes on. The
  // caller performs it upon return, in the same step, unless the outcome says otherwise. REQUIRES:
  // called from a task; `operation` lives until the return.
  Outcome SchedulingPoint(const Operation& operation);

  // Says that operations on `object` may have become ready, or have ceased to be.
  void Changed(ObjectId object) {
    if (step_log_ != nullptr) [[unlikely]]
      LogTouch(object, AccessMode::kWrite);
    if (objects_[object].standing == 0) return;
    if (tasks_.Refresh(*this, object)) tasks_.Refresh(*this, kExecutionObject);
  }

  // Puts `operation` in place of the one that `task` stands at: an idle worker got work, a timer
  // was armed. REQUIRES: `task` stands at another operation; `operation` lives until the task's
  // next step.
  void ReplaceOperation(TaskId task, const Operation& operation);

  // Resolves a primitive's reference, entering the object on its first use in this execution.
  // `*is_new` says so. `name` must outlive the execution.
  ObjectId Resolve(ObjectRef* ref, const ObjectType& type, const char* name,
                   bool* is_new = nullptr);

  // Name of an object for reports: as the source spells it; a second live object of one name gets
  // "#2".
  std::string ObjectName(ObjectId id) const;
  // Somebody looked at `object` (a lock) without blocking on it: its releases are scheduling points
  // from the next round of the search on (ADR-0004).
  void ObservedWithoutBlocking(ObjectId object);
  // Marks the objects inside freed memory as gone. Who is blocked on them is asked again.
  void ForgetObjects(const void* start, size_t size);
  // The destructor of a primitive runs, in a task or outside. A later use is misuse, also of an
  // object that was never used. Fails: kMisuse if a task holds the object or is blocked on it.
  static void OnDestruction(ObjectRef* ref, const ObjectType& type, const char* name);

  // The running task acquired or let go of `object`: for reports, wait edges and happens-before.
  void Acquired(ObjectId object, uint32_t mode, SourceLocation where);
  void Released(ObjectId object);
  // As Released, but nobody learns of what the task did.
  void Dropped(ObjectId object);
  // Orders nothing.
  void AddHolding(TaskId task, const Holding& holding);
  // Returns what `task` holds of `object`, or null.
  const Holding* FindHolding(TaskId task, ObjectId object) const;
  // Returns whether a task is blocked at an operation on `object`.
  bool IsWaitedOn(ObjectId object) const;

  // Ends the execution with a failure. Does not return when called from a task.
  [[noreturn]] void Fail(Failure failure);
  // Ends the execution because a primitive was misused: `sentence` says how, and what was expected.
  [[noreturn]] void Misuse(ObjectId object, std::string sentence, SourceLocation where);
  // Called before a failure kOops of a task ends the execution; returns true if only the task is to
  // die. Null, as at the beginning of each execution: an oops is a failure like others.
  using OopsHandler = bool (*)(Execution& execution, Failure* failure);
  void set_oops_handler(OopsHandler handler) { oops_handler_ = handler; }
  // Stops the running task for ever, with everything it holds: an oops that the scenario lets
  // happen.
  [[noreturn]] void Die();

  void SetKey(ObjectId object, uintptr_t address);  // REQUIRES: step_log() is not null.
  ExecutionObserver* observer() const { return options_->observer; }

  // Adds a line to the trace that is no step of its own: an unlock, a free, a fault.
  void Note(const char* verb, std::string object, std::string detail, SourceLocation where);
  void NoteObject(const char* verb, ObjectId object, SourceLocation where) {
    if (!recorder_.tracing()) [[likely]]
      return;
    const internal::RuntimeScope scope;
    Note(verb, ObjectName(object), "", where);
  }

  // Calls `visit` with all memory outside the checked heap that may hold pointers of the program
  // under test: what tasks captured, the stacks of those that have not finished, invariants.
  void VisitRoots(const std::function<void(const void* begin, size_t size)>& visit) const;

  // Keeps `text` until the end of the execution.
  const char* Intern(std::string_view text);

  // Returns what the next step of `task` will touch by its operation. REQUIRES: as above.
  std::vector<StepAccess> AccessesAtPoint(TaskId task) const;

  // ---- For explore/

  // Runs `body` and every task it spawns until all have finished or one failure is found.
  // REQUIRES: strategy.BeginExecution() returned true.
  ExecutionSummary Run(Strategy& strategy, const std::function<void(Execution&)>& body,
                       const ExecutionOptions& options);

 private:
  friend class ExecutionTestPeer;

  TaskId SpawnTask(std::string_view name, const TaskBody& body, bool is_daemon);
  Task& AddTask(std::string_view name, bool is_daemon);
  void RunUntilFirstPoint(Task* child);

  [[noreturn]] static void FailOutsideTask();
  void Reset(Strategy& strategy, const ExecutionOptions& options);
  void CheckUse(ObjectId object, AccessMode mode, SourceLocation where);
  void BeginStep(Task* task);
  void EndStep();
  void CheckInvariants(CheckedAt when);
  void SwitchFrom(Task* task, Task* next);
  Task* NextAfter(Task* task, bool may_continue);
  void Conclude();
  [[noreturn]] void LeaveForGood();
  void ReturnToSpawner(Task* child);
  void CheckForStuckTasks(const Task& blocked);
  void CheckForStuckTasksAfter(const Task& gone);
  void RecordStep(const Task& task);
  void LogStep(const Task& task);
  void LogArrival(const Operation& operation);
  void LogRelease(ObjectId object, AccessMode mode);
  void LetGoOf(ObjectId object);
  StepAccess AccessOf(const Operation& operation) const;
  void LogWaitingTasks();
  std::string ReleaseLocation(ObjectId id) const;
  void OnDestructionOf(ObjectId id);
  [[noreturn]] void FailGone(const Operation& operation);
  void NoteBlockedTasks();
  [[noreturn]] void FailStepLimit(const Task& task);
  void FinishTask(Task* task);
  static void RunTask(void* task);

  static Execution* current_;

  Fiber root_;
  TaskId last_step_task_ = kNoTask;
  bool has_invariants_ = false;
  OopsHandler oops_handler_ = nullptr;
  std::vector<Invariant> invariants_;
  ExecutionStorage storage_;
  const std::function<void(Execution&)>* body_ = nullptr;
};

}  // namespace heddle
