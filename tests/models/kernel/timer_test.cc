// SPDX-License-Identifier: MIT
//
// The rules of timers, each as a small program that is explored.

#include "models/kernel/timer.h"

#include <doctest/doctest.h>

#include <functional>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/jiffies.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

// A timer that counts its expiries, with a scheduling point in the middle of each callback.
struct Alarm {
  timer_list timer{};
  heddle::Atomic<int> at{0, "at"};
  int begun = 0;
  int ended = 0;
  bool overlapped = false;
  unsigned long when = 0;
  std::function<void(Alarm*)> inside = nullptr;
};

void Ring(timer_list* timer) {
  auto* self = reinterpret_cast<Alarm*>(timer);  // Its first member.
  if (self->begun != self->ended) self->overlapped = true;
  ++self->begun;
  self->when = jiffies;
  if (self->inside) self->inside(self);
  self->at.load();
  ++self->ended;
}

TEST_CASE("an armed timer expires once, at its time, and joining all waits for it") {
  const ExplorationResult result = Search([](Execution& execution) {
    Alarm a;
    timer_setup(&a.timer, Ring, 0);
    HEDDLE_ENSURE(!mod_timer(&a.timer, jiffies + 20));
    execution.JoinAll();
    HEDDLE_ENSURE(a.ended == 1);
    HEDDLE_ENSURE(a.when == 20);
    HEDDLE_ENSURE(!timer_pending(&a.timer));
  });
  CheckClean(result);
}

TEST_CASE("while a task can go on a timer expires only as a fault") {
  for (const uint32_t faults : {0U, 1U}) {
    Seen seen;
    const ExplorationResult result = Search(
        [&](Execution& execution) {
          Alarm a;
          timer_setup(&a.timer, Ring, 0);
          mod_timer(&a.timer, jiffies + 20);
          a.at.load();
          seen.Add(a.begun);
          execution.JoinAll();
        },
        2, faults);
    CheckClean(result);
    CHECK(seen == (faults == 0 ? Seen::Of(0) : Seen::Of(0, 1)));
  }
}

TEST_CASE("timers expire in the order of their times") {
  const ExplorationResult result = Search([](Execution& execution) {
    Alarm late;
    Alarm early;
    timer_setup(&late.timer, Ring, 0);
    timer_setup(&early.timer, Ring, 0);
    late.inside = [&](Alarm*) { HEDDLE_ENSURE(early.begun == 1); };
    mod_timer(&late.timer, jiffies + 21);
    mod_timer(&early.timer, jiffies + 20);
    execution.JoinAll();
    HEDDLE_ENSURE(late.ended == 1);
  });
  CheckClean(result);
}

TEST_CASE("mod_timer moves a timer that is armed and tells so") {
  const ExplorationResult result = Search([](Execution& execution) {
    Alarm a;
    timer_setup(&a.timer, Ring, 0);
    mod_timer(&a.timer, jiffies + 20);
    HEDDLE_ENSURE(mod_timer(&a.timer, jiffies + 50));
    execution.JoinAll();
    HEDDLE_ENSURE(a.ended == 1);
    HEDDLE_ENSURE(a.when == 50);
  });
  CheckClean(result);
}

TEST_CASE("a timer that is deleted in time does not expire") {
  const ExplorationResult result = Search([](Execution& execution) {
    Alarm a;
    timer_setup(&a.timer, Ring, 0);
    a.timer.expires = 20;
    add_timer(&a.timer);
    HEDDLE_ENSURE(timer_pending(&a.timer));
    HEDDLE_ENSURE(del_timer(&a.timer));
    HEDDLE_ENSURE(!timer_pending(&a.timer));
    HEDDLE_ENSURE(!del_timer(&a.timer));
    execution.JoinAll();
    HEDDLE_ENSURE(a.begun == 0);
  });
  CheckClean(result);
}

TEST_CASE("a deleted timer's task serves the next timer of the same name") {
  const ExplorationResult result = Search([](Execution& execution) {
    for (int i = 0; i < 5; ++i) {
      Alarm a;
      timer_setup(&a.timer, Ring, 0);
      mod_timer(&a.timer, jiffies + 20);
      if (i % 2 == 0) del_timer(&a.timer);
      execution.JoinAll();
    }
    HEDDLE_ENSURE(execution.tasks().size() == 2);
  });
  CheckClean(result);
}

TEST_CASE("del_timer does not wait for the callback and del_timer_sync does") {
  for (const bool sync : {false, true}) {
    Seen running;
    const ExplorationResult result = Search(
        [&](Execution& execution) {
          Alarm a;
          timer_setup(&a.timer, Ring, 0);
          mod_timer(&a.timer, jiffies + 20);
          const int was_armed = sync ? del_timer_sync(&a.timer) : del_timer(&a.timer);
          HEDDLE_ENSURE(was_armed == 1 - a.begun);
          running.Add(a.begun - a.ended);
          execution.JoinAll();
        },
        2, 1);
    CheckClean(result);
    CHECK(running == (sync ? Seen::Of(0) : Seen::Of(0, 1)));
  }
}

TEST_CASE(
    "a callback that arms its own timer never overlaps itself and is stopped by del_timer_sync") {
  Seen rings;
  const ExplorationResult result = Search(
      [&](Execution& execution) {
        Alarm a;
        a.inside = [](Alarm* self) {
          if (self->begun < 3) mod_timer(&self->timer, jiffies + 20);
        };
        timer_setup(&a.timer, Ring, 0);
        mod_timer(&a.timer, jiffies + 20);
        del_timer_sync(&a.timer);
        const int rung = a.ended;
        HEDDLE_ENSURE(a.begun == rung);
        HEDDLE_ENSURE(!a.overlapped);
        HEDDLE_ENSURE(!timer_pending(&a.timer));
        execution.JoinAll();
        HEDDLE_ENSURE(a.ended == rung);
        rings.Add(rung);
      },
      2, 2);
  CheckClean(result);
  CHECK(rings.Has(0));
  CHECK(rings.Has(1));
  CHECK(rings.Has(2));
}

TEST_CASE("a callback that another task arms again while it runs does not overlap itself") {
  const ExplorationResult result = Search(
      [](Execution& execution) {
        Alarm a;
        timer_setup(&a.timer, Ring, 0);
        mod_timer(&a.timer, jiffies + 20);
        mod_timer(&a.timer, jiffies + 20);
        execution.JoinAll();
        HEDDLE_ENSURE(!a.overlapped);
        HEDDLE_ENSURE(a.ended >= 1);
      },
      2, 2);
  CheckClean(result);
}

TEST_CASE("del_timer_sync in the timer's own callback is a recursive deadlock") {
  const ExplorationResult result = Search([](Execution& execution) {
    Alarm a;
    a.inside = [](Alarm* self) { del_timer_sync(&self->timer); };
    timer_setup(&a.timer, Ring, 0);
    mod_timer(&a.timer, jiffies + 20);
    execution.JoinAll();
  });
  CheckFailure(result, FailureKind::kRecursiveDeadlock, {"a.timer"}, {"timer/a.timer"});
}

TEST_CASE("del_timer_sync under a lock that the callback takes is a deadlock through the timer") {
  const ExplorationResult result = Search(
      [](Execution& execution) {
        heddle::Mutex lock{"lock"};
        Alarm a;
        a.inside = [&](Alarm*) {
          lock.Lock();
          lock.Unlock();
        };
        timer_setup(&a.timer, Ring, 0);
        mod_timer(&a.timer, jiffies + 20);
        lock.Lock();
        del_timer_sync(&a.timer);
        lock.Unlock();
        execution.JoinAll();
      },
      1, 1);
  CheckFailure(result, FailureKind::kDeadlock, {"a.timer", "lock"}, {"main", "timer/a.timer"});
}

TEST_CASE("misuse of timers is told apart") {
  CheckMisuse(Search([](Execution&) {
                Alarm a;
                mod_timer(&a.timer, 1);
              }),
              "mod_timer of a timer that was never initialised");
  CheckMisuse(Search([](Execution&) {
                Alarm a;
                timer_setup(&a.timer, Ring, 0);
                mod_timer(&a.timer, jiffies + 1);
                timer_setup(&a.timer, Ring, 0);
              }),
              "timer_setup of a timer that is armed");
  CheckMisuse(Search([](Execution&) {
                Alarm a;
                timer_setup(&a.timer, Ring, 0);
                add_timer(&a.timer);
                add_timer(&a.timer);
              }),
              "add_timer of a timer that is armed");
}

}  // namespace
}  // namespace models::kernel
