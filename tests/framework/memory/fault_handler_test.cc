// SPDX-License-Identifier: MIT
//
// Programs that break in code without instrumentation, where only the processor notices.

#include "heddle/memory/fault_handler.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

Failure FailureOfBody(const Body& body, const ExploreOptions& options = {}) {
  const ExplorationResult result = Explore(options, body);
  REQUIRE(result.failure() != nullptr);
  return *result.failure();
}

// What the compiler must not see through.
template <class T>
T Hidden(T value) {
  volatile T hidden = value;
  return hidden;
}

[[gnu::noinline]] void WriteThrough(int* pointer) {
  *pointer = 1;
  asm volatile("");
}

TEST_CASE("a write through a null pointer ends the execution as an oops that names the function") {
  const Failure failure = FailureOfBody([](Execution&) {
    WriteThrough(Hidden<int*>(nullptr) + 4);
    asm volatile("");  // No tail call.
  });
  CHECK(failure.kind == FailureKind::kOops);
  CHECK(failure.functions == std::vector<std::string>{"WriteThrough"});
  CHECK(failure.tasks == std::vector<std::string>{"main"});
  CHECK(failure.title.find("access through a null pointer, at offset 16; main in WriteThrough, "
                           "tests/framework/memory/fault_handler_test.cc:") == 0);
  REQUIRE(failure.frames.size() == 2);
  CHECK(failure.frames[1].function == "operator()");
}

TEST_CASE("wild pointers of both kinds are an oops") {
  const Failure unmapped = FailureOfBody(
      [](Execution&) { WriteThrough(reinterpret_cast<int*>(Hidden(0x1234'5678'0000))); });
  CHECK(unmapped.kind == FailureKind::kOops);
  CHECK(unmapped.title.find("access to memory that is not there; main in WriteThrough") == 0);
  const Failure impossible = FailureOfBody(
      [](Execution&) { WriteThrough(reinterpret_cast<int*>(Hidden(0x6b6b'6b6b'6b6b'6b6b))); });
  CHECK(impossible.kind == FailureKind::kOops);
  CHECK(impossible.functions == std::vector<std::string>{"WriteThrough"});
}

[[gnu::noinline]] void CallThrough(void (*function)()) {
  function();
  asm volatile("");
}

TEST_CASE("a call of a null function is an oops of the caller") {
  const Failure failure =
      FailureOfBody([](Execution&) { CallThrough(Hidden<void (*)()>(nullptr)); });
  CHECK(failure.kind == FailureKind::kOops);
  CHECK(failure.functions == std::vector<std::string>{"CallThrough"});
}

[[gnu::noinline]] int Recurse(int depth) {
  volatile char frame[512] = {};
  if (frame[0] != 0) return 0;
  frame[0] = static_cast<char>(depth);
  return Recurse(depth + 1) + frame[0];
}

TEST_CASE("a stack overflow is told from other wild accesses, in any task") {
  const Failure failure = FailureOfBody([](Execution& execution) {
    execution.Spawn("deep", [] { Recurse(0); });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kOops);
  CHECK(failure.title.find("stack overflow: the 256 KiB of stack of deep are used up") == 0);
  CHECK(failure.functions == std::vector<std::string>{"Recurse"});
}

[[gnu::noinline]] void GiveUp() {
  std::abort();
}

TEST_CASE("abort() is a failure of its own kind, in the function that called it") {
  const Failure failure = FailureOfBody([](Execution&) { GiveUp(); });
  CHECK(failure.kind == FailureKind::kAbort);
  CHECK(failure.functions == std::vector<std::string>{"GiveUp"});
}

TEST_CASE("a division by zero is an oops, a trap an abort") {
  const Failure division = FailureOfBody([](Execution&) {
    volatile int quotient = Hidden(7) / Hidden(0);
    static_cast<void>(quotient);
  });
#if defined(__x86_64__)
  CHECK(division.kind == FailureKind::kOops);
#endif
  const Failure trap = FailureOfBody([](Execution&) { __builtin_trap(); });
  CHECK(trap.kind == FailureKind::kAbort);
}

[[gnu::noinline]] void Spin() {
  for (unsigned i = 0;; ++i) asm volatile("" : : "r"(i));
}

TEST_CASE("a loop without any access is ended by its CPU time, which names the task") {
  ExploreOptions options;
  options.limits.step_cpu_ms_max = 200;
  const Failure failure = FailureOfBody(
      [](Execution& execution) {
        execution.Spawn("spinner", [] { Spin(); });
        execution.JoinAll();
      },
      options);
  CHECK(failure.kind == FailureKind::kStepLimit);
  CHECK(failure.tasks == std::vector<std::string>{"spinner"});
  CHECK(failure.title.find("no scheduling point for 0.2 s of CPU time; spinner in Spin, "
                           "tests/framework/memory/fault_handler_test.cc:") == 0);
}

TEST_CASE("a long exploration of short steps is not mistaken for an endless loop") {
  ExploreOptions options{.executions_max = 20'000};
  options.limits.step_cpu_ms_max = 50;
  const ExplorationResult result = Explore(options, [](Execution& execution) {
    Mutex mutex;
    for (int i = 0; i < 3; ++i) {
      execution.Spawn("locker", [&] {
        for (int round = 0; round < 4; ++round) {
          mutex.Lock();
          mutex.Unlock();
        }
      });
    }
    execution.JoinAll();
  });
  CHECK(result.failure() == nullptr);
}

TEST_CASE("a fault ends its execution, and the search goes on behind it") {
  const ExplorationResult result = Explore({.keep_going = true}, [](Execution& execution) {
    const uint32_t choice = execution.Choose(5);
    if (choice == 1) WriteThrough(Hidden<int*>(nullptr));
    if (choice == 2) Recurse(0);
    if (choice == 3) GiveUp();
  });
  CHECK(result.exhausted);
  CHECK(result.executions == 5);
  REQUIRE(result.findings.size() == 3);
  CHECK(result.findings[0].failure.functions == std::vector<std::string>{"WriteThrough"});
  CHECK(result.findings[1].failure.functions == std::vector<std::string>{"Recurse"});
  CHECK(result.findings[2].failure.kind == FailureKind::kAbort);
}

// ---- Outside of tasks

int StatusOfChild(void (*child)()) {
  const pid_t pid = fork();
  if (pid == 0) {
    close(STDERR_FILENO);
    child();
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

void ExitWith7(int /*signal*/) {
  _exit(7);
}

TEST_CASE("a signal that hits no task goes to the handler that was there before") {
  const int status = StatusOfChild([] {
    std::signal(SIGSEGV, ExitWith7);
    const FaultHandler handler;
    WriteThrough(Hidden<int*>(nullptr));
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("without a handler before, a fault outside of tasks ends the process by its signal") {
  for (void (*const die)() : {+[] { WriteThrough(Hidden<int*>(nullptr)); }, +[] { std::abort(); },
                              +[] { raise(SIGILL); }}) {
    static void (*way)() = nullptr;
    way = die;
    const int status = StatusOfChild([] {
      for (const int signal : {SIGSEGV, SIGABRT, SIGILL}) std::signal(signal, SIG_DFL);
      const FaultHandler handler;
      way();
    });
    CHECK(WIFSIGNALED(status));
  }
}

TEST_CASE("after an exploration the handlers before it are back") {
  const int status = StatusOfChild([] {
    std::signal(SIGSEGV, ExitWith7);
    Explore({}, [](Execution&) { WriteThrough(Hidden<int*>(nullptr)); });
    struct sigaction action {};
    sigaction(SIGSEGV, nullptr, &action);
    if (action.sa_handler == ExitWith7) _exit(3);
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 3);
}

}  // namespace
}  // namespace heddle
