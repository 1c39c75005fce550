// SPDX-License-Identifier: GPL-2.0-only
//
// Oopses: BUG, null and wild accesses, and what becomes of the task.
//
// An oops is a finding and ends the execution, as on a kernel booted with oops=panic. A scenario
// that is about what comes after says set_panic_on_oops(false): then the task stops for ever where
// it stands. What it holds stays held, its stack is not unwound, guards do not run, references stay
// counted, and the work item it runs never ends. Only the RCU read sections it is in end with it.
// What the others come to is for the wait graph to say: a hang that names the dead task.
//
// An oops of the init task, or in the callback of a timer or of RCU, is a panic: always a finding.

#pragma once

#include "heddle/base/source_location.h"

namespace models::kernel {

// Fails: kOops.
#define BUG() ::models::kernel::__bug("BUG()")
#define BUG_ON(condition)                                    \
  do {                                                       \
    if (__builtin_expect(static_cast<bool>(condition), 0)) { \
      ::models::kernel::__bug("BUG_ON(" #condition ")");     \
    }                                                        \
  } while (0)

[[noreturn]] void __bug(const char* text,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());

// Ends the execution. Fails: kOops.
[[noreturn]] void panic(const char* text,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());

// Says whether oopses are findings, from now on to the end of this execution. They are at its
// beginning.
void set_panic_on_oops(bool panic);

// The running task is the init task (pid 1).
void become_init_task();

}  // namespace models::kernel
