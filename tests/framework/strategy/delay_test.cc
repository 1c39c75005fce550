// SPDX-License-Identifier: MIT
//
// Delay-bounded search: what a delay costs, that levels are exact and complete, and counts.

#include "heddle/strategy/delay.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/strategy/exhaustive.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

using Program = std::function<void(Execution&)>;

std::string Text(std::span<const Decision> decisions) {
  std::string text;
  for (const Decision decision : decisions) {
    text += (decision.is_value != 0 ? "v" : ".") + std::to_string(decision.value);
  }
  return text;
}

// Runs a search to its end, or to so many executions, and returns its schedules.
template <class Search>
std::multiset<std::string> Schedules(Search* search, const Program& body) {
  Execution execution;
  std::multiset<std::string> schedules;
  while (search->BeginExecution()) {
    const ExecutionSummary summary = execution.Run(*search, body, {});
    const std::string text = Text(summary.decisions);
    search->EndExecution(summary);
    if (!search->IsRepetition()) schedules.insert(text);
  }
  return schedules;
}

std::vector<uint64_t> Counts(const std::vector<LevelResult>& levels) {
  std::vector<uint64_t> counts;
  for (const LevelResult& level : levels) {
    CHECK(level.finished);
    counts.push_back(level.executions);
  }
  return counts;
}

Program Loads(int tasks, int count) {
  return [=](Execution& execution) {
    Atomic<int> x{0, "x"};
    for (int t = 0; t < tasks; ++t) {
      execution.Spawn("task", [&x, count] {
        for (int i = 0; i < count; ++i) x.load();
      });
    }
    execution.JoinAll();
  };
}

TEST_CASE("without delays there is one schedule: each task to its end, in the order of spawning") {
  Delay delay(0, {});
  const std::multiset<std::string> schedules = Schedules(&delay, Loads(3, 2));
  // Once only the third task is left, there is nothing to decide.
  CHECK(schedules == std::multiset<std::string>{".1.1.2.2"});
  CHECK(Counts(delay.levels()) == std::vector<uint64_t>{1});
}

TEST_CASE("passing over two tasks costs two delays") {
  Delay one(1, {});
  CHECK(Schedules(&one, Loads(3, 1)) == std::multiset<std::string>{".1.2", ".1.3", ".2.3"});
  Delay two(2, {});
  CHECK(Schedules(&two, Loads(3, 1)) ==
        std::multiset<std::string>{".1.2", ".1.3", ".2.3", ".2.1", ".3.1"});
  Delay three(3, {});
  CHECK(Schedules(&three, Loads(3, 1)).size() == 6);
}

TEST_CASE("without a bound every schedule comes once, and the search says that it is complete") {
  for (const Program& body : {Loads(2, 3), Loads(3, 2), Loads(4, 1)}) {
    Exhaustive exhaustive({});
    const std::multiset<std::string> all = Schedules(&exhaustive, body);
    Delay delay(kUnbounded, {});
    CHECK(Schedules(&delay, body) == all);
    CHECK(delay.IsComplete());
  }
}

TEST_CASE("a bound leaves out those schedules, and only those, that have more delays") {
  Delay all(kUnbounded, {});
  Schedules(&all, Loads(3, 2));
  const std::vector<uint64_t> counts = Counts(all.levels());
  CHECK(counts == std::vector<uint64_t>{1, 4, 10, 15, 19, 17, 13, 7, 3, 1});
  uint64_t sum = 0;
  for (uint32_t delays = 0; delays < counts.size(); ++delays) {
    Delay bounded(delays, {});
    sum += counts[delays];
    CHECK(Schedules(&bounded, Loads(3, 2)).size() == sum);
    CHECK(bounded.levels().size() == delays + 1);
  }
}

TEST_CASE("faults and early timeouts count as delays, free choices do not") {
  const auto body = [](Execution& execution) {
    execution.Choose(3);
    execution.MayFail("one");
    execution.MayFail("two");
  };
  Delay delay(kUnbounded, {});
  CHECK(Schedules(&delay, body).size() == 12);
  CHECK(Counts(delay.levels()) == std::vector<uint64_t>{3, 6, 3});
  const auto sleeper = [](Execution& execution) {
    Atomic<int> x{0, "x"};
    execution.Spawn("sleeper", [&] { execution.Sleep(5); });
    execution.Spawn("worker", [&] { x.load(); });
    execution.JoinAll();
  };
  Delay timeouts(kUnbounded, {});
  CHECK(Schedules(&timeouts, sleeper) == std::multiset<std::string>{".1", ".2"});
  CHECK(Counts(timeouts.levels()) == std::vector<uint64_t>{1, 1});
}

TEST_CASE("bounds on preemptions and faults hold besides") {
  Delay delay(kUnbounded, {.preemptions = 1, .faults = 0});
  Exhaustive exhaustive({.preemptions = 1, .faults = 0});
  const Program body = Loads(3, 2);
  CHECK(Schedules(&delay, body) == Schedules(&exhaustive, body));
}

TEST_CASE("the first failure has the fewest delays") {
  // Philosophers: all but the last have to be kept from their second fork.
  const auto body = [](Execution& execution) {
    std::vector<std::unique_ptr<Mutex>> forks;
    for (int i = 0; i < 3; ++i) forks.push_back(std::make_unique<Mutex>("fork"));
    for (size_t i = 0; i < 3; ++i) {
      execution.Spawn("philosopher", [&forks, i] {
        forks[i]->Lock();
        forks[(i + 1) % 3]->Lock();
        forks[(i + 1) % 3]->Unlock();
        forks[i]->Unlock();
      });
    }
    execution.JoinAll();
  };
  Execution execution;
  Delay delay(kUnbounded, {});
  bool failed = false;
  while (!failed && delay.BeginExecution()) {
    const ExecutionSummary summary = execution.Run(delay, body, {});
    delay.EndExecution(summary);
    failed = summary.failed;
  }
  REQUIRE(failed);
  CHECK(execution.failure()->kind == FailureKind::kDeadlock);
  CHECK(delay.levels().size() == 3);
}

}  // namespace
}  // namespace heddle
