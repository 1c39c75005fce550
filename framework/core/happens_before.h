// SPDX-License-Identifier: MIT
//
// HappensBefore: vector clocks of tasks and objects (Lamport 1978; Mattern 1989; FastTrack's use of
// them, Flanagan and Freund, PLDI 2009).
//
// A task's own entry grows at each of its releases; an acquire joins the object's clock into the
// task's. Creation and join of tasks are releases and acquires as well.
//
// INVARIANT: Clock(t, t) >= Clock(t, u) for all tasks t and u: nobody knows more of t than t
// itself.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/core/object.h"

namespace heddle {

class HappensBefore {
 public:
  // Forgets all clocks, for a new execution.
  void Reset();

  // Switches tracking on or off; off costs one branch per call.
  void set_enabled(bool enabled) { enabled_ = enabled; }
  bool enabled() const { return enabled_; }

  // Says that this execution asks Clock or Now whatever memory it touches: a search that had
  // switched tracking off starts over with it on. Cleared by Reset.
  void Demand() { is_demanded_ = true; }
  bool is_demanded() const { return is_demanded_; }

  // `child` begins with all that `parent` knows.
  void Spawn(TaskId parent, TaskId child);

  // `task` learns what was released to `object`.
  void Acquire(TaskId task, const Object& object) { AcquireFrom(task, object.clock); }

  // What `task` did so far happens before the next acquire of `object`. The object keeps what
  // earlier releases told it (a lock, where releases are ordered, or a counter, where all of them
  // count).
  void Release(TaskId task, Object* object) { ReleaseTo(task, &object->clock); }

  // As Release, but what the object knew before is forgotten: a plain store with release order.
  void ReleaseStore(TaskId task, Object* object);

  // The same on the clock for shared holders, which only exclusive ones acquire.
  void AcquireShared(TaskId task, const Object& object) { AcquireFrom(task, object.shared_clock); }
  void ReleaseShared(TaskId task, Object* object) { ReleaseTo(task, &object->shared_clock); }

  // `to` tells from now on what `from` tells, besides what it told before.
  void Share(const Object& from, Object* to);

  // `object` tells nothing any more: a store without release order.
  void Forget(Object* object);

  // `task` learns all that `other` did.
  void Join(TaskId task, TaskId other);

  // Returns how much of `of`'s past happens before the present of `seen_by`.
  uint32_t Clock(TaskId of, TaskId seen_by) const {
    return of.value < width_ ? clocks_[Row(seen_by) + of.value] : 0;
  }

  // Returns `task`'s present, the second half of its epochs. Never 0 for a task that was spawned.
  uint32_t Now(TaskId task) const { return Clock(task, task); }

 private:
  size_t Row(TaskId task) const { return size_t{task.value} * width_; }
  void AcquireFrom(TaskId task, uint32_t clock);
  void ReleaseTo(TaskId task, uint32_t* clock);
  uint32_t* ObjectRow(uint32_t* clock);
  void Advance(TaskId task);
  void Widen(size_t tasks);
  void Merge(uint32_t* into, const uint32_t* from) const;

  bool enabled_ = false;
  bool is_demanded_ = false;
  size_t width_ = 8;      // Entries per clock.
  size_t task_rows_ = 0;  // Tasks whose clocks are valid.
  uint32_t object_rows_ = 0;
  std::vector<uint32_t> clocks_;         // One row per task.
  std::vector<uint32_t> object_clocks_;  // One row per object that ever saw a release.
};

}  // namespace heddle
