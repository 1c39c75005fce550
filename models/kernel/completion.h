// SPDX-License-Identifier: GPL-2.0-only
//
// completion: a counter of signals that tasks wait for and use up.
//
// A signal that comes before the wait is not lost, and n signals let n waits pass. complete_all
// lets all waits pass, now and later, until reinit_completion. Signalling is the completer's last
// access, so a completion may live on the waiter's stack.
//
// Anybody may complete, so a wait is a deadlock only once nobody is left who could. Where a model
// knows who will, it says so (completion_will_be_completed_by_me and _by): then a cycle through the
// wait is found the moment it forms, and named.

#pragma once

#include "heddle/base/source_location.h"
#include "heddle/core/task_set.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/object_name.h"

namespace heddle {
class Execution;
}

namespace models::kernel {

struct completion {
  object_handle handle;
};

#define COMPLETION_INITIALIZER(work) \
  { .handle = STATIC_OBJECT_HANDLE(#work) }
#define COMPLETION_INITIALIZER_ONSTACK(work) COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION(work) ::models::kernel::completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) DECLARE_COMPLETION(work)

// init_completion(&fsd->active_users_drained): called "fsd->active_users_drained".
#define init_completion(x) ::models::kernel::__init_completion(x, ::models::kernel::object_name(#x))

// Makes `x` a new completion without signals.
//
// Scheduling point: none. Blocks: never. Fails: kMisuse if somebody waits on it.
void __init_completion(completion* x, const char* name,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Forgets all signals of a completion that is used again.
//
// Scheduling point: before the change. Blocks: never.
// Fails:            kMisuse if somebody waits on it, or it was never initialised.
void reinit_completion(completion* x,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Signals once, or for ever.
//
// Scheduling point: before the signal.
// Blocks:           never; any context.
// Fails:            kMisuse if it was never initialised; kUseAfterFree, kStackUseAfterReturn.
void complete(completion* x, heddle::SourceLocation where = heddle::SourceLocation::Here());
void complete_all(completion* x, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Waits for a signal and uses it up. Sleeps.
//
// Scheduling point: before the wait ends.
// Blocks:           until a signal is there.
// Fails:            kAtomicSleep where sleeping is forbidden; kMisuse if it was never initialised;
//                   kUseAfterFree if it is gone.
void wait_for_completion(completion* x,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());

// The same for at most `timeout` jiffies. Returns the jiffies that were left, at least 1, or 0 if
// the time passed without a signal.
unsigned long wait_for_completion_timeout(
    completion* x, unsigned long timeout,
    heddle::SourceLocation where = heddle::SourceLocation::Here());

// The same; but a signal to the task may end the wait, as a fault. Return 0, or -ERESTARTSYS.
int wait_for_completion_interruptible(
    completion* x, heddle::SourceLocation where = heddle::SourceLocation::Here());
int wait_for_completion_killable(completion* x,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here());

// Both: jiffies left, 0, or -ERESTARTSYS.
long wait_for_completion_interruptible_timeout(
    completion* x, unsigned long timeout,
    heddle::SourceLocation where = heddle::SourceLocation::Here());
long wait_for_completion_killable_timeout(
    completion* x, unsigned long timeout,
    heddle::SourceLocation where = heddle::SourceLocation::Here());

// Uses up a signal if there is one; returns whether there was.
//
// Scheduling point: before the attempt. Blocks: never. Fails: as complete.
bool try_wait_for_completion(completion* x,
                             heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether a signal is there.
//
// Scheduling point: before the look. Blocks: never. Fails: as complete.
bool completion_done(completion* x, heddle::SourceLocation where = heddle::SourceLocation::Here());

// ---- Who will complete

// The running task is one of those that will complete `x`, until it does or takes it back. From
// now on only the tasks that said so are expected to; a wait on `x` that none of them can end any
// more is a finding.
//
// Scheduling point: none. Blocks: never. Fails: kMisuse if `x` was never initialised.
void completion_will_be_completed_by_me(
    completion* x, heddle::SourceLocation where = heddle::SourceLocation::Here());
void completion_will_not_be_completed_by_me(
    completion* x, heddle::SourceLocation where = heddle::SourceLocation::Here());

namespace internal {

// Adds the tasks that may complete, as far as `source` knows.
using completer_source = void (*)(const heddle::Execution& execution, const void* source,
                                  heddle::TaskSet* tasks);

// For other primitives: whoever `completers` adds is expected to complete `x`, besides those that
// said so themselves.
void completion_will_be_completed_by(completion* x, completer_source completers, const void* source,
                                     heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace internal
}  // namespace models::kernel
