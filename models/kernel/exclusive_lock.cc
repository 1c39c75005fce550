// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/exclusive_lock.h"

#include "heddle/core/execution.h"
#include "models/kernel/finding.h"

namespace models::kernel::internal {

using heddle::Execution;
using heddle::ObjectId;
using heddle::Operation;

bool can_lock(const Execution& execution, const Operation& operation) {
  const heddle::Object& object = execution.object(operation.object);
  return object.owner == heddle::kNoTask || is_gone(object);
}

void exclusive_lock::take(ObjectId id, acquisition how) const {
  Execution& execution = Execution::Current();
  how.kind = kind;
  execution.object(id).owner = execution.running().id;
  execution.Acquired(id, 0, call.where);
  lock_acquired(*map, id, how, call.where);
  execution.Changed(id);
}

bool exclusive_lock::lock(u32 subclass, bool is_interruptible) const {
  Operation operation{.type = &operations.lock, .interruptible = is_interruptible};
  if (stand_at(&map->handle, call, &operation) == heddle::Outcome::kInterrupted) {
    // The task saw the lock held, and goes on.
    Execution::Current().ObservedWithoutBlocking(operation.object);
    return false;
  }
  take(operation.object, {.subclass = subclass});
  return true;
}

ObjectId exclusive_lock::look_without_blocking(const heddle::OperationType& type) const {
  Execution::Current().ObservedWithoutBlocking(use_object(&map->handle, call));
  Operation operation{.type = &type};
  stand_at(&map->handle, call, &operation);
  return operation.object;
}

bool exclusive_lock::try_lock() const {
  const ObjectId id = look_without_blocking(operations.try_lock);
  Execution& execution = Execution::Current();
  if (execution.object(id).owner != heddle::kNoTask) {
    execution.NoteObject(operations.try_lock_fails, id, call.where);
    return false;
  }
  take(id, {.is_trylock = true});
  return true;
}

void exclusive_lock::unlock() const {
  Execution& execution = Execution::Current();
  ObjectId id = use_object(&map->handle, call);
  if (execution.object(id).release_is_point) {
    Operation operation{.type = &operations.unlock};
    stand_at(&map->handle, call, &operation);
    id = operation.object;
  }
  if (execution.object(id).owner != execution.running().id) {
    fail(heddle::FailureKind::kMisuse, id, {call.function, " by a task that is not the owner"},
         call.where);
  }
  execution.object(id).owner = heddle::kNoTask;
  pop_held(id, kind);
  execution.Released(id);
  execution.NoteObject(operations.unlock.verb, id, call.where);
  execution.Changed(id);
}

bool exclusive_lock::is_locked() const {
  const ObjectId id = look_without_blocking(operations.look);
  return Execution::Current().object(id).owner != heddle::kNoTask;
}

}  // namespace models::kernel::internal
