// SPDX-License-Identifier: MIT
//
// WaiterList: the tasks that wait to be notified through one object, first come first.
//
// What wait queues, condition variables and atomic waits have in common. A task enters a Waiter
// that lives on its stack, and leaves when it is notified or gives up. Which one a single
// notification reaches is a free choice of the environment.
//
// INVARIANT: a waiter is in the list from Add until it is notified or removed; the list is kept in
// Object::value, so it is empty when an execution begins.

#pragma once

#include <cstddef>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/execution.h"
#include "heddle/core/operation.h"

namespace heddle::internal {

struct Waiter {
  TaskId task;
  bool is_notified = false;
  Waiter* next = nullptr;
  // What the task waits for once it is notified; null to let it go on at once.
  const Operation* resume = nullptr;
};

class WaiterList {
 public:
  WaiterList(Execution& execution, ObjectId object) : execution_(execution), object_(object) {}

  bool empty() const { return head() == nullptr; }
  size_t size() const;

  // Enters the running task as the last one.
  void Add(Waiter* waiter);

  // Takes `waiter` out if it is still there.
  void Remove(Waiter* waiter);

  // Notifies one waiter, if there is one. Returns whether there was.
  bool NotifyOne(SourceLocation where);

  // Notifies all waiters. Returns how many there were.
  size_t NotifyAll();

  // Says that the operation of a waiter may be performed: OperationType::ready of operations whose
  // argument is ArgumentOf(waiter).
  static bool IsNotified(const Execution& execution, const Operation& operation);
  static uint64_t ArgumentOf(const Waiter& waiter);

 private:
  Waiter* head() const;
  void set_head(Waiter* waiter);
  void Notify(Waiter* waiter);

  Execution& execution_;
  ObjectId object_;
};

}  // namespace heddle::internal
