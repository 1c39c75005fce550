// SPDX-License-Identifier: GPL-2.0-only
//
// Timers: a function that runs once, in atomic context, when the virtual clock has come to a time.
//
// Every timer that is armed has a task of its own, "timer/<name>", which stands at the expiry. The
// earliest armed timer expires when no task can go on otherwise, or sooner, as a fault. The
// callback begins in the step of the expiry: between the two the timer cannot be cancelled. A task
// whose timer is not armed is idle and serves the next timer of the same name.
//
// INVARIANT: a timer's callback never runs twice at once.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/list.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/object_name.h"

namespace models::kernel {

struct timer_list {
  object_handle handle;
  void (*function)(timer_list* timer);
  unsigned long expires;  // In jiffies.
};

// timer_setup(&dev->timer, dev_timeout, 0)
#define timer_setup(timer, callback, flags) \
  ::models::kernel::timer_init(timer, callback, ::models::kernel::object_name(#timer))

#define DEFINE_TIMER(name, callback) \
  ::models::kernel::timer_list name = {STATIC_OBJECT_HANDLE(#name), callback, 0}

// The object around a timer, in its callback.
#define from_timer(var, callback_timer, field) \
  container_of(callback_timer, std::remove_reference_t<decltype(*(var))>, field)
#define timer_container_of(var, callback_timer, field) from_timer(var, callback_timer, field)

// Gives `timer` its callback. What it was before is forgotten.
//
// Scheduling point: none. Blocks: never.
// Fails:            kMisuse if the timer is armed.
void timer_init(timer_list* timer, void (*function)(timer_list*), const char* name,
                heddle::SourceLocation where = heddle::SourceLocation::Here());

// Arms `timer` for `expires`, whether it was armed or not. Returns whether it was.
//
// Scheduling point: before the change. Blocks: never.
// Fails:            kMisuse if the timer was never set up, kUseAfterFree if it is gone.
int mod_timer(timer_list* timer, unsigned long expires,
              heddle::SourceLocation where = heddle::SourceLocation::Here());

// Arms `timer` for timer->expires.
//
// Scheduling point: before the change. Blocks: never.
// Fails:            kMisuse if it is armed already.
void add_timer(timer_list* timer, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Disarms `timer`; its callback may still be running. Returns whether it was armed.
//
// Scheduling point: before the change. Blocks: never. Fails: kUseAfterFree if it is gone.
int timer_delete(timer_list* timer, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Disarms `timer` and waits until its callback does not run. Returns whether it was armed.
//
// Scheduling point: before the change, and before the wait if the callback runs.
// Blocks:           until a running callback has returned.
// Fails:            kRecursiveDeadlock in the callback itself; kAtomicSleep never: it spins.
int timer_delete_sync(timer_list* timer,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether `timer` is armed. Scheduling point: before the look. Blocks: never.
bool timer_pending(const timer_list* timer,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());

namespace internal {

// mod_timer and timer_delete without their scheduling points, for what is built on timers.
bool arm_timer(timer_list* timer, unsigned long expires, heddle::SourceLocation where);
bool disarm_timer(timer_list* timer, heddle::SourceLocation where);

}  // namespace internal

// Their older names.
inline int del_timer(timer_list* timer,
                     heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return timer_delete(timer, where);
}
inline int del_timer_sync(timer_list* timer,
                          heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return timer_delete_sync(timer, where);
}

}  // namespace models::kernel
