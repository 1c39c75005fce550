// SPDX-License-Identifier: MIT
//
// Waits that a deadline, a signal, or both may end: which outcomes there are within which bounds.

#include <doctest/doctest.h>

#include <set>

#include "heddle/core/execution.h"
#include "heddle/explore/explore.h"

namespace heddle {
namespace {

constexpr ObjectType kFlag{.noun = "flag"};

bool IsRaised(const Execution& execution, const Operation& operation) {
  return execution.object(operation.object).count != 0;
}

constexpr OperationType kWait{.verb = "wait", .ready = IsRaised, .rule = WaitRule::kAnyone};
constexpr OperationType kRaise{.verb = "raise"};

struct WaitKind {
  bool has_deadline = false;
  bool is_interruptible = false;
};

// One task waits for a flag that `raises` says whether the body raises. Returns all outcomes.
std::set<Outcome> OutcomesOf(WaitKind kind, bool raises, Bounds bounds) {
  std::set<Outcome> outcomes;
  Explore({.bounds = bounds}, [&](Execution& execution) {
    ObjectRef ref;
    execution.Spawn("waiter", [&] {
      const ObjectId flag = execution.Resolve(&ref, kFlag, "flag");
      const VirtualTime deadline = kind.has_deadline ? VirtualTime{1000} : kNever;
      outcomes.insert(execution.SchedulingPoint({.type = &kWait,
                                                 .object = flag,
                                                 .deadline = deadline,
                                                 .interruptible = kind.is_interruptible}));
    });
    if (raises) {
      const ObjectId flag = execution.Resolve(&ref, kFlag, "flag");
      execution.SchedulingPoint({.type = &kRaise, .object = flag});
      execution.object(flag).count = 1;
      execution.Changed(flag);
    }
    execution.JoinAll();
  });
  return outcomes;
}

TEST_CASE("a wait with a deadline and a signal can end in each of the three ways") {
  CHECK(OutcomesOf({.has_deadline = true, .is_interruptible = true}, true,
                   {.preemptions = 1, .faults = 1}) ==
        std::set{Outcome::kReady, Outcome::kTimedOut, Outcome::kInterrupted});
}

TEST_CASE("without faults such a wait ends early only if nobody else can go on, by its deadline") {
  CHECK(OutcomesOf({.has_deadline = true, .is_interruptible = true}, true,
                   {.preemptions = 1, .faults = 0}) == std::set{Outcome::kReady});
  CHECK(OutcomesOf({.has_deadline = true, .is_interruptible = true}, false,
                   {.preemptions = 1, .faults = 1}) == std::set{Outcome::kTimedOut});
}

TEST_CASE("a signal never ends a wait that nobody else can end") {
  CHECK(OutcomesOf({.is_interruptible = true}, false, {.preemptions = 1, .faults = 1}).empty());
}

TEST_CASE("objects of one Execution are not known to another one") {
  ObjectRef ref;
  std::set<bool> known;
  for (int i = 0; i < 2; ++i) {
    Explore({.executions_max = 1}, [&](Execution& execution) {
      known.insert(execution.IsKnown(ref));
      execution.Resolve(&ref, kFlag, "flag");
    });
  }
  CHECK(known == std::set{false});
}

}  // namespace
}  // namespace heddle
