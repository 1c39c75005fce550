// SPDX-License-Identifier: GPL-2.0-only
//
// Context: where the running task may sleep.
//
// It may not while it holds a spinlock, is inside an RCU read section, has switched off preemption,
// bottom halves or interrupts, or runs a callback of a timer or of RCU. Interrupts are no tasks
// here: switching them off only forbids to sleep.

#pragma once

#include "heddle/base/source_location.h"

namespace models::kernel {

// Every operation that may sleep begins with it, whether it has to wait or not.
//
// Scheduling point: none.
// Blocks:           never.
// Fails:            kAtomicSleep in atomic context, naming what forbids to sleep.
void might_sleep(heddle::SourceLocation where = heddle::SourceLocation::Here());
#define might_sleep_if(condition)                   \
  do {                                              \
    if (condition) ::models::kernel::might_sleep(); \
  } while (0)

// Returns whether the running task must not sleep; whether it runs the callback of an interrupt, a
// timer or RCU; whether interrupts are off.
bool in_atomic();
bool in_interrupt();
bool irqs_disabled();

// Each forbids to sleep until its counterpart. Preemption and bottom halves nest, interrupts do
// not. Scheduling point: none. Blocks: never. Fails: the second of each pair, kMisuse without the
// first.
void preempt_disable(heddle::SourceLocation where = heddle::SourceLocation::Here());
void preempt_enable(heddle::SourceLocation where = heddle::SourceLocation::Here());
void local_bh_disable(heddle::SourceLocation where = heddle::SourceLocation::Here());
void local_bh_enable(heddle::SourceLocation where = heddle::SourceLocation::Here());
void local_irq_disable(heddle::SourceLocation where = heddle::SourceLocation::Here());
void local_irq_enable(heddle::SourceLocation where = heddle::SourceLocation::Here());

// Stores whether interrupts were on in `flags`.
#define local_irq_save(flags) ((flags) = ::models::kernel::__local_irq_save())
unsigned long __local_irq_save(heddle::SourceLocation where = heddle::SourceLocation::Here());
void local_irq_restore(unsigned long flags,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

namespace internal {

// For primitives that call back in interrupt context: between the two the running task is there.
// `what` stands in reports: "the callback of a timer".
void enter_atomic(const char* what, heddle::SourceLocation where);
void leave_atomic(const char* what, heddle::SourceLocation where);

}  // namespace internal
}  // namespace models::kernel
