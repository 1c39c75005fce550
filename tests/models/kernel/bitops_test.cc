// SPDX-License-Identifier: MIT
//
// Bit operations: one step each, on the right bit of the right word, ordered as their names say.

#include "models/kernel/bitops.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;

enum { HCI_UP, HCI_INIT, HCI_RUNNING };

TEST_CASE("operations change their bit only, and the tests return what it was") {
  ExecutionsOf({}, [](Execution&) {
    DECLARE_BITMAP(flags, 130) = {};
    set_bit(HCI_RUNNING, flags);
    set_bit(64, flags);
    HEDDLE_ENSURE(flags[0] == BIT(HCI_RUNNING) && flags[1] == 1 && flags[2] == 0);
    HEDDLE_ENSURE(test_bit(64, flags));
    HEDDLE_ENSURE(!test_bit(65, flags));
    clear_bit(64, flags);
    HEDDLE_ENSURE(flags[1] == 0);
    change_bit(129, flags);
    HEDDLE_ENSURE(flags[2] == 2);
    HEDDLE_ENSURE(!test_and_set_bit(HCI_UP, flags));
    HEDDLE_ENSURE(test_and_set_bit(HCI_UP, flags));
    HEDDLE_ENSURE(test_and_clear_bit(HCI_UP, flags));
    HEDDLE_ENSURE(!test_and_clear_bit(HCI_UP, flags));
    HEDDLE_ENSURE(!test_and_change_bit(HCI_INIT, flags));
    HEDDLE_ENSURE(test_and_change_bit(HCI_INIT, flags));
    HEDDLE_ENSURE(flags[0] == BIT(HCI_RUNNING));
  });
}

TEST_CASE("plain operations do the same without scheduling points") {
  CHECK(ExecutionsOf({}, [](Execution& execution) {
          DECLARE_BITMAP(flags, 128) = {};
          for (int i = 0; i < 2; ++i) {
            execution.Spawn("setter", [&] {
              __set_bit(70, flags);
              HEDDLE_ENSURE(__test_and_set_bit(70, flags));
              HEDDLE_ENSURE(!__test_and_clear_bit(3, flags));
              __clear_bit(70, flags);
              HEDDLE_ENSURE(flags[1] == 0);
            });
          }
          execution.JoinAll();
        }) == 1);
}

TEST_CASE("exactly one task sets a bit first, and bits of one word are not lost") {
  CHECK(ExecutionsOf({}, [](Execution& execution) {
          unsigned long flags = 0;
          int first = 0;
          for (int i = 0; i < 2; ++i) {
            execution.Spawn("setter", [&, i] {
              if (!test_and_set_bit(HCI_UP, &flags)) ++first;
              set_bit(10 + i, &flags);
            });
          }
          execution.JoinAll();
          HEDDLE_ENSURE(first == 1);
          HEDDLE_ENSURE(flags == (BIT(HCI_UP) | BIT(10) | BIT(11)));
        }) == 6);
}

// Returns whether what came before `set` is known to a task whose `test` saw the bit.
Seen OrderedBy(void (*set)(unsigned long*), bool (*test)(unsigned long*)) {
  Seen ordered;
  ExecutionsOf({}, [&](Execution& execution) {
    unsigned long flags = 0;
    Past past;
    execution.Spawn("setter", [&] {
      past = Past::OfRunningTask();
      set(&flags);
    });
    if (test(&flags)) ordered.Add(past.HappensBeforeRunningTask() ? 1 : 0);
    execution.JoinAll();
  });
  return ordered;
}

TEST_CASE("test_and operations are fully ordered, set_bit and test_bit are not at all") {
  const auto test_and_set = [](unsigned long* p) { test_and_set_bit(0, p); };
  const auto set = [](unsigned long* p) { set_bit(0, p); };
  const auto test_and_clear = [](unsigned long* p) { return test_and_clear_bit(0, p); };
  const auto test = [](unsigned long* p) { return test_bit(0, p); };
  const auto test_acquire = [](unsigned long* p) { return test_bit_acquire(0, p); };
  CHECK(OrderedBy(test_and_set, test_and_clear) == Seen::Of(1));
  CHECK(OrderedBy(test_and_set, test_acquire) == Seen::Of(1));
  CHECK(OrderedBy(test_and_set, test) == Seen::Of(0));
  CHECK(OrderedBy(set, test_and_clear) == Seen::Of(0));
}

TEST_CASE("a bit serves as a lock with the lock and unlock forms") {
  Seen passes;
  ExecutionsOf({}, [&](Execution& execution) {
    unsigned long flags = 0;
    Past past;
    unsigned passed = 0;
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("locker", [&] {
        if (test_and_set_bit_lock(0, &flags)) return;
        HEDDLE_ENSURE(past.task == heddle::kNoTask || past.HappensBeforeRunningTask());
        past = Past::OfRunningTask();
        ++passed;
        clear_bit_unlock(0, &flags);
      });
    }
    execution.JoinAll();
    passes.Add(passed);
  });
  CHECK(passes == Seen::Of(1, 2));
}

}  // namespace
}  // namespace models::kernel
