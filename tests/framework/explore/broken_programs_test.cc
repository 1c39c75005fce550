// SPDX-License-Identifier: MIT
//
// Programs under test that break in every way there is: each ends its execution and not the search,
// and the report names the task and the line.

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "heddle/testing/test_report.h"

namespace heddle {
namespace {

// What the compiler must not see through.
template <class T>
T Hidden(T value) {
  volatile T hidden = value;
  return hidden;
}

struct Broken {
  FailureKind kind = FailureKind::kOops;
  const char* title = "";  // How it begins.
  int line = 0;            // In this file, of the report; 0 if there is none.
  std::function<void(Execution&)> fault;
};

ExploreOptions Options() {
  ExploreOptions options{.bounds = {.preemptions = 1}, .keep_going = true};
  options.limits = {.steps_max = 200, .tasks_max = 8, .step_cpu_ms_max = 100};
  return options;
}

// Before the fault and behind it in the search there is an execution without any.
void CheckEndsItsExecutionOnly(const Broken& broken) {
  CAPTURE(broken.title);
  int passed = 0;
  const ExplorationResult result = Explore(Options(), [&](Execution& execution) {
    const uint32_t choice = execution.Choose(3);
    execution.Spawn("victim", [&, choice] {
      if (choice == 1) broken.fault(execution);
    });
    execution.JoinAll();
    ++passed;
  });
  CHECK(result.exhausted);
  CHECK(result.executions == 3);
  CHECK(passed >= 2);
  REQUIRE(result.findings.size() == 1);
  const Failure& failure = result.findings[0].failure;
  CHECK(FailureKindName(failure.kind) == FailureKindName(broken.kind));
  CHECK(failure.title.substr(0, std::string(broken.title).size()) == broken.title);
  CHECK(failure.tasks == std::vector<std::string>{"victim"});
  const std::string report = TestReport(result, result.findings[0]);
  CHECK(report.find("victim") != std::string::npos);
  if (broken.line == 0) return;
  const std::string place = "broken_programs_test.cc:" + std::to_string(broken.line);
  CHECK_MESSAGE(report.find(place) != std::string::npos, report);
}

// ---- What the processor and the C library notice

[[gnu::noinline]] void WriteTo(int* pointer) {
  *pointer = 1;
  asm volatile("");
}
constexpr int kWriteLine = __LINE__ - 3;

[[gnu::noinline]] int Recurse(int depth) {
  volatile char frame[512] = {};
  if (frame[0] != 0) return 0;
  frame[0] = static_cast<char>(depth);
  return Recurse(depth + 1) + frame[0];
}

TEST_CASE("null and wild pointers and a stack overflow end their execution only") {
  CheckEndsItsExecutionOnly({.kind = FailureKind::kOops,
                             .title = "access through a null pointer, at offset 8",
                             .line = kWriteLine,
                             .fault = [](Execution&) { WriteTo(Hidden<int*>(nullptr) + 2); }});
  CheckEndsItsExecutionOnly(
      {.kind = FailureKind::kOops,
       .title = "access to memory that is not there",
       .line = kWriteLine,
       .fault = [](Execution&) { WriteTo(reinterpret_cast<int*>(Hidden(0x1234'5678'0000))); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kOops,
                             .title = "stack overflow: the 256 KiB of stack of victim are used up",
                             .fault = [](Execution&) { Recurse(0); }});
}

TEST_CASE("abort, exit and quick_exit end their execution only") {
  CheckEndsItsExecutionOnly({.kind = FailureKind::kAbort,
                             .title = "abort() was called",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { std::abort(); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kAbort,
                             .title = "exit(7) was called",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { std::exit(7); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kAbort,
                             .title = "quick_exit(0) was called",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { std::quick_exit(0); }});
}

// ---- Exceptions

[[gnu::noinline]] void Refuse(const char* reason) {
  throw std::runtime_error(reason);
}
constexpr int kThrowLine = __LINE__ - 2;

struct Nameless {};

TEST_CASE("an exception that leaves a task is told with where it was thrown") {
  CheckEndsItsExecutionOnly({.kind = FailureKind::kUncaughtException,
                             .title = "an exception left the task: the market is closed today",
                             .line = kThrowLine,
                             .fault = [](Execution&) { Refuse("the market is closed today"); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kUncaughtException,
                             .title = "an exception left the task: ",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { throw Nameless(); }});
  CheckEndsItsExecutionOnly(
      {.kind = FailureKind::kUncaughtException,
       .title = "an exception left the task: vector::_M_range_check: ",
       .line = __LINE__ + 1,
       .fault = [](Execution&) { static_cast<void>(std::vector<int>(2).at(Hidden(3u))); }});
}

[[gnu::noinline]] void Promise() noexcept {
  Refuse("promises are kept");
}

TEST_CASE("an exception that leaves a noexcept function ends the execution, and none is left") {
  const int before = std::uncaught_exceptions();
  CheckEndsItsExecutionOnly({.kind = FailureKind::kAbort,
                             .title = "std::terminate() was called: promises are kept",
                             .line = kThrowLine,
                             .fault = [](Execution&) { Promise(); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kAbort,
                             .title = "std::terminate() was called",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { std::terminate(); }});
  CHECK(std::uncaught_exceptions() == before);
}

TEST_CASE("handlers of two tasks may pass scheduling points without mixing their exceptions") {
  const ExplorationResult result =
      Explore({.bounds = {.preemptions = 2}}, [](Execution& execution) {
        Mutex log{"log"};
        const auto fail_and_log = [&](const char* reason) {
          try {
            Refuse(reason);
          } catch (const std::exception&) {
            log.Lock();
            log.Unlock();
            try {
              throw;
            } catch (const std::exception& again) {
              if (std::string(again.what()) != reason) execution.Fail({.title = "mixed up"});
            }
          }
        };
        execution.Spawn("left", [&] { fail_and_log("the left one"); });
        execution.Spawn("right", [&] { fail_and_log("the right one"); });
        execution.JoinAll();
      });
  CHECK(result.failure() == nullptr);
  CHECK(result.exhausted);
  CHECK(result.executions > 1);
}

TEST_CASE("doctest's macros in a task are failures with a schedule, and doctest hears of none") {
  CheckEndsItsExecutionOnly({.kind = FailureKind::kUncaughtException,
                             .title = "REQUIRE(Hidden(1) == 2) is not correct (a doctest macro was "
                                      "used inside a task; use HEDDLE_ENSURE there)",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { REQUIRE(Hidden(1) == 2); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kAssertion,
                             .title = "CHECK(Hidden(1) == 2) is not correct (a doctest macro",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { CHECK(Hidden(1) == 2); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kUncaughtException,
                             .title = "no way (a doctest macro was used inside a task",
                             .line = __LINE__ + 1,
                             .fault = [](Execution&) { FAIL("no way"); }});
}

// ---- Programs without an end

[[gnu::noinline]] void SpinWithoutAccess() {
  for (unsigned i = 0;; ++i) asm volatile("" : : "r"(i));
}

TEST_CASE("a task that never yields meets a limit that names it") {
  CheckEndsItsExecutionOnly({.kind = FailureKind::kStepLimit,
                             .title = "no scheduling point for 0.1 s of CPU time; victim in "
                                      "SpinWithoutAccess, tests/",
                             .fault = [](Execution&) { SpinWithoutAccess(); }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kStepLimit,
                             .title = "more than 200 scheduling points; victim took the last one",
                             .line = __LINE__ + 3,
                             .fault = [](Execution&) {
                               Atomic<bool> flag{false, "flag"};
                               while (!flag.load()) continue;
                             }});
  CheckEndsItsExecutionOnly({.kind = FailureKind::kMisuse,
                             .title = "more than 8 tasks; raise the limit tasks_max or spawn fewer",
                             .line = __LINE__ + 2,
                             .fault = [](Execution& execution) {
                               for (int i = 0; i < 100; ++i) execution.Spawn("child", [] {});
                             }});
}

// ---- Primitives

TEST_CASE("a primitive that is misused is told with its line") {
  CheckEndsItsExecutionOnly({.kind = FailureKind::kMisuse,
                             .title = "unlock by a task that does not hold the mutex",
                             .line = __LINE__ + 3,
                             .fault = [](Execution&) {
                               Mutex mutex{"mutex"};
                               mutex.Unlock();
                             }});
}

// ---- Faults of who uses heddle

struct Ending {
  int status = -1;
  std::string error;
};

// Lets `act` run in a process of its own.
Ending EndingOf(void (*act)()) {
  std::array<int, 2> channel{};
  REQUIRE(pipe(channel.data()) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(channel[1], STDERR_FILENO);
    act();
    _exit(0);
  }
  close(channel[1]);
  Ending ending;
  char c = 0;
  while (read(channel[0], &c, 1) == 1) ending.error += c;
  close(channel[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFEXITED(status)) ending.status = WEXITSTATUS(status);
  return ending;
}

void CheckIsRefused(const char* sentence, void (*act)()) {
  const Ending ending = EndingOf(act);
  CHECK(ending.status == 3);
  CHECK_MESSAGE(ending.error.find(sentence) != std::string::npos, ending.error);
}

TEST_CASE("what only a task may do is refused outside of tasks, with a sentence and status 3") {
  CheckIsRefused("a primitive of heddle was used outside a task", [] { Mutex().Lock(); });
  CheckIsRefused("a primitive of heddle was used outside a task", [] { Atomic<int>(0).load(); });
  CheckIsRefused("HEDDLE_ENSURE(1 + 1 == 3) at tests/framework/explore/broken_programs_test.cc:",
                 [] { HEDDLE_ENSURE(1 + 1 == 3); });
}

TEST_CASE("an exploration in a task, and bounds without sense, are refused in the same way") {
  CheckIsRefused("heddle::Explore was called inside a task",
                 [] { Explore({}, [](Execution&) { Explore({}, [](Execution&) {}); }); });
  CheckIsRefused("the limit of tasks is between 1 and",
                 [] { Explore({.limits = {.tasks_max = 0}}, [](Execution&) {}); });
  CheckIsRefused("the limit of steps is at least 1",
                 [] { Explore({.limits = {.steps_max = 0}}, [](Execution&) {}); });
  CheckIsRefused("the longest time to search is not negative",
                 [] { Explore({.seconds_max = -1}, [](Execution&) {}); });
  CheckIsRefused("PCT's depth is at least 1", [] {
    Explore({.strategy = StrategyKind::kPct, .bug_depth = 0}, [](Execution&) {});
  });
}

}  // namespace
}  // namespace heddle
