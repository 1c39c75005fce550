// SPDX-License-Identifier: MIT
//
// FaultHandler: makes findings of what ends a process otherwise: wild accesses of code that is not
// instrumented, stack overflow, division by zero, traps, abort(), and loops that never come to a
// scheduling point.
//
// A signal that hits a task is turned into a failure of its execution: the signal returns into a
// function of ours, on a stack of its own, which fails the execution and leaves the task where it
// stands. A timer that counts the CPU time of the thread looks whether the running step has made no
// progress for too long. Nothing of this costs anything until it happens.
//
// While one lives, the handlers of SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT are ours; a signal
// that hits no task goes on to the handler that was there before. They come back with the
// destructor.

#pragma once

#include <csignal>

namespace heddle {

class FaultHandler {
 public:
  // REQUIRES: no other FaultHandler lives.
  FaultHandler();
  ~FaultHandler();
  FaultHandler(const FaultHandler&) = delete;
  FaultHandler& operator=(const FaultHandler&) = delete;

 private:
  stack_t previous_stack_{};
};

}  // namespace heddle
