// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/reader_writer.h"

#include "heddle/core/execution.h"
#include "models/kernel/finding.h"

namespace models::kernel::internal {

using heddle::Execution;
using heddle::Object;
using heddle::ObjectId;
using heddle::Operation;
using heddle::TaskId;
using heddle::TaskSet;

namespace {

// A ticket and who holds it, as an operation's argument. 0 for operations that do not wait.
struct ticket {
  u64 number = 0;
  bool is_writer = false;

  static ticket of(const Operation& operation) {
    return {.number = operation.argument >> 1, .is_writer = (operation.argument & 1) != 0};
  }
  u64 argument() const { return number << 1 | (is_writer ? 1 : 0); }
};

// Calls `visit` for each task that waits for `object` until it returns true; returns whether one
// did.
template <class Visit>
bool any_waiter(const Execution& execution, ObjectId object, const Visit& visit) {
  if (execution.object(object).standing == 0) return false;
  const TaskSet& standing = execution.tasks().standing();
  for (TaskId id = standing.First(); id != heddle::kNoTask; id = standing.After(id)) {
    const Operation& pending = *execution.tasks()[id].pending;
    if (pending.object != object || pending.argument == 0) continue;
    if (visit(id, ticket::of(pending))) return true;
  }
  return false;
}

bool is_open_to_readers(const Execution& execution, ObjectId id, u64 ticket_number) {
  if (execution.object(id).owner != heddle::kNoTask) return false;
  return !any_waiter(execution, id, [&](TaskId, ticket other) {
    return other.is_writer && other.number < ticket_number;
  });
}

bool is_empty(const Object& object) {
  return object.owner == heddle::kNoTask && object.count == 0;
}

}  // namespace

bool can_read(const Execution& execution, const Operation& operation) {
  if (is_gone(execution.object(operation.object))) return true;
  return is_open_to_readers(execution, operation.object, ticket::of(operation).number);
}

bool can_write(const Execution& execution, const Operation& operation) {
  const Object& object = execution.object(operation.object);
  return is_empty(object) || is_gone(object);
}

void add_writers(const Execution& execution, const Operation& operation, TaskSet* owners) {
  const TaskId inside = execution.object(operation.object).owner;
  if (inside != heddle::kNoTask) owners->Add(inside);
  any_waiter(execution, operation.object, [&](TaskId id, ticket other) {
    if (other.is_writer && other.number < ticket::of(operation).number) owners->Add(id);
    return false;
  });
}

void reader_writer::take(ObjectId id, const acquisition& how) const {
  Execution& execution = Execution::Current();
  const TaskId self = execution.running().id;
  execution.Acquired(id, static_cast<uint32_t>(how.mode), call.where);
  if (how.mode == lock_mode::kExclusive) {
    execution.object(id).owner = self;
    execution.happens_before().AcquireShared(self, execution.object(id));
  } else {
    ++execution.object(id).count;
  }
  lock_acquired(*map, id, how, call.where);
  execution.Changed(id);
}

bool reader_writer::enter(acquisition how, bool is_interruptible) const {
  Execution& execution = Execution::Current();
  how.kind = kind;
  const bool is_writer = how.mode == lock_mode::kExclusive;
  Operation arrival{.type = is_writer ? &operations.write : &operations.read};
  stand_at(&map->handle, call, &arrival);
  const ObjectId id = arrival.object;
  const ticket mine{.number = ++execution.object(id).value, .is_writer = is_writer};
  const bool is_open =
      is_writer ? is_empty(execution.object(id)) : is_open_to_readers(execution, id, mine.number);
  if (is_open) {
    take(id, how);
    return true;
  }
  Operation wait{.type = is_writer ? &operations.write_wait : &operations.read_wait,
                 .argument = mine.argument(),
                 .interruptible = is_interruptible};
  if (stand_at(&map->handle, call, &wait) == heddle::Outcome::kInterrupted) {
    execution.ObservedWithoutBlocking(wait.object);
    execution.Changed(wait.object);
    return false;
  }
  take(wait.object, how);
  return true;
}

bool reader_writer::try_enter(acquisition how) const {
  Execution& execution = Execution::Current();
  how.kind = kind;
  how.is_trylock = true;
  const bool is_writer = how.mode == lock_mode::kExclusive;
  execution.ObservedWithoutBlocking(use_object(&map->handle, call));
  Operation attempt{.type = is_writer ? &operations.try_write : &operations.try_read};
  stand_at(&map->handle, call, &attempt);
  const Object& object = execution.object(attempt.object);
  const bool is_open = is_writer ? is_empty(object) : object.owner == heddle::kNoTask;
  if (!is_open || any_waiter(execution, attempt.object, [](TaskId, ticket) { return true; })) {
    execution.NoteObject("trylock fails", attempt.object, call.where);
    return false;
  }
  take(attempt.object, how);
  return true;
}

ObjectId reader_writer::stand_at_release() const {
  const ObjectId id = use_object(&map->handle, call);
  if (!Execution::Current().object(id).release_is_point) return id;
  Operation release{.type = &operations.release};
  stand_at(&map->handle, call, &release);
  return release.object;
}

void reader_writer::require_inside(ObjectId id, lock_mode mode) const {
  const held_lock* held = find_held(id);
  if (held != nullptr && held->mode == mode) return;
  fail(heddle::FailureKind::kMisuse, id,
       {call.function, " by a task that is not inside as a ",
        mode == lock_mode::kExclusive ? "writer" : "reader"},
       call.where);
}

void reader_writer::leave(lock_mode mode) const {
  Execution& execution = Execution::Current();
  const ObjectId id = stand_at_release();
  require_inside(id, mode);
  pop_held(id, kind);
  if (mode == lock_mode::kExclusive) {
    execution.object(id).owner = heddle::kNoTask;
    execution.Released(id);
  } else {
    --execution.object(id).count;
    execution.Dropped(id);
    execution.happens_before().ReleaseShared(execution.running().id, &execution.object(id));
  }
  execution.NoteObject(operations.release.verb, id, call.where);
  execution.Changed(id);
}

void reader_writer::downgrade() const {
  Execution& execution = Execution::Current();
  const ObjectId id = stand_at_release();
  require_inside(id, lock_mode::kExclusive);
  acquisition how{.kind = kind, .mode = lock_mode::kShared, .subclass = find_held(id)->subclass};
  pop_held(id, kind);
  execution.object(id).owner = heddle::kNoTask;
  execution.Released(id);
  execution.NoteObject("downgrade", id, call.where);
  take(id, how);
}

bool reader_writer::is_locked() const {
  Execution& execution = Execution::Current();
  execution.ObservedWithoutBlocking(use_object(&map->handle, call));
  Operation look{.type = &operations.look};
  stand_at(&map->handle, call, &look);
  return !is_empty(execution.object(look.object));
}

}  // namespace models::kernel::internal
