// SPDX-License-Identifier: MIT

#include "heddle/sync/waiter_list.h"

#include <cstdint>

namespace heddle::internal {

Waiter* WaiterList::head() const {
  return reinterpret_cast<Waiter*>(execution_.object(object_).value);
}

void WaiterList::set_head(Waiter* waiter) {
  execution_.object(object_).value = reinterpret_cast<uintptr_t>(waiter);
}

size_t WaiterList::size() const {
  size_t count = 0;
  for (const Waiter* waiter = head(); waiter != nullptr; waiter = waiter->next) ++count;
  return count;
}

void WaiterList::Add(Waiter* waiter) {
  waiter->task = execution_.running().id;
  waiter->is_notified = false;
  waiter->next = nullptr;
  Waiter* last = head();
  if (last == nullptr) {
    set_head(waiter);
    return;
  }
  while (last->next != nullptr) last = last->next;
  last->next = waiter;
}

void WaiterList::Remove(Waiter* waiter) {
  if (head() == waiter) {
    set_head(waiter->next);
    return;
  }
  for (Waiter* at = head(); at != nullptr; at = at->next) {
    if (at->next != waiter) continue;
    at->next = waiter->next;
    return;
  }
}

// A waiter that stands at its wait may be sent on to the next one; one that has not come to it yet
// will find that it was notified.
void WaiterList::Notify(Waiter* waiter) {
  Remove(waiter);
  waiter->is_notified = true;
  const bool stands = execution_.tasks().standing().Has(waiter->task);
  if (waiter->resume != nullptr && stands)
    execution_.ReplaceOperation(waiter->task, *waiter->resume);
}

bool WaiterList::NotifyOne(SourceLocation where) {
  const size_t count = size();
  if (count == 0) return false;
  Waiter* chosen = head();
  const uint32_t index = execution_.Choose(static_cast<uint32_t>(count), "waiter to wake", where);
  for (uint32_t i = 0; i < index; ++i) chosen = chosen->next;
  Notify(chosen);
  execution_.Changed(object_);
  return true;
}

size_t WaiterList::NotifyAll() {
  size_t count = 0;
  for (; !empty(); ++count) Notify(head());
  execution_.Changed(object_);
  return count;
}

uint64_t WaiterList::ArgumentOf(const Waiter& waiter) {
  return reinterpret_cast<uintptr_t>(&waiter);
}

bool WaiterList::IsNotified(const Execution& /*execution*/, const Operation& operation) {
  return reinterpret_cast<const Waiter*>(operation.argument)->is_notified;
}

}  // namespace heddle::internal
