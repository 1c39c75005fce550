// SPDX-License-Identifier: MIT
//
// Each rule of the completion's contract, by searching small programs in full: signals are counted,
// declared completers make a hang or a deadlock known early.

#include "heddle/sync/completion.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "heddle/sync/mutex.h"
#include "heddle/sync/shared.h"
#include "heddle/testing/ensure.h"
#include "tests/framework/verdict.h"

namespace heddle {
namespace {

using std::chrono::milliseconds;

TEST_CASE("a signal that comes before the wait is not lost, and what was done before it is known") {
  CheckClean(ExploreAll([](Execution& execution) {
               Shared<int> data{0, "data"};
               Completion done{"done"};
               execution.Spawn("worker", [&] {
                 data.Set(1);
                 done.Complete();
               });
               done.Wait();
               HEDDLE_ENSURE(data.Get() == 1);
               execution.JoinAll();
             }),
             1);
}

TEST_CASE("each signal lets one wait pass, in any order of the waiters") {
  std::set<std::string> orders;
  const auto body = [&](Execution& execution) {
    Completion done{"done"};
    std::string order;
    for (const char* name : {"a", "b"}) {
      execution.Spawn(name, [&, name] {
        done.Wait();
        order += name;
      });
    }
    done.Complete();
    done.Complete();
    execution.JoinAll();
    HEDDLE_ENSURE(!done.IsDone());
    orders.insert(order);
  };
  // Whoever waits may take the first signal before the second comes, or after it.
  CheckClean(ExploreAll(body), 4);
  CHECK(orders == std::set<std::string>{"ab", "ba"});
}

TEST_CASE("one signal for two waits leaves the other task hanging") {
  const auto result = ExploreAll([](Execution& execution) {
    Completion done{"done"};
    execution.Spawn("a", [&] { done.Wait(); });
    execution.Spawn("b", [&] { done.Wait(); });
    done.Complete();
    execution.JoinAll();
  });
  // Either may be the one; both stand at equal places, so it is one finding.
  RequireOne(result, FailureKind::kHang, {"done"});
  CHECK(result.executions == 2);
}

TEST_CASE("a signal for all passes every wait until the reset") {
  CheckClean(ExploreAll([](Execution&) {
               Completion done{"done"};
               done.CompleteAll();
               done.Complete();
               done.Wait();
               done.Wait();
               HEDDLE_ENSURE(done.TryWait() && done.IsDone());
               done.Reset();
               HEDDLE_ENSURE(!done.IsDone() && !done.TryWait());
               done.Complete();
               HEDDLE_ENSURE(done.TryWait() && !done.TryWait());
             }),
             1);
}

TEST_CASE("a timed wait gives up at its deadline; one whose deadline passed takes what is there") {
  CheckClean(ExploreAll([](Execution& execution) {
               Completion done{"done"};
               HEDDLE_ENSURE(!done.WaitFor(milliseconds(2)));
               HEDDLE_ENSURE(execution.now().value == 2'000'000);
               HEDDLE_ENSURE(done.WaitUntil(VirtualTime{1}) == Outcome::kTimedOut);
               done.Complete();
               HEDDLE_ENSURE(done.WaitUntil(VirtualTime{1}) == Outcome::kReady);
             }),
             1);
}

TEST_CASE("an interruptible wait ends early only as a fault") {
  bool was_interrupted = false;
  const auto body = [&](Execution& execution) {
    Completion done{"done"};
    execution.Spawn("waiter", [&] { was_interrupted |= !done.WaitInterruptible(); });
    execution.Yield();
    done.Complete();
    execution.JoinAll();
  };
  CHECK(ExploreAll(body, {.preemptions = 1, .faults = 0}).failure() == nullptr);
  CHECK_FALSE(was_interrupted);
  CHECK(ExploreAll(body, {.preemptions = 1, .faults = 1}).failure() == nullptr);
  CHECK(was_interrupted);
}

// The waiter holds what the completer needs; another task can go on for ever.
void WaitUnderLock(Execution& execution, bool declares) {
  Mutex mutex{"mutex"};
  Completion done{"done"};
  const TaskId worker = execution.Spawn("worker", [&] {
    execution.Yield();
    mutex.Lock();
    done.Complete();
    mutex.Unlock();
  });
  if (declares) done.DeclareCompleter(worker);
  execution.Spawn("bystander", [&] { execution.Yield(); });
  mutex.Lock();
  done.Wait();
  mutex.Unlock();
  execution.JoinAll();
}

TEST_CASE("with a declared completer a circular wait is a deadlock, without one a hang") {
  const auto declared = ExploreAll([](Execution& e) { WaitUnderLock(e, true); });
  const Failure& deadlock = RequireOne(declared, FailureKind::kDeadlock, {"done", "mutex"});
  CHECK(deadlock.tasks == Names{"main", "worker"});
  const auto open = ExploreAll([](Execution& e) { WaitUnderLock(e, false); });
  RequireOne(open, FailureKind::kHang, {"done"});
}

TEST_CASE("a reset while a task waits, and a completer declared then, are misuse") {
  const auto program = [](bool resets) {
    return [resets](Execution& execution) {
      Completion done{"done"};
      const TaskId waiter = execution.Spawn("waiter", [&] { done.Wait(); });
      if (resets) {
        done.Reset();
      } else {
        done.DeclareCompleter(waiter);
      }
      execution.JoinAll();
    };
  };
  CHECK(RequireOne(ExploreAll(program(true)), FailureKind::kMisuse, {"done"}).title ==
        "reset of a completion that a task waits for");
  CHECK(RequireOne(ExploreAll(program(false)), FailureKind::kMisuse, {"done"}).title ==
        "completer declared for a completion that a task waits for already");
}

TEST_CASE("a completion destroyed while a task waits is misuse") {
  const auto result = ExploreAll([](Execution& execution) {
    auto done = std::make_unique<Completion>("done");
    execution.Spawn("waiter", [&] { done->Wait(); });
    done.reset();
    execution.JoinAll();
  });
  CHECK(RequireOne(result, FailureKind::kMisuse, {"done"}).title ==
        "completion destroyed while waiter waits on it");
}

}  // namespace
}  // namespace heddle
