// SPDX-License-Identifier: MIT
//
// LockOrder: predicts deadlocks from the order in which one execution takes its locks, also where
// the schedule hits none.
//
// An acquire while other locks are held adds an edge from each of their classes to the new one; an
// acquire that closes a cycle of classes is a failure of kind kLockOrder. This is lockdep's rule
// for classes, trylocks and readers (Linux, kernel/locking/lockdep.c), and Goodlock's (Havelund,
// SPIN 2000) where each lock is a class of its own. A prediction names what would make it false: a
// lock that is held on every edge of the cycle, or only one task that takes them all.
//
// The graph belongs to one execution, so a schedule alone shows the prediction again. A deadlock
// that happens is never reported here: an acquire is judged once it succeeds.
//
// INVARIANT: the edges contain no cycle.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/execution.h"
#include "heddle/core/failure.h"

namespace heddle {

enum class LockMode : uint8_t {
  kExclusive,
  kShared,         // A waiting writer keeps further readers out.
  kRecursiveRead,  // A reader never waits for a reader, nor for a waiting writer.
};

struct LockAcquire {
  ObjectId object;
  // What its class is known by; null for a lock that is a class of its own.
  const void* key = nullptr;
  uint32_t subclass = 0;
  LockMode mode = LockMode::kExclusive;
  // An acquire that cannot wait closes no cycle.
  bool is_trylock = false;
  SourceLocation where;
};

class LockOrder {
 public:
  static LockOrder& Instance();

  // Off costs one branch per call.
  void set_enabled(bool enabled) { enabled_ = enabled; }
  bool enabled() const { return enabled_; }

  // Forgets all classes and edges, for a new execution.
  void Reset();

  // The running task has acquired a lock, and holds it until OnRelease.
  // Fails: kLockOrder if the acquire closes a cycle, or if the task holds a lock of that class.
  void OnAcquire(Execution& execution, const LockAcquire& acquire) {
    if (enabled_) [[unlikely]]
      Acquire(execution, acquire);
  }

  // The running task lets go of what it acquired last of `object`.
  void OnRelease(const Execution& execution, ObjectId object) {
    if (enabled_) [[unlikely]]
      Release(execution, object);
  }

  // The running task waited for `object` (a work item, say) without holding it afterwards.
  // Fails: as OnAcquire.
  void OnWait(Execution& execution, const LockAcquire& acquire) {
    OnAcquire(execution, acquire);
    OnRelease(execution, acquire.object);
  }

 private:
  struct LockClass {
    const void* key = nullptr;
    ObjectId object;  // The first of its locks; the only one where `key` is null.
    uint32_t subclass = 0;
  };
  struct Held {
    uint32_t lock_class = 0;
    LockAcquire acquire;
  };
  // While `task` held `from`, it acquired `to`.
  struct Edge {
    Held from;
    Held to;
    TaskId task;
    std::vector<uint32_t> gates;  // Classes held then, each time.
  };

  void Acquire(Execution& execution, const LockAcquire& acquire);
  void Release(const Execution& execution, ObjectId object);
  std::optional<Failure> Judge(const Execution& execution, const LockAcquire& acquire);
  uint32_t ClassOf(const LockAcquire& acquire);
  bool AddEdge(const Edge& edge);
  static bool Precedes(const Edge& first, const Edge& second);
  std::vector<const Edge*> FindCycle() const;
  Failure CycleFailure(const Execution& execution, const std::vector<const Edge*>& cycle) const;
  static Failure SameClassFailure(const Execution& execution, const Held& held,
                                  const Held& acquired);
  void Refute(const Execution& execution, const std::vector<const Edge*>& cycle,
              Failure* failure) const;

  bool enabled_ = false;
  std::vector<LockClass> classes_;
  std::vector<Edge> edges_;
  std::vector<std::vector<Held>> held_;  // By task.
};

}  // namespace heddle
