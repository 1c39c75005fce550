// SPDX-License-Identifier: MIT
//
// The part of Execution that names things and keeps their history: objects, holdings, trace,
// digest.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"

namespace heddle {

// ---- Objects

ObjectId Execution::Resolve(ObjectRef* ref, const ObjectType& type, const char* name,
                            bool* is_new) {
  const bool known = IsKnown(*ref);
  if (is_new != nullptr) *is_new = !known;
  if (known) [[likely]]
    return ObjectId{ref->id};
  const internal::RuntimeScope scope;
  const ObjectId id = objects_.Add(type, name, ref);
  *ref = {.id = id.value, .execution = serial_};
  if (step_log_ != nullptr) SetKey(id, reinterpret_cast<uintptr_t>(ref));
  const SchedulingLocations* locations = options_->locations;
  if (locations != nullptr && !locations->empty()) {
    objects_[id].release_is_point = locations->Has(ReleaseLocation(id));
  }
  return id;
}

void Execution::SetKey(ObjectId id, uintptr_t address) {
  const ExecutionObserver* const observer = options_->observer;
  objects_[id].key = observer == nullptr ? address : observer->StableKey(address);
}

// The number in it counts all objects of the name, also those that are gone: it may not depend on
// what was freed.
std::string Execution::ReleaseLocation(ObjectId id) const {
  int occurrence = 0;
  for (uint32_t i = 1; i <= id.value; ++i) {
    if (std::strcmp(objects_[ObjectId{i}].name, objects_[id].name) == 0) ++occurrence;
  }
  return "release " + std::string(objects_[id].name) + "#" + std::to_string(occurrence);
}

void Execution::ObservedWithoutBlocking(ObjectId object) {
  if (options_->locations == nullptr || objects_[object].release_is_point) return;
  const internal::RuntimeScope scope;
  options_->locations->Learn(ReleaseLocation(object));
}

std::string Execution::ObjectName(ObjectId id) const {
  const Object& named = objects_[id];
  int ordinal = 1;
  for (uint32_t i = 1; i < id.value; ++i) {
    const Object& other = objects_[ObjectId{i}];
    if (std::strcmp(other.name, named.name) != 0) continue;
    // An object that was gone when this one came does not count.
    const bool was_live = other.destroyed_at == 0 || other.destroyed_at > id.value;
    if (was_live) ++ordinal;
  }
  if (ordinal == 1) return named.name;
  return std::string(named.name) + "#" + std::to_string(ordinal);
}

void Execution::ForgetObjects(const void* start, size_t size) {
  const auto* first = static_cast<const std::byte*>(start);
  for (uint32_t i = 1; i < objects_.size(); ++i) {
    Object& object = objects_[ObjectId{i}];
    const auto* address = static_cast<const std::byte*>(object.address);
    if (object.is_freed || address < first || address >= first + size) continue;
    object.is_freed = true;
    if (object.destroyed_at == 0) object.destroyed_at = objects_.size();
    Changed(ObjectId{i});
  }
}

void Execution::OnDestruction(ObjectRef* ref, const ObjectType& type, const char* name) {
  if (HasCurrent()) Current().OnDestructionOf(Current().Resolve(ref, type, name));
}

void Execution::OnDestructionOf(ObjectId id) {
  for (uint16_t i = 0; i < tasks_.size(); ++i) {
    const Task& task = tasks_[TaskId{i}];
    const Holding* holding = FindHolding(task.id, id);
    const bool holds = holding != nullptr && holding->mode != kObligation;
    const bool waits = tasks_.standing().Has(task.id) && !tasks_.enabled().Has(task.id) &&
                       task.pending->object == id;
    if (!holds && !waits) continue;
    const internal::RuntimeScope scope;
    Misuse(id,
           std::string(objects_[id].type->noun) + " destroyed while " + task.name +
               (holds ? " holds it" : " waits on it"),
           holds ? holding->where : task.pending->where);
  }
  if (step_log_ != nullptr) {
    step_log_->TouchByOperation({.object = objects_[id].key});
  }
  objects_[id].is_destroyed = true;
  if (objects_[id].destroyed_at == 0) objects_[id].destroyed_at = objects_.size();
}

void Execution::FailGone(const Operation& operation) {
  const internal::RuntimeScope scope;
  const Object& object = objects_[operation.object];
  const std::string what = std::string(operation.type->verb) + " on a " + object.type->noun;
  if (!object.is_freed) {
    Misuse(operation.object, what + " that has been destroyed", operation.where);
  }
  const SourceLocation& where = operation.where;
  Fail({.kind = FailureKind::kUseAfterFree,
        .title = what + " in freed memory",
        .objects = {ObjectName(operation.object)},
        .tasks = {running_->name},
        .functions = {where.function},
        .frames = {{.function = where.function, .file = where.file, .line = where.line}}});
}

const char* Execution::Intern(std::string_view text) {
  const internal::RuntimeScope scope;
  return storage_.Intern(text);
}

int64_t Execution::Parameter(std::string_view name) const {
  const auto found = options_->parameters.find(name);
  HEDDLE_CHECK(found != options_->parameters.end()) << "the scenario has no parameter " << name;
  return found->second;
}

void Execution::VisitRoots(const std::function<void(const void* begin, size_t size)>& visit) const {
  visit(invariants_.data(), invariants_.size() * sizeof(Invariant));
  for (uint16_t i = 0; i < tasks_.size(); ++i) {
    const Task& task = tasks_[TaskId{i}];
    if (task.state == TaskState::kFinished) continue;
    visit(task.captured, task.captured_size);
    const auto begin = reinterpret_cast<uintptr_t>(&task == running_ ? __builtin_frame_address(0)
                                                                     : task.fiber.used_begin());
    const auto bottom = reinterpret_cast<uintptr_t>(task.fiber.stack_bottom());
    const uintptr_t end = bottom + task.fiber.stack_size();
    const uintptr_t used = std::clamp(begin, bottom, end);
    visit(reinterpret_cast<const void*>(used), end - used);
  }
}

// ---- Holdings

void Execution::Acquired(ObjectId object, uint32_t mode, SourceLocation where) {
  AddHolding(running_->id, {.object = object, .step = step_, .mode = mode, .where = where});
  happens_before_.Acquire(running_->id, objects_[object]);
}

void Execution::AddHolding(TaskId task, const Holding& holding) {
  const internal::RuntimeScope scope;
  tasks_[task].holdings.push_back(holding);
}

void Execution::Released(ObjectId object) {
  LetGoOf(object);
  if (step_log_ != nullptr) LogRelease(object, AccessMode::kWrite);
  happens_before_.Release(running_->id, &objects_[object]);
}

void Execution::Dropped(ObjectId object) {
  LetGoOf(object);
  if (step_log_ != nullptr) LogRelease(object, AccessMode::kRead);
}

void Execution::LetGoOf(ObjectId object) {
  std::vector<Holding>& holdings = running_->holdings;
  for (size_t i = holdings.size(); i > 0; --i) {
    if (holdings[i - 1].object != object) continue;
    holdings.erase(holdings.begin() + static_cast<std::ptrdiff_t>(i - 1));
    break;
  }
}

const Holding* Execution::FindHolding(TaskId task, ObjectId object) const {
  for (const Holding& holding : tasks_[task].holdings) {
    if (holding.object == object) return &holding;
  }
  return nullptr;
}

bool Execution::IsWaitedOn(ObjectId object) const {
  const TaskSet& standing = tasks_.standing();
  for (TaskId id = standing.First(); id != kNoTask; id = standing.After(id)) {
    if (tasks_[id].pending->object == object && !tasks_.enabled().Has(id)) return true;
  }
  return false;
}

// ---- Digest and trace

static const char* DetailOf(const Task& task) {
  switch (task.outcome) {
    case Outcome::kReady:
      return "";
    case Outcome::kTimedOut:
      return "timed out";
    case Outcome::kInterrupted:
      return task.pending->type->interruption;
  }
  return "";
}

static std::string NameForTrace(const Execution& execution, const Operation& operation) {
  if (operation.object != kExecutionObject) return execution.ObjectName(operation.object);
  if (std::string_view(operation.type->verb) == "join") {
    return execution.tasks()[TaskId{static_cast<uint16_t>(operation.argument)}].name;
  }
  return "";
}

void Execution::RecordStep(const Task& task) {
  const Operation& operation = *task.pending;
  recorder_.Mix(task.id.value);
  recorder_.Mix(operation.object.value);
  recorder_.Mix(static_cast<uint64_t>(task.outcome));
  for (const char* c = operation.type->verb; *c != '\0'; ++c) {
    recorder_.Mix(static_cast<unsigned char>(*c));
  }
  if (!tracing()) return;
  SwitchMark mark = SwitchMark::kNone;
  if (last_step_task_ != kNoTask && last_step_task_ != task.id) {
    mark = decider_.preempted() ? SwitchMark::kPreemption : SwitchMark::kSwitch;
  } else if (last_step_task_ == kNoTask) {
    mark = SwitchMark::kSwitch;
  }
  recorder_.Append({.kind = EventKind::kStep,
                    .mark = mark,
                    .step = step_,
                    .task = task.id,
                    .verb = operation.type->verb,
                    .object = NameForTrace(*this, operation),
                    .detail = DetailOf(task),
                    .function = operation.where.function,
                    .file = operation.where.file,
                    .line = operation.where.line});
}

void Execution::Note(const char* verb, std::string object, std::string detail,
                     SourceLocation where) {
  if (!tracing()) return;
  const internal::RuntimeScope scope;
  recorder_.Append({.kind = EventKind::kNote,
                    .step = step_,
                    .task = running_->id,
                    .verb = verb,
                    .object = std::move(object),
                    .detail = std::move(detail),
                    .function = where.function,
                    .file = where.file,
                    .line = where.line});
}

// Ends the trace: what each blocked task stood at.
void Execution::NoteBlockedTasks() {
  for (uint16_t i = 0; i < tasks_.size(); ++i) {
    const Task& task = tasks_[TaskId{i}];
    const bool stands = task.state == TaskState::kActive && task.pending != nullptr;
    if (!stands || tasks_.enabled().Has(task.id)) continue;
    const Operation& operation = *task.pending;
    recorder_.Append({.kind = EventKind::kBlocked,
                      .step = step_,
                      .task = task.id,
                      .verb = operation.type->verb,
                      .object = NameForTrace(*this, operation),
                      .detail = "waits",
                      .function = operation.where.function,
                      .file = operation.where.file,
                      .line = operation.where.line});
  }
}

}  // namespace heddle
