// SPDX-License-Identifier: MIT
//
// The scheduling point is the core of the engine: publish, decide, stay or jump. It runs on the
// stack of the task that stands at it; the explorer's own stack (root_) is left when an execution
// begins and taken up again when it has ended.

#include "heddle/core/execution.h"

#include <algorithm>
#include <utility>

#include "heddle/base/check.h"
#include "heddle/core/divergence.h"
#include "heddle/core/wait_graph.h"
#include "heddle/memory/region.h"
#include "heddle/memory/shadow.h"

namespace heddle {

Execution* Execution::current_ = nullptr;

Execution::Execution() {
  Fiber::SetExceptionHandler([](const char* what, bool is_doctest) {
    Execution& execution = Current();
    internal::LeaveTaskCode();
    Failure failure{.kind = FailureKind::kUncaughtException};
    failure.title = is_doctest ? "a doctest macro was used inside a task; use HEDDLE_ENSURE there"
                               : std::string("an exception left the task: ") + what;
    failure.tasks = {execution.running().name};
    ExecutionObserver* const observer = execution.options_->observer;
    if (observer != nullptr) observer->Locate(execution, /*is_exception=*/true, &failure);
    execution.Fail(std::move(failure));
  });
}

void Execution::FailOutsideTask() {
  HEDDLE_CHECK(false) << "a primitive of heddle was used outside a task; use it in the "
                         "body given to heddle::Explore or in a task spawned by it";
}

ExecutionSummary Execution::Run(Strategy& strategy, const std::function<void(Execution&)>& body,
                                const ExecutionOptions& options) {
  Reset(strategy, options);
  body_ = &body;
  if (step_log_ != nullptr) step_log_->BeginStep(TaskId{0}, 0, /*is_barrier=*/false);
  Task& first = AddTask("main", false);
  first.captured = this;
  first.run = [](void* execution) {
    auto* self = static_cast<Execution*>(execution);
    (*self->body_)(*self);
  };
  first.state = TaskState::kActive;
  happens_before_.Spawn(kNoTask, first.id);
  running_ = &first;
  current_ = this;
  if (options_->observer != nullptr) options_->observer->OnBegin(*this);
  Fiber::Switch(root_, first.fiber);

  internal::LeaveTaskCode();
  if (options_->observer != nullptr) options_->observer->OnEnd(*this);
  if (step_log_ != nullptr && failure_) LogWaitingTasks();
  current_ = nullptr;
  const ExecutionSummary summary{.decisions = decider_.decisions(),
                                 .steps = step_,
                                 .tasks = tasks_.size(),
                                 .preemptions = decider_.preemptions(),
                                 .faults = decider_.faults(),
                                 .failed = failure_.has_value()};
  return summary;
}

void Execution::Reset(Strategy& strategy, const ExecutionOptions& options) {
  options_ = &options;
  internal::task_code.accesses_max = options.limits.accesses_max;
  static uint32_t executions = 0;  // Of all Execution objects: what another one left is stale, too.
  HEDDLE_CHECK(serial_ == 0 || serial_ == executions)
      << "an Execution ran after another one had taken its stacks; use one at a time";
  serial_ = ++executions;
  tasks_.Reset();
  objects_.Reset();
  happens_before_.set_enabled(options.happens_before);
  happens_before_.Reset();
  recorder_.set_tracing(options.tracing);
  recorder_.set_digesting(options.digesting);
  recorder_.Reset();
  decider_.Begin(*this, &strategy);
  step_log_ = strategy.Steps();
  now_ = VirtualTime{0};
  step_ = 0;
  last_step_task_ = kNoTask;
  failure_.reset();
  has_invariants_ = false;
  oops_handler_ = nullptr;
  invariants_.clear();
  storage_.Reset();
}

Outcome Execution::SchedulingPoint(const Operation& operation) {
  internal::LeaveTaskCode();
  Task& self = *running_;
  CheckUse(operation.object, operation.type->access, operation.where);
  EndStep();
  if (step_log_ != nullptr) [[unlikely]]
    LogArrival(operation);
  ++objects_[operation.object].standing;
  const bool ready = tasks_.Publish(*this, &self, operation);
  if (!ready) CheckForStuckTasks(self);
  if (self.spawner != kNoTask) {
    ReturnToSpawner(&self);
  } else {
    Task* next = NextAfter(&self, ready && !operation.type->yields);
    if (next == nullptr) LeaveForGood();
    if (next != &self) SwitchFrom(&self, next);
  }
  BeginStep(&self);
  internal::EnterTaskCode(&self.calls);
  return self.outcome;
}

void Execution::ReplaceOperation(TaskId id, const Operation& operation) {
  const internal::RuntimeScope scope;
  Task& task = tasks_[id];
  HEDDLE_CHECK(task.pending != nullptr && task.pending != &operation)
      << task.name << " does not stand at another operation";
  if (step_log_ != nullptr) {
    step_log_->Replace(id);
    LogArrival(operation);
  }
  --objects_[task.pending->object].standing;
  ++objects_[operation.object].standing;
  tasks_.Replace(*this, &task, operation);
  Changed(kExecutionObject);
  if (!tasks_.enabled().Has(id)) CheckForStuckTasks(task);
}

// Returns the task that takes the next step, or null once the execution has ended.
Task* Execution::NextAfter(Task* task, bool may_continue) {
  Outcome outcome = Outcome::kReady;
  const TaskId next = decider_.NextTask(tasks_, task->id, may_continue, &outcome);
  if (next == kNoTask) [[unlikely]] {
    Conclude();
    return nullptr;
  }
  Task& chosen = tasks_[next];
  chosen.outcome = outcome;
  return &chosen;
}

void Execution::SwitchFrom(Task* task, Task* next) {
  running_ = next;
  Fiber::Switch(task->fiber, next->fiber);
}

// No task can take a step: the end, a deadlock, or a prefix that this program does not follow.
void Execution::Conclude() {
  if (decider_.given_up()) return;
  if (decider_.diverged()) {
    Fail({.kind = FailureKind::kNondeterminism, .title = DescribeDivergence(*this)});
  }
  if (!tasks_.IsQuiescent(kNoTask)) {
    if (std::optional<Failure> stuck = FindStuckTasks(*this)) Fail(std::move(*stuck));
  }
  CheckInvariants(CheckedAt::kEnd);
  if (options_->observer != nullptr) options_->observer->OnQuiescent(*this);
}

void Execution::LeaveForGood() {
  Fiber::Switch(running_->fiber, root_);
  HEDDLE_CHECK(false) << "a task went on after its execution had ended";
}

// Primitives keep their state in the object table, so it survives their memory. The task would not.
void Execution::CheckUse(ObjectId object, AccessMode mode, SourceLocation where) {
  const void* const used = objects_[object].address;
  const auto address = reinterpret_cast<uintptr_t>(used);
  if (!Region::Contains(address) || options_->observer == nullptr) return;
  const bool is_plain_local = Region::IsStack(address) && Shadow::IsPlain(address, 1);
  if (is_plain_local) return;
  options_->observer->OnUse(*this, used, mode != AccessMode::kRead, where);
}

void Execution::BeginStep(Task* task) {
  const Operation& operation = *task->pending;
  if (task->outcome == Outcome::kTimedOut) now_ = std::max(now_, operation.deadline);
  ++step_;
  ++task->steps;
  if (task->outcome == Outcome::kInterrupted) task->others_at_interruption = step_ - task->steps;
  if (recorder_.digesting()) [[unlikely]]
    RecordStep(*task);
  if (step_log_ != nullptr) [[unlikely]]
    LogStep(*task);
  Object& object = objects_[operation.object];
  --object.standing;
  tasks_.Withdraw(task);
  last_step_task_ = task->id;
  if (step_ > options_->limits.steps_max) [[unlikely]]
    FailStepLimit(*task);
  if (!operation.type->needs_object) return;
  if (object.is_destroyed) [[unlikely]]
    FailGone(operation);
  CheckUse(operation.object, operation.type->access, operation.where);
}

void Execution::EndStep() {
  if (has_invariants_) [[unlikely]]
    CheckInvariants(CheckedAt::kEveryStep);
}

void Execution::ReturnToSpawner(Task* child) {
  Task& spawner = tasks_[std::exchange(child->spawner, kNoTask)];
  child->state = TaskState::kActive;
  SwitchFrom(child, &spawner);
}

// A cycle can only close when a task comes to a wait: the other tasks of the cycle are blocked
// already. While the owner of the object itself can go on, nobody is stuck.
void Execution::CheckForStuckTasks(const Task& blocked) {
  const Operation& operation = *blocked.pending;
  if (operation.type->rule == WaitRule::kIdle) {
    Changed(kExecutionObject);
    return;
  }
  // Who holds nothing and waits for all others closes no cycle.
  const bool is_last_resort = operation.object == kExecutionObject && blocked.holdings.empty();
  if (is_last_resort && !tasks_.enabled().empty()) return;
  const Object& object = objects_[operation.object];
  if (object.is_destroyed && operation.type->needs_object) [[unlikely]]
    FailGone(operation);
  if (object.owner != kNoTask && tasks_.enabled().Has(object.owner)) return;
  if (std::optional<Failure> stuck = FindStuckTasks(*this)) Fail(std::move(*stuck));
}

void Execution::CheckInvariants(CheckedAt when) {
  for (const Invariant& invariant : invariants_) {
    if (when == CheckedAt::kEveryStep && invariant.when == CheckedAt::kEnd) continue;
    std::optional<Violation> violation = invariant.check();
    if (!violation) continue;
    Failure failure{.kind = FailureKind::kInvariant, .property = invariant.property};
    failure.title = std::move(violation->sentence);
    failure.objects = std::move(violation->objects);
    failure.functions = std::move(violation->functions);
    failure.tasks = {running_->name};
    Fail(std::move(failure));
  }
}

void Execution::AddInvariant(Invariant invariant) {
  const internal::RuntimeScope scope;
  has_invariants_ |= invariant.when == CheckedAt::kEveryStep;
  if (step_log_ != nullptr) {
    step_log_->Refuse(
        "it states invariants, which may compare moments that no step orders; dpor "
        "keeps what the body checks after JoinAll");
  }
  invariants_.push_back(std::move(invariant));
}

// ---- Tasks

Task& Execution::AddTask(std::string_view name, bool is_daemon) {
  const internal::RuntimeScope scope;
  if (tasks_.size() >= std::min(options_->limits.tasks_max, kTaskCapacity)) {
    Failure failure{.kind = FailureKind::kMisuse,
                    .title = "more than " + std::to_string(options_->limits.tasks_max) +
                             " tasks; raise the limit tasks_max or spawn fewer"};
    failure.tasks = {running_->name};
    if (options_->observer != nullptr) options_->observer->Locate(*this, false, &failure);
    Fail(std::move(failure));
  }
  Task& task = tasks_.Add(name);
  if (tracing()) recorder_.trace().task_names.emplace_back(name);
  task.is_daemon = is_daemon;
  if (step_log_ != nullptr) {
    step_log_->Touch(kSpawnKey, AccessMode::kWrite);
    step_log_->Order(StartKey(task.id), AccessMode::kWrite);
  }
  task.fiber.Start(RunTask, &task);
  return task;
}

TaskId Execution::SpawnTask(std::string_view name, const TaskBody& body, bool is_daemon) {
  Task& child = AddTask(name, is_daemon);
  {
    const internal::RuntimeScope scope;
    child.captured = storage_.Allocate(body.size, body.alignment);
  }
  body.move(body.function, child.captured);
  child.captured_size = body.size;
  child.run = body.run;
  RunUntilFirstPoint(&child);
  return child.id;
}

void Execution::RunUntilFirstPoint(Task* child) {
  internal::LeaveTaskCode();
  Task& self = *running_;
  child->spawner = self.id;
  happens_before_.Spawn(self.id, child->id);  // Not before the child has what it captures.
  SwitchFrom(&self, child);
  internal::EnterTaskCode(&self.calls);
}

void Execution::RunTask(void* task_pointer) {
  auto* task = static_cast<Task*>(task_pointer);
  internal::EnterTaskCode(&task->calls);
  task->run(task->captured);
  internal::LeaveTaskCode();
  Current().FinishTask(task);
}

void Execution::FinishTask(Task* task) {
  EndStep();
  const bool was_starting = task->spawner != kNoTask;
  if (step_log_ != nullptr) step_log_->Order(ExitKey(task->id), AccessMode::kWrite);
  tasks_.Retire(task, TaskState::kFinished);
  task->state = TaskState::kFinished;
  Changed(kExecutionObject);
  if (was_starting) {
    running_ = &tasks_[std::exchange(task->spawner, kNoTask)];
  } else {
    if (!task->holdings.empty()) CheckForStuckTasksAfter(*task);
    Task* next = NextAfter(task, false);
    task->fiber.SetSuccessor(next == nullptr ? &root_ : &next->fiber);
    if (next != nullptr) running_ = next;
    return;
  }
  task->fiber.SetSuccessor(&running_->fiber);
}

void Execution::Die() {
  internal::LeaveTaskCode();
  Task& self = *running_;
  tasks_.Retire(&self, TaskState::kDead);
  Changed(kExecutionObject);
  CheckForStuckTasksAfter(self);
  if (self.spawner != kNoTask) {
    SwitchFrom(&self, &tasks_[std::exchange(self.spawner, kNoTask)]);
  } else {
    if (Task* next = NextAfter(&self, false)) SwitchFrom(&self, next);
  }
  LeaveForGood();
}

// The tasks that waited for what `gone` holds wait for ever from now on.
void Execution::CheckForStuckTasksAfter(const Task& gone) {
  if (gone.holdings.empty() && gone.state == TaskState::kFinished) return;
  if (std::optional<Failure> stuck = FindStuckTasks(*this)) Fail(std::move(*stuck));
}

// ---- Failures

void Execution::Fail(Failure failure) {
  internal::LeaveTaskCode();
  const bool is_oops = failure.kind == FailureKind::kOops && !failure_;
  const bool only_dies = is_oops && oops_handler_ != nullptr && oops_handler_(*this, &failure);
  const bool is_first = !only_dies && !failure_;
  if (is_first) {
    failure.step = step_;
    if (failure.task == kNoTask) failure.task = running_->id;
    failure_ = failure;  // A copy: its parts may lie in the memory of the task, which is reset.
  }
  {
    // This stack is never unwound, and assigning an empty Failure would keep its strings' memory.
    const Failure spent = std::move(failure);
  }
  if (only_dies) Die();
  if (is_first && tracing()) NoteBlockedTasks();
  LeaveForGood();
}

void Execution::FailStepLimit(const Task& task) {
  Fail({.kind = FailureKind::kStepLimit,
        .title = "more than " + std::to_string(options_->limits.steps_max) +
                 " scheduling points; " + task.name + " took the last one",
        .tasks = {task.name}});
}

void Execution::Misuse(ObjectId object, std::string sentence, SourceLocation where) {
  const internal::RuntimeScope scope;
  CheckUse(object, AccessMode::kRead,
           where);  // A primitive whose memory is gone knows nothing of its owner either.
  Failure failure{.kind = FailureKind::kMisuse, .title = std::move(sentence)};
  if (object != kExecutionObject) failure.objects = {ObjectName(object)};
  failure.tasks = {running_->name};
  failure.functions = {where.function};
  failure.frames = {{.function = where.function, .file = where.file, .line = where.line}};
  Note("misuse", object == kExecutionObject ? "" : ObjectName(object), "", where);
  Fail(std::move(failure));
}

}  // namespace heddle
