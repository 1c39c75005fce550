// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/kernfs.h"

#include "heddle/core/execution.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/err.h"
#include "models/kernel/finding.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/slab.h"

namespace models::kernel {

using heddle::Execution;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::SourceLocation;

namespace {

constexpr heddle::ObjectType kFile{.noun = "kernfs file"};

kernfs_node* node_of(const Operation& operation) {
  return reinterpret_cast<kernfs_node*>(operation.argument);
}

constexpr OperationType kGet{.verb = "get"};
constexpr OperationType kPut{.verb = "put"};
constexpr OperationType kGetActive{.verb = "enter"};
constexpr OperationType kBreak{.verb = "break active"};
constexpr OperationType kUnbreak{.verb = "unbreak active"};
constexpr OperationType kRemove{.verb = "remove"};

// The owners are the holders: the callbacks that run.
constexpr OperationType kDrain{
    .verb = "drain",
    .ready =
        [](const Execution& execution, const Operation& operation) {
          if (internal::is_gone(execution.object(operation.object))) return true;
          return node_of(operation)->active == 0;
        },
};

// What a callback waits for whose file another callback is removing.
constexpr OperationType kAwaitSuicide{
    .verb = "await removal of",
    .ready =
        [](const Execution& execution, const Operation& operation) {
          if (internal::is_gone(execution.object(operation.object))) return true;
          return node_of(operation)->is_suicided && node_of(operation)->active == 0;
        },
    .owners = nullptr,
};

ObjectId stand_at(kernfs_node* kn, const OperationType& type, const char* function,
                  SourceLocation where) {
  Operation operation{.type = &type, .argument = reinterpret_cast<uint64_t>(kn), .where = where};
  internal::stand_at(&kn->handle, {kFile, function, where}, &operation);
  return operation.object;
}

void enter(kernfs_node* kn, ObjectId object, SourceLocation where) {
  Execution& execution = Execution::Current();
  ++kn->active;
  execution.AddHolding(execution.running().id, {.object = object,
                                                .step = execution.step(),
                                                .mode = static_cast<uint32_t>(lock_mode::kShared),
                                                .where = where});
  execution.happens_before().Acquire(execution.running().id, execution.object(object));
  execution.Changed(object);
}

// Callbacks are not ordered among one another, only before the removal that waited for them.
void leave(kernfs_node* kn, const char* function, SourceLocation where) {
  Execution& execution = Execution::Current();
  const ObjectId object = internal::use_object(&kn->handle, {kFile, function, where});
  if (execution.FindHolding(execution.running().id, object) == nullptr) {
    internal::fail(heddle::FailureKind::kMisuse, object,
                   {function, " by a task that has no active reference"}, where);
  }
  --kn->active;
  execution.Dropped(object);
  execution.happens_before().ReleaseShared(execution.running().id, &execution.object(object));
  execution.Changed(object);
}

// Every user's last use happens before the memory goes.
void drop_reference(kernfs_node* kn, SourceLocation where) {
  Execution& execution = Execution::Current();
  heddle::Object& object =
      execution.object(internal::use_object(&kn->handle, {kFile, "kernfs_put", where}));
  execution.happens_before().ReleaseShared(execution.running().id, &object);
  if (--kn->count > 0) return;
  execution.happens_before().AcquireShared(execution.running().id, object);
  kfree(kn, where);
}

// Waits until the callbacks that run have returned.
void drain(kernfs_node* kn, ObjectId object, SourceLocation where) {
  if (kn->active > 0) stand_at(kn, kDrain, "kernfs_remove", where);
  Execution& execution = Execution::Current();
  execution.happens_before().AcquireShared(execution.running().id, execution.object(object));
}

// Removes a file of which the caller has a reference. Only the first removal takes the file's
// existence away.
void remove(kernfs_node* kn, ObjectId object, SourceLocation where) {
  const bool is_first = !kn->is_removed;
  kn->is_removed = true;
  drain(kn, object, where);
  if (is_first) drop_reference(kn, where);
}

}  // namespace

kernfs_node* kernfs_create_file(const char* name, const kernfs_ops* ops, void* priv,
                                SourceLocation where) {
  auto* kn = kzalloc_obj<kernfs_node>(GFP_KERNEL, where);
  if (kn == nullptr) return ERR_PTR(-ENOMEM);
  const ObjectId object =
      internal::init_object(&kn->handle, sizeof(*kn), name, {kFile, "kernfs_create_file", where});
  kn->ops = ops;
  kn->priv = priv;
  kn->count = 1;
  Execution& execution = Execution::Current();
  execution.happens_before().Release(execution.running().id, &execution.object(object));
  return kn;
}

void kernfs_get(kernfs_node* kn, SourceLocation where) {
  stand_at(kn, kGet, "kernfs_get", where);
  ++kn->count;
}

void kernfs_put(kernfs_node* kn, SourceLocation where) {
  stand_at(kn, kPut, "kernfs_put", where);
  drop_reference(kn, where);
}

bool kernfs_get_active(kernfs_node* kn, SourceLocation where) {
  const ObjectId object = stand_at(kn, kGetActive, "kernfs_get_active", where);
  if (kn->is_removed) return false;
  enter(kn, object, where);
  return true;
}

void kernfs_put_active(kernfs_node* kn, SourceLocation where) {
  leave(kn, "kernfs_put_active", where);
}

void kernfs_remove(kernfs_node* kn, SourceLocation where) {
  might_sleep(where);
  const ObjectId object = stand_at(kn, kRemove, "kernfs_remove", where);
  ++kn->count;
  remove(kn, object, where);
  drop_reference(kn, where);
}

void kernfs_break_active_protection(kernfs_node* kn, SourceLocation where) {
  stand_at(kn, kBreak, "kernfs_break_active_protection", where);
  leave(kn, "kernfs_break_active_protection", where);
}

void kernfs_unbreak_active_protection(kernfs_node* kn, SourceLocation where) {
  enter(kn, stand_at(kn, kUnbreak, "kernfs_unbreak_active_protection", where), where);
}

// The active reference is back in the step in which the removal was done: nobody sees it missing.
bool kernfs_remove_self(kernfs_node* kn, SourceLocation where) {
  might_sleep(where);
  const ObjectId object = stand_at(kn, kRemove, "kernfs_remove_self", where);
  leave(kn, "kernfs_remove_self", where);
  const bool is_mine = !kn->is_suicidal;
  if (is_mine) {
    kn->is_suicidal = true;
    remove(kn, object, where);
    kn->is_suicided = true;
  } else {
    stand_at(kn, kAwaitSuicide, "kernfs_remove_self", where);
  }
  enter(kn, object, where);
  return is_mine;
}

ssize_t kernfs_fop_read(kernfs_node* kn, char* buf, size_t size, SourceLocation where) {
  if (!kernfs_get_active(kn, where)) return -ENODEV;
  const ssize_t result = kn->ops->read == nullptr ? -EINVAL : kn->ops->read(kn, buf, size);
  kernfs_put_active(kn, where);
  return result;
}

ssize_t kernfs_fop_write(kernfs_node* kn, const char* buf, size_t size, SourceLocation where) {
  if (!kernfs_get_active(kn, where)) return -ENODEV;
  const ssize_t result = kn->ops->write == nullptr ? -EINVAL : kn->ops->write(kn, buf, size);
  kernfs_put_active(kn, where);
  return result;
}

}  // namespace models::kernel
