// SPDX-License-Identifier: MIT
//
// The rules of completion: signals count, waits use them up, time and signals to tasks end waits,
// and cycles through a wait are found where it is known who will complete.

#include "models/kernel/completion.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "models/kernel/errno.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/mutex.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct file {
  completion drained;
  mutex lock;
};

// ---- Signals

TEST_CASE("a signal that comes before the wait is not lost") {
  CHECK(ExecutionsOf({}, [](Execution&) {
          file fsd{};
          init_completion(&fsd.drained);
          complete(&fsd.drained);
          wait_for_completion(&fsd.drained);
        }) == 1);
}

TEST_CASE("two signals let two waits pass, and not three") {
  ExecutionsOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("waiter", [&] { wait_for_completion(&fsd.drained); });
    }
    complete(&fsd.drained);
    complete(&fsd.drained);
    execution.JoinAll();
    HEDDLE_ENSURE(!completion_done(&fsd.drained));
  });
  const Failure failure = FailureOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    for (int i = 0; i < 3; ++i) {
      execution.Spawn("waiter", [&] { wait_for_completion(&fsd.drained); });
    }
    complete(&fsd.drained);
    complete(&fsd.drained);
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kHang);
  CHECK(ObjectsOf(failure) == "fsd.drained");
}

TEST_CASE("either of two waiters may get the one signal") {
  Seen first;
  ExecutionsOf({}, [&](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    unsigned passed = 0;
    for (unsigned i = 0; i < 2; ++i) {
      execution.Spawn("waiter", [&, i] {
        wait_for_completion(&fsd.drained);
        if (passed++ == 0) {
          first.Add(i);
          complete(&fsd.drained);
        }
      });
    }
    complete(&fsd.drained);
    execution.JoinAll();
  });
  CHECK(first == Seen::Of(0, 1));
}

TEST_CASE("complete_all lets all waits pass, now and later, until the completion is used anew") {
  const auto body = [](bool is_reinitialised) {
    return [=](Execution& execution) {
      file fsd{};
      init_completion(&fsd.drained);
      for (int i = 0; i < 2; ++i) {
        execution.Spawn("waiter", [&] { wait_for_completion(&fsd.drained); });
      }
      complete_all(&fsd.drained);
      execution.JoinAll();
      complete(&fsd.drained);
      wait_for_completion(&fsd.drained);
      HEDDLE_ENSURE(completion_done(&fsd.drained));
      if (is_reinitialised) reinit_completion(&fsd.drained);
      wait_for_completion(&fsd.drained);
    };
  };
  ExecutionsOf({}, body(false));
  CHECK(FailureOf({}, body(true)).kind == FailureKind::kHang);
}

TEST_CASE("a wait can be tried, and uses a signal up only if there is one") {
  ExecutionsOf({}, [](Execution&) {
    file fsd{};
    init_completion(&fsd.drained);
    HEDDLE_ENSURE(!try_wait_for_completion(&fsd.drained));
    complete(&fsd.drained);
    HEDDLE_ENSURE(completion_done(&fsd.drained));
    HEDDLE_ENSURE(try_wait_for_completion(&fsd.drained));
    HEDDLE_ENSURE(!try_wait_for_completion(&fsd.drained));
  });
}

TEST_CASE("what the completer did happens before the end of the wait") {
  ExecutionsOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    Past past;
    execution.Spawn("completer", [&] {
      past = Past::OfRunningTask();
      complete(&fsd.drained);
    });
    wait_for_completion(&fsd.drained);
    HEDDLE_ENSURE(past.HappensBeforeRunningTask());
    execution.JoinAll();
  });
}

// ---- Time, and signals to the task

TEST_CASE("a timeout is a fault while others can go on, and returns 0") {
  Seen results;
  const auto body = [&](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    execution.Spawn("completer", [&] { complete(&fsd.drained); });
    const unsigned long left = wait_for_completion_timeout(&fsd.drained, 10);
    HEDDLE_ENSURE(left == 0 || left == 10);
    results.Add(left == 0 ? 0 : 1);
    HEDDLE_ENSURE(jiffies == 10 - left);
    execution.JoinAll();
    HEDDLE_ENSURE(completion_done(&fsd.drained) == (left == 0));
  };
  ExecutionsOf({.preemptions = 1, .faults = 0}, body);
  CHECK(results == Seen::Of(1));
  ExecutionsOf({.preemptions = 1, .faults = 1}, body);
  CHECK(results == Seen::Of(0, 1));
}

TEST_CASE("the time that is left counts from the beginning of the wait") {
  ExecutionsOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    execution.Spawn("completer", [&] {
      execution.Sleep(3'000'000);
      complete(&fsd.drained);
    });
    const unsigned long left = wait_for_completion_timeout(&fsd.drained, 10);
    HEDDLE_ENSURE(left == 0 || left == 7 || left == 10);
    execution.JoinAll();
  });
}

TEST_CASE("nobody left to complete, the time passes by itself") {
  CHECK(ExecutionsOf({.preemptions = 0, .faults = 0}, [](Execution&) {
          file fsd{};
          init_completion(&fsd.drained);
          HEDDLE_ENSURE(wait_for_completion_timeout(&fsd.drained, HZ) == 0);
          HEDDLE_ENSURE(jiffies == HZ);
        }) == 1);
}

TEST_CASE("without time a wait only looks") {
  ExecutionsOf({}, [](Execution&) {
    file fsd{};
    init_completion(&fsd.drained);
    HEDDLE_ENSURE(wait_for_completion_timeout(&fsd.drained, 0) == 0);
    complete(&fsd.drained);
    HEDDLE_ENSURE(wait_for_completion_timeout(&fsd.drained, 0) == 1);
  });
}

TEST_CASE("a timeout that never passes does not end a wait") {
  CHECK(FailureOf({}, [](Execution&) {
          file fsd{};
          init_completion(&fsd.drained);
          wait_for_completion_timeout(&fsd.drained, MAX_SCHEDULE_TIMEOUT);
        }).kind == FailureKind::kHang);
}

TEST_CASE("a signal ends an interruptible wait with ERESTARTSYS") {
  Seen results;
  ExecutionsOf({.preemptions = 1, .faults = 1}, [&](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    execution.Spawn("completer", [&] { complete(&fsd.drained); });
    const int error = wait_for_completion_interruptible(&fsd.drained);
    HEDDLE_ENSURE(error == 0 || error == -ERESTARTSYS);
    results.Add(error == 0 ? 0 : 1);
    execution.JoinAll();
    HEDDLE_ENSURE(completion_done(&fsd.drained) == (error != 0));
  });
  CHECK(results == Seen::Of(0, 1));
}

TEST_CASE("a wait with both ends in each of the three ways") {
  Seen results;
  ExecutionsOf({.preemptions = 1, .faults = 1}, [&](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    execution.Spawn("completer", [&] { complete(&fsd.drained); });
    const long left = wait_for_completion_killable_timeout(&fsd.drained, 10);
    HEDDLE_ENSURE(left == 10 || left == 0 || left == -ERESTARTSYS);
    results.Add(left > 0 ? 0 : left == 0 ? 1 : 2);
    execution.JoinAll();
  });
  CHECK(results == Seen::Of(0, 1, 2));
}

// ---- Who will complete

TEST_CASE("a cycle through a wait whose completer is known is a deadlock, though others go on") {
  const auto body = [](bool is_declared) {
    return [=](Execution& execution) {
      file fsd{};
      init_completion(&fsd.drained);
      mutex_init(&fsd.lock);
      bool is_stopped = false;
      execution.Spawn("reader", [&] {
        if (is_declared) completion_will_be_completed_by_me(&fsd.drained);
        mutex_lock(&fsd.lock);
        mutex_unlock(&fsd.lock);
        complete(&fsd.drained);
      });
      execution.Spawn("bystander", [&] {
        while (!is_stopped) execution.Sleep(1);
      });
      mutex_lock(&fsd.lock);
      wait_for_completion(&fsd.drained);
      mutex_unlock(&fsd.lock);
      is_stopped = true;
      execution.JoinAll();
    };
  };
  const Failure failure = FailureOf({.preemptions = 1, .faults = 0}, body(true));
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK(ObjectsOf(failure) == "fsd.drained, fsd.lock");
  CHECK(failure.tasks == std::vector<std::string>{"main", "reader"});
  CHECK(FailureOf({.preemptions = 0, .faults = 0}, body(false)).kind == FailureKind::kStepLimit);
}

TEST_CASE("a completer that has completed, or takes it back, is expected no longer") {
  ExecutionsOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    execution.Spawn("completer", [&] {
      completion_will_be_completed_by_me(&fsd.drained);
      complete(&fsd.drained);
    });
    wait_for_completion(&fsd.drained);
    execution.JoinAll();
  });
  const Failure failure = FailureOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    execution.Spawn("completer", [&] {
      completion_will_be_completed_by_me(&fsd.drained);
      completion_will_not_be_completed_by_me(&fsd.drained);
      execution.Yield();
    });
    wait_for_completion(&fsd.drained);
  });
  CHECK(failure.kind == FailureKind::kHang);
  CHECK(ObjectsOf(failure) == "fsd.drained");
}

TEST_CASE("one of several completers suffices") {
  ExecutionsOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    mutex_init(&fsd.lock);
    mutex_lock(&fsd.lock);
    execution.Spawn("stuck for now", [&] {
      completion_will_be_completed_by_me(&fsd.drained);
      mutex_lock(&fsd.lock);
      mutex_unlock(&fsd.lock);
      completion_will_not_be_completed_by_me(&fsd.drained);
    });
    execution.Spawn("completer", [&] {
      completion_will_be_completed_by_me(&fsd.drained);
      execution.Yield();
      complete(&fsd.drained);
    });
    wait_for_completion(&fsd.drained);
    mutex_unlock(&fsd.lock);
    execution.JoinAll();
  });
}

TEST_CASE("other primitives say who will complete by naming the tasks when asked") {
  const Failure failure = FailureOf({}, [](Execution& execution) {
    file fsd{};
    init_completion(&fsd.drained);
    mutex_init(&fsd.lock);
    mutex_lock(&fsd.lock);
    static heddle::TaskId worker;
    worker = execution.Spawn("worker", [&] {
      mutex_lock(&fsd.lock);
      mutex_unlock(&fsd.lock);
      complete(&fsd.drained);
    });
    internal::completion_will_be_completed_by(
        &fsd.drained,
        [](const Execution&, const void* source, heddle::TaskSet* tasks) {
          tasks->Add(*static_cast<const heddle::TaskId*>(source));
        },
        &worker);
    wait_for_completion(&fsd.drained);
  });
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK(ObjectsOf(failure) == "fsd.drained, fsd.lock");
}

// ---- Misuse

TEST_CASE("a completion that is waited for is not initialised again") {
  const auto body = [](bool is_new) {
    return [=](Execution& execution) {
      file fsd{};
      init_completion(&fsd.drained);
      execution.Spawn("waiter", [&] { wait_for_completion(&fsd.drained); });
      if (is_new) {
        init_completion(&fsd.drained);
      } else {
        reinit_completion(&fsd.drained);
      }
      complete(&fsd.drained);
      execution.JoinAll();
    };
  };
  const Failure initialised = FailureOf({}, body(true));
  CHECK(initialised.kind == FailureKind::kMisuse);
  CHECK(initialised.title == "init_completion of a completion that is waited for");
  CHECK(ObjectsOf(initialised) == "fsd.drained");
  const Failure reinitialised = FailureOf({}, body(false));
  CHECK(reinitialised.kind == FailureKind::kMisuse);
  CHECK(reinitialised.title == "reinit_completion of a completion that is waited for");
}

TEST_CASE("a wait sleeps even if the signal is there; a signal does not sleep") {
  const Failure failure = FailureOf({}, [](Execution&) {
    file fsd{};
    init_completion(&fsd.drained);
    preempt_disable();
    complete(&fsd.drained);
    wait_for_completion(&fsd.drained);
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
}

TEST_CASE("a completion on the stack of the waiter may be signalled last of all") {
  CHECK(ExecutionsOf({}, [](Execution& execution) {
          completion* published = nullptr;
          execution.Spawn("waiter", [&] {
            DECLARE_COMPLETION_ONSTACK(done);
            published = &done;
            wait_for_completion(&done);
            published = nullptr;
            execution.ForgetObjects(&done, sizeof(done));
          });
          complete(published);
          execution.JoinAll();
        }) > 0);
}

TEST_CASE("a signal to a completion whose function has returned is found out") {
  const Failure failure = FailureOf({.preemptions = 1, .faults = 1}, [](Execution& execution) {
    completion* published = nullptr;
    execution.Spawn("waiter", [&] {
      completion done = COMPLETION_INITIALIZER_ONSTACK(done);
      published = &done;
      wait_for_completion_timeout(&done, 1);
      execution.ForgetObjects(&done, sizeof(done));
      execution.Yield();
    });
    complete(published);
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(ObjectsOf(failure) == "done");
}

TEST_CASE("a completion that was never initialised cannot be used") {
  CHECK(FailureOf({}, [](Execution&) {
          file fsd{};
          complete(&fsd.drained);
        }).kind == FailureKind::kMisuse);
  CHECK(FailureOf({}, [](Execution&) {
          file fsd{};
          wait_for_completion(&fsd.drained);
        }).kind == FailureKind::kMisuse);
}

}  // namespace
}  // namespace models::kernel
