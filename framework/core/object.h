// SPDX-License-Identifier: MIT
//
// Object: identity, name and state of a synchronisation object of one execution.
//
// The C++ object of a primitive holds only an ObjectRef; its state lives here, in a table that is
// emptied between executions. So a lock that an abandoned execution left held is free in the next
// one, and memory that is overwritten by the program under test cannot corrupt the scheduler.

#pragma once

#include <cstdint>
#include <vector>

#include "heddle/base/check.h"
#include "heddle/base/ids.h"

namespace heddle {

// One constant per kind of object.
struct ObjectType {
  const char* noun = "";  // "mutex", "completion": for messages.
  // A lock: letting go of it only lets others in. Whoever looks at it without blocking makes its
  // releases scheduling points of their own (ADR-0004).
  bool is_lock = false;
  // A lock that several may hold, and that may be closed to some because of others who wait.
  bool is_shared = false;
};

struct Object {
  const ObjectType* type = nullptr;
  // As the source spells it ("conn->lock"). Must outlive the execution: a literal, or interned
  // text.
  const char* name = "";
  const void* address = nullptr;
  // The same in all executions of one trace (step_log.h); set only where steps are logged.
  uint64_t key = 0;
  // The one task that holds the object, or kNoTask.
  TaskId owner = kNoTask;
  // For the primitive: readers inside, units of a completion, value of a semaphore.
  int64_t count = 0;
  uint64_t value = 0;
  // Slot of the object's vector clock; 0 while it has none (see happens_before.h).
  uint32_t clock = 0;
  // The same for what shared holders did: only exclusive ones learn of it.
  uint32_t shared_clock = 0;
  // How many tasks stand at an operation on this object.
  uint32_t standing = 0;
  // Whether some execution step observed this object without blocking; see ADR-0004.
  bool release_is_point = false;
  // Whether the primitive's destructor ran, and whether its memory was freed.
  bool is_destroyed = false;
  bool is_freed = false;
  // Number of objects there were when this one was destroyed or freed; 0 while it is live.
  uint32_t destroyed_at = 0;
};

// What a primitive stores: which object, of which execution. A reference from another execution is
// stale and stands for an object that has not been used yet.
struct ObjectRef {
  uint32_t id = 0;
  uint32_t execution = 0;
};

class ObjectTable {
 public:
  // Forgets all objects; object 0, the execution itself, is there again.
  void Reset();

  ObjectId Add(const ObjectType& type, const char* name, const void* address);

  Object& operator[](ObjectId id) {
    HEDDLE_DCHECK(id.value < objects_.size()) << "object " << id.value << " does not exist";
    return objects_[id.value];
  }
  const Object& operator[](ObjectId id) const {
    HEDDLE_DCHECK(id.value < objects_.size()) << "object " << id.value << " does not exist";
    return objects_[id.value];
  }

  uint32_t size() const { return static_cast<uint32_t>(objects_.size()); }

 private:
  std::vector<Object> objects_;
};

// The execution itself as an object: what JoinAll waits on.
inline constexpr ObjectId kExecutionObject{0};

}  // namespace heddle
