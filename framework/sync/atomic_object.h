// SPDX-License-Identifier: MIT
//
// AtomicObject: what an atomic variable is to the scheduler. The value is the variable's own.
//
//   object.Access(AtomicEffect::kLoad, order, where);   // Stands here until it is this task's
//   turn. return value;                                       // The access itself, in the same
//   step.
//
// INVARIANT: between the return of a call and the next scheduling point no other task touches the
// variable.

#pragma once

#include <atomic>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"
#include "heddle/memory/atomic_access.h"

// Where an operator was called, which has no room for a default argument. The function that says
// this must not be inlined.
#define HEDDLE_CALLER_LOCATION ::heddle::internal::CallerLocation(__builtin_return_address(0))

namespace heddle::internal {

class AtomicObject {
 public:
  // `name` is what reports call the variable; it must outlive the execution.
  constexpr explicit AtomicObject(const char* name) : name_(name) {}

  // Stands at an access, and orders it as `order` says.
  //
  // Scheduling point: before the access.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  void Access(AtomicEffect effect, std::memory_order order, SourceLocation where) const;

  // The two halves of Access, where only the value tells whether the exchange stores.
  void StandAtExchange(SourceLocation where) const;
  void Exchanged(AtomicEffect effect, std::memory_order order) const;

  // Returns whether a weak exchange that could store does not, as a fault.
  //
  // Scheduling point: none. Blocks: never. Fails: never. REQUIRES: called in the exchange's step.
  bool FailsSpuriously(SourceLocation where) const;

  // Waits to be notified, from the present step on, and loads.
  //
  // Scheduling point: before the load.
  // Blocks:           until notified. Any task may notify.
  // Fails:            kHang if no task is left that could.
  // REQUIRES:         called from a task.
  void AwaitAndLoad(std::memory_order order, SourceLocation where) const;

  // Notifies one waiter, which of them is a free choice, or all.
  //
  // Scheduling point: before the notification.
  // Blocks:           never.
  // Fails:            never.
  // REQUIRES:         called from a task.
  void NotifyOne(SourceLocation where) const;
  void NotifyAll(SourceLocation where) const;

 private:
  ObjectId Resolve() const;

  const char* name_;
  mutable ObjectRef ref_;
};

// Returns the place of the call that returns to `address`, where an execution is traced.
SourceLocation CallerLocation(const void* address);

}  // namespace heddle::internal
