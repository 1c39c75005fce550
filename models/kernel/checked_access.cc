// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/checked_access.h"

#include <cstdint>

#include "heddle/core/execution.h"
#include "heddle/core/task.h"
#include "heddle/memory/region.h"
#include "heddle/memory/task_memory.h"
#include "models/kernel/finding.h"

namespace models::kernel::internal {

using heddle::Execution;
using heddle::FailureKind;
using heddle::Object;
using heddle::ObjectId;

namespace {

constexpr u32 DESTROYED_OBJECT_MAGIC = 0x676f6e65;

// A handle that was copied, or lies in memory that was used for something else, is none.
bool is_object(const Execution& execution, const object_handle* handle) {
  if (!execution.IsKnown(handle->ref)) return false;
  if (handle->ref.id >= execution.objects().size()) return false;
  return execution.object(ObjectId{handle->ref.id}).address == &handle->ref;
}

[[noreturn]] void fail_gone(ObjectId id, const primitive_call& call) {
  fail(FailureKind::kUseAfterFree, id,
       {call.function, " of a ", call.type.noun, " in freed memory"}, call.where);
}

// Freed memory holds no object either; what is wrong then is the access.
void require_memory(const object_handle* handle, const primitive_call& call) {
  heddle::TaskMemory& memory = heddle::TaskMemory::Instance();
  if (!memory.is_active() || !heddle::Region::Contains(reinterpret_cast<uintptr_t>(handle))) return;
  memory.OnUse(Execution::Current(), handle, /*is_write=*/true, call.where);
}

[[noreturn]] void fail_without_object(const object_handle* handle, const primitive_call& call) {
  require_memory(handle, call);
  const bool was_destroyed = handle->magic == DESTROYED_OBJECT_MAGIC;
  fail(FailureKind::kMisuse, heddle::kExecutionObject,
       {call.function, " of a ", call.type.noun,
        was_destroyed ? " that was destroyed" : " that was never initialised"},
       call.where);
}

void require_unused(Execution& execution, ObjectId id, const primitive_call& call) {
  bool is_held = false;
  for (uint16_t i = 0; i < execution.tasks().size(); ++i) {
    const heddle::Holding* holding = execution.FindHolding(heddle::TaskId{i}, id);
    is_held |= holding != nullptr && holding->mode != heddle::kObligation;
  }
  if (!is_held && !execution.IsWaitedOn(id)) return;
  fail(FailureKind::kMisuse, id,
       {call.function, " of a ", call.type.noun, " that is ", is_held ? "held" : "waited for"},
       call.where);
}

}  // namespace

bool is_gone(const Object& object) {
  return object.destroyed_at != 0;
}

ObjectId init_object(object_handle* handle, size_t size, const char* name,
                     const primitive_call& call) {
  Execution& execution = Execution::Current();
  if (is_object(execution, handle)) require_unused(execution, ObjectId{handle->ref.id}, call);
  *handle = {};
  execution.ForgetObjects(handle, size);
  handle->name = name;
  return execution.Resolve(&handle->ref, call.type, name);
}

void destroy_object(object_handle* handle, const primitive_call& call) {
  Execution& execution = Execution::Current();
  require_unused(execution, use_object(handle, call), call);
  execution.ForgetObjects(handle, sizeof(*handle));
  *handle = {.magic = DESTROYED_OBJECT_MAGIC};
}

ObjectId use_object(object_handle* handle, const primitive_call& call) {
  Execution& execution = Execution::Current();
  if (is_object(execution, handle)) [[likely]] {
    const ObjectId id{handle->ref.id};
    if (is_gone(execution.object(id))) [[unlikely]]
      fail_gone(id, call);
    return id;
  }
  if (handle->magic != STATIC_OBJECT_MAGIC) fail_without_object(handle, call);
  // Another object may have been here: on the stack of a function that was called before.
  execution.ForgetObjects(handle, sizeof(*handle));
  return execution.Resolve(&handle->ref, call.type, handle->name);
}

ObjectId peek_object(const object_handle* handle) {
  return is_object(Execution::Current(), handle) ? ObjectId{handle->ref.id}
                                                 : heddle::kExecutionObject;
}

heddle::Outcome stand_at(object_handle* handle, const primitive_call& call,
                         heddle::Operation* operation) {
  Execution& execution = Execution::Current();
  while (true) {
    operation->object = use_object(handle, call);
    operation->where = call.where;
    const heddle::Outcome outcome = execution.SchedulingPoint(*operation);
    const ObjectId now = peek_object(handle);
    if (now == operation->object && !is_gone(execution.object(now))) [[likely]]
      return outcome;
    const bool is_freed =
        now == heddle::kExecutionObject && handle->magic != DESTROYED_OBJECT_MAGIC;
    if (is_freed) fail_gone(operation->object, call);
  }
}

}  // namespace models::kernel::internal
