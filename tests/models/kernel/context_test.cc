// SPDX-License-Identifier: MIT
//
// Where a task may sleep: each way to forbid it, its counterpart, and what the finding says.

#include "models/kernel/context.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

Failure SleepAfter(void (*forbid)()) {
  return FailureOf({}, [=](Execution&) {
    forbid();
    might_sleep();
  });
}

TEST_CASE("a task may sleep where nothing forbids it") {
  ExecutionsOf({}, [](Execution&) {
    HEDDLE_ENSURE(!in_atomic());
    might_sleep();
  });
}

TEST_CASE("switching off preemption, bottom halves or interrupts forbids to sleep") {
  const Failure preemption = SleepAfter([] { preempt_disable(); });
  CHECK(preemption.kind == FailureKind::kAtomicSleep);
  CHECK(preemption.title.find("sleeps in code with preemption off") != std::string::npos);
  CHECK(SleepAfter([] { local_bh_disable(); }).kind == FailureKind::kAtomicSleep);
  CHECK(SleepAfter([] { local_irq_disable(); }).kind == FailureKind::kAtomicSleep);
}

TEST_CASE("preemption and bottom halves nest") {
  CHECK(SleepAfter([] {
          preempt_disable();
          preempt_disable();
          preempt_enable();
        }).kind == FailureKind::kAtomicSleep);
  CHECK(SleepAfter([] {
          local_bh_disable();
          local_bh_disable();
          local_bh_enable();
        }).kind == FailureKind::kAtomicSleep);
}

TEST_CASE("interrupts are on again after one local_irq_enable") {
  ExecutionsOf({}, [](Execution&) {
    local_irq_disable();
    local_irq_disable();
    local_irq_enable();
    HEDDLE_ENSURE(!irqs_disabled());
    might_sleep();
  });
}

TEST_CASE("saved interrupt flags restore what was") {
  ExecutionsOf({}, [](Execution&) {
    unsigned long outer = 0;
    unsigned long inner = 0;
    local_irq_save(outer);
    local_irq_save(inner);
    local_irq_restore(inner);
    HEDDLE_ENSURE(irqs_disabled());
    local_irq_restore(outer);
    HEDDLE_ENSURE(!irqs_disabled());
  });
}

TEST_CASE("to allow what was not forbidden is misuse") {
  CHECK(FailureOf({}, [](Execution&) { preempt_enable(); }).kind == FailureKind::kMisuse);
  CHECK(FailureOf({}, [](Execution&) { local_bh_enable(); }).kind == FailureKind::kMisuse);
  CHECK(FailureOf({}, [](Execution&) { local_irq_enable(); }).kind == FailureKind::kMisuse);
}

TEST_CASE("a callback in interrupt context must not sleep") {
  const Failure failure = SleepAfter([] {
    internal::enter_atomic("the callback of a timer", heddle::SourceLocation::Here());
    HEDDLE_ENSURE(in_interrupt());
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
  CHECK(failure.title.find("sleeps in the callback of a timer") != std::string::npos);
  ExecutionsOf({}, [](Execution&) {
    internal::enter_atomic("the callback of a timer", heddle::SourceLocation::Here());
    internal::leave_atomic("the callback of a timer", heddle::SourceLocation::Here());
    HEDDLE_ENSURE(!in_interrupt());
    might_sleep();
  });
}

TEST_CASE("each task has a context of its own, new in each execution") {
  ExecutionsOf({}, [](Execution& execution) {
    HEDDLE_ENSURE(!in_atomic());
    preempt_disable();
    execution.Spawn("other", [] { might_sleep(); });
  });
}

}  // namespace
}  // namespace models::kernel
