// SPDX-License-Identifier: MIT
//
// Dining philosophers, one round: each takes the fork to the left, then the one to the right.
//
//   philosopher i:  lock fork i; lock fork i+1; unlock both
//
// Bug:    with all forks taken from the left, everybody can hold one and wait for the next (phil).
// Expect: phil deadlocks with n-1 preemptions, in n! of its schedules: the orders of the first
//         forks. In ophil the last philosopher takes the right fork first, and none deadlocks.
//
// Published counts of the full search (168 schedules for three, 98184 for four) have a scheduling
// point before each release as well; without those there are 30 and 448.

#include <memory>
#include <utility>
#include <vector>

#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct ForkOrder {
  bool last_takes_right_first = false;
};

static void Dine(heddle::Execution& execution, const ForkOrder& order) {
  const auto n = static_cast<size_t>(execution.Parameter("n"));
  std::vector<std::unique_ptr<heddle::Mutex>> forks;
  for (size_t i = 0; i < n; ++i) {
    const char* name = execution.Intern("fork" + std::to_string(i));
    forks.push_back(std::make_unique<heddle::Mutex>(name));
  }
  for (size_t i = 0; i < n; ++i) {
    heddle::Mutex* first = forks[i].get();
    heddle::Mutex* second = forks[(i + 1) % n].get();
    if (order.last_takes_right_first && i == n - 1) std::swap(first, second);
    execution.Spawn("philosopher" + std::to_string(i), [first, second] {
      first->Lock();
      second->Lock();
      second->Unlock();
      first->Unlock();
    });
  }
  execution.JoinAll();
}

static const bool bugs = heddle::RegisterBugs(
    "litmus", {{.id = "default-deadlock",
                .kind = heddle::FailureKind::kDeadlock,
                .objects = {"fork0", "fork1"},
                .sentence = "every philosopher holds one fork and waits for the next"}});

static const bool phil = heddle::Register<ForkOrder>({
    .name = "litmus/phil",
    .story = "Philosophers take the left fork, then the right one.",
    .body = Dine,
    .bounds = {.preemptions = 3, .faults = 0},
    .parameters = {{"n", {3, 2, 64}}},
    .variants = {{.id = "default",
                  .options = {},
                  .executions = 30,
                  .findings = {{.bug = "default-deadlock", .preemptions = 1}}}},
});

static const bool ophil = heddle::Register<ForkOrder>({
    .name = "litmus/ophil",
    .story = "The last philosopher takes the right fork first.",
    .body = Dine,
    .bounds = {.preemptions = 3, .faults = 0},
    .parameters = {{"n", {3, 2, 64}}},
    .variants = {{.id = "default",
                  .options = {.last_takes_right_first = true},
                  .executions = 20,
                  .decides = {"default-deadlock"}}},
});

}  // namespace scenarios
