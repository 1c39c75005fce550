// SPDX-License-Identifier: MIT
//
// DPOR against the unreduced search, on small programs made at random: both must see the same final
// states and the same failures. A dependence that one of the primitives fails to declare shows
// here.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "heddle/base/random.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/completion.h"
#include "heddle/sync/condition_variable.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/semaphore.h"

namespace heddle {
namespace {

// Larger spaces are left out: the unreduced search has to come to an end, too.
constexpr uint64_t kExecutionsMax = 3000;

// What the tasks of a program share, and what they saw.
struct World {
  Atomic<int> x{0, "x"};
  Atomic<int> y{0, "y"};
  std::array<Mutex, 2> mutexes{Mutex("m0"), Mutex("m1")};
  Semaphore units{1, "units"};
  Completion done{"done"};
  ConditionVariable changed{"changed"};
};

// What a task saw, in order: a number for each sequence of notes.
using Seen = uint64_t;

// One thing that a task does.
using Act = void (*)(Execution& execution, World& world, Seen& seen);

void Note(Seen& seen, char what, int value) {
  seen = seen * 4099 + static_cast<unsigned char>(what) * 16 + static_cast<Seen>(value) + 1;
}

template <int kIndex>
void AddUnderLock(Execution& /*execution*/, World& world, Seen& seen) {
  Mutex& mutex = world.mutexes[kIndex];
  mutex.Lock();
  const int value = world.x.load();
  world.x.store(value + 1);
  Note(seen, 'a', value);
  mutex.Unlock();
}

template <int kFirst>
void LockBoth(Execution& /*execution*/, World& world, Seen& seen) {
  world.mutexes[kFirst].Lock();
  world.mutexes[1 - kFirst].Lock();
  Note(seen, 'b', kFirst);
  world.mutexes[1 - kFirst].Unlock();
  world.mutexes[kFirst].Unlock();
}

void TryLock(Execution& /*execution*/, World& world, Seen& seen) {
  const bool locked = world.mutexes[0].TryLock();
  Note(seen, 't', locked ? 1 : 0);
  if (!locked) return;
  world.y.store(7);
  world.mutexes[0].Unlock();
}

void Read(Execution& /*execution*/, World& world, Seen& seen) {
  Note(seen, 'r', world.x.load());
}
void Write(Execution& /*execution*/, World& world, Seen& /*seen*/) {
  world.y.store(world.x.load() + 2);
}
void Add(Execution& /*execution*/, World& world, Seen& seen) {
  Note(seen, 'f', world.y.fetch_add(1));
}
void TakeUnit(Execution& /*execution*/, World& world, Seen& seen) {
  world.units.Acquire();
  Note(seen, 'u', world.x.load());
  world.units.Release();
}
void KeepUnit(Execution& /*execution*/, World& world, Seen& seen) {
  Note(seen, 'k', world.units.TryAcquire() ? 1 : 0);
}
void Wait(Execution& /*execution*/, World& world, Seen& seen) {
  world.done.Wait();
  Note(seen, 'w', world.x.load());
}
void Complete(Execution& /*execution*/, World& world, Seen& /*seen*/) {
  world.done.Complete();
}
void WaitForChange(Execution& /*execution*/, World& world, Seen& seen) {
  Mutex& mutex = world.mutexes[1];
  mutex.Lock();
  if (world.x.load() == 0) world.changed.Wait(mutex);
  Note(seen, 'c', world.x.load());
  mutex.Unlock();
}
void Change(Execution& /*execution*/, World& world, Seen& /*seen*/) {
  world.x.store(3);
  world.changed.NotifyOne();
}
void Pick(Execution& execution, World& world, Seen& seen) {
  const int value = static_cast<int>(execution.Choose(2));
  Note(seen, 'p', value);
  if (value == 1) world.x.store(9);
}
void MayFail(Execution& execution, World& world, Seen& seen) {
  if (execution.MayFail("write")) {
    Note(seen, 'm', 0);
    return;
  }
  world.x.store(4);
}
void SpawnAnother(Execution& execution, World& world, Seen& seen) {
  const TaskId child = execution.Spawn("child", [&world] { world.x.fetch_add(10); });
  execution.Join(child);
  Note(seen, 'j', world.x.load());
}

struct NamedAct {
  const char* name;
  Act act;
};

constexpr std::array<NamedAct, 17> kActs{{{"add-m0", AddUnderLock<0>},
                                          {"add-m1", AddUnderLock<1>},
                                          {"m0-m1", LockBoth<0>},
                                          {"m1-m0", LockBoth<1>},
                                          {"try-m0", TryLock},
                                          {"read-x", Read},
                                          {"write-y", Write},
                                          {"add-y", Add},
                                          {"take-unit", TakeUnit},
                                          {"keep-unit", KeepUnit},
                                          {"wait", Wait},
                                          {"complete", Complete},
                                          {"wait-for-change", WaitForChange},
                                          {"change", Change},
                                          {"pick", Pick},
                                          {"may-fail", MayFail},
                                          {"spawn", SpawnAnother}}};

using Program = std::vector<std::vector<NamedAct>>;

std::string Describe(const Program& program) {
  std::string text;
  for (const std::vector<NamedAct>& task : program) {
    text += text.empty() ? "" : " | ";
    for (const NamedAct& act : task) text += std::string(act.name) + ' ';
  }
  return text;
}

std::string Describe(const std::set<std::string>& failures) {
  std::string text;
  for (const std::string& failure : failures) text += failure + "; ";
  return text;
}

Program MakeProgram(Random* random) {
  Program program(2 + random->Below(2));
  for (std::vector<NamedAct>& task : program) {
    const uint64_t count = 1 + random->Below(program.size() == 2 ? 3 : 2);
    for (uint64_t i = 0; i < count; ++i) task.push_back(kActs[random->Below(kActs.size())]);
  }
  return program;
}

// Where a wait may be interrupted, dpor refuses to search for faults.
bool MayBeInterrupted(const Program& program) {
  return std::ranges::any_of(program, [](const std::vector<NamedAct>& task) {
    return std::ranges::any_of(
        task, [](const NamedAct& act) { return act.act == static_cast<Act>(WaitForChange); });
  });
}

// The shared values, and what each task saw.
using State = std::array<uint64_t, 5>;

struct Outcome {
  std::set<State> states;
  std::set<std::string> failures;
  bool exhausted = false;
  uint64_t executions = 0;
};

Outcome OutcomeOf(const Program& program, StrategyKind strategy) {
  Outcome outcome;
  const auto body = [&](Execution& execution) {
    World world;
    std::array<Seen, 3> seen{};
    for (size_t i = 0; i < program.size(); ++i) {
      execution.Spawn("task", [&execution, &world, &own = seen[i], &acts = program[i]] {
        for (const NamedAct& step : acts) step.act(execution, world, own);
      });
    }
    execution.JoinAll();
    const auto x = static_cast<uint64_t>(world.x.load());
    const auto y = static_cast<uint64_t>(world.y.load());
    const internal::RuntimeScope scope;
    outcome.states.insert({x, y, seen[0], seen[1], seen[2]});
  };
  const uint32_t faults = MayBeInterrupted(program) ? 0 : 1;
  const ExplorationResult result = Explore({.strategy = strategy,
                                            .bounds = {.faults = faults},
                                            .executions_max = kExecutionsMax,
                                            .keep_going = true,
                                            .determinism_checks = 0},
                                           body);
  for (const Finding& finding : result.findings) {
    outcome.failures.insert(finding.failure.Identity());
  }
  outcome.exhausted = result.exhausted;
  outcome.executions = result.executions;
  CHECK(result.refusal.empty());
  return outcome;
}

TEST_CASE("dpor sees every final state and every failure of five thousand random programs") {
  Random random(2026);
  int compared = 0;
  uint64_t unreduced = 0;
  uint64_t reduced = 0;
  for (int number = 0; compared < 5000; ++number) {
    const Program program = MakeProgram(&random);
    const Outcome all = OutcomeOf(program, StrategyKind::kExhaustive);
    if (!all.exhausted) continue;
    const Outcome traces = OutcomeOf(program, StrategyKind::kDpor);
    ++compared;
    unreduced += all.executions;
    reduced += traces.executions;
    CAPTURE(number);
    CAPTURE(Describe(program));
    REQUIRE(traces.exhausted);
    // A failing schedule is made smaller by runs of other schedules, which may pass.
    const bool sees_all = traces.failures.empty()
                              ? traces.states == all.states
                              : std::ranges::includes(traces.states, all.states);
    CHECK_MESSAGE(sees_all, traces.states.size(), " states, not ", all.states.size());
    CHECK(Describe(traces.failures) == Describe(all.failures));
    CHECK(traces.executions <= all.executions);
  }
  MESSAGE(reduced << " executions instead of " << unreduced);
  CHECK(reduced * 2 < unreduced);
}

}  // namespace
}  // namespace heddle
