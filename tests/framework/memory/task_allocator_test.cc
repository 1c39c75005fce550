// SPDX-License-Identifier: MIT
//
// Programs that allocate by new and by the containers of the standard library, in an instrumented
// file, as a user's test may be.

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "heddle/base/check.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/explore/explore.h"
#include "heddle/memory/region.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

bool IsChecked(const void* memory) {
  return Region::IsHeap(reinterpret_cast<uintptr_t>(memory));
}

Failure FailureOfBody(const Body& body) {
  const ExplorationResult result = Explore({}, body);
  REQUIRE(result.failure() != nullptr);
  return *result.failure();
}

struct alignas(64) Line {
  int value = 0;
};

// ---- Which heap

TEST_CASE("every form of new is checked in a task, and none is outside of tasks") {
  std::array<bool, 8> checked{};
  const auto make_all = [&checked] {
    void* const memory[] = {operator new(8), operator new(8, std::nothrow),
                                             operator new (8, std::align_val_t{64}),
                                             operator new (8, std::align_val_t{64}, std::nothrow)};
    void* const arrays[] = {operator new[](8), operator new[](8, std::nothrow),
                                               operator new[](8, std::align_val_t{64}),
                                               operator new[](8, std::align_val_t{64},
                                                              std::nothrow)};
    for (size_t i = 0; i < 4; ++i) {
      checked[i] = IsChecked(memory[i]);
      checked[4 + i] = IsChecked(arrays[i]);
    }
    operator delete(memory[0]);
    operator delete(memory[1], std::nothrow);
    operator delete (memory[2], std::align_val_t{64});
    operator delete (memory[3], std::align_val_t{64}, std::nothrow);
    operator delete[](arrays[0]);
    operator delete[](arrays[1], std::nothrow);
    operator delete[](arrays[2], std::align_val_t{64});
    operator delete[](arrays[3], std::align_val_t{64}, std::nothrow);
  };
  const ExplorationResult result = Explore({}, [&](Execution&) { make_all(); });
  CHECK(result.failure() == nullptr);
  for (const bool is_checked : checked) CHECK(is_checked);
  make_all();
  for (const bool is_checked : checked) CHECK_FALSE(is_checked);
}

TEST_CASE("aligned memory is aligned on both heaps") {
  uintptr_t in_task = 1;
  Explore({}, [&](Execution&) {
    const auto pad = std::make_unique<char>();
    const auto line = std::make_unique<Line>();
    in_task = reinterpret_cast<uintptr_t>(line.get());
  });
  CHECK(in_task % 64 == 0);
  const auto line = std::make_unique<Line>();
  CHECK(reinterpret_cast<uintptr_t>(line.get()) % 64 == 0);
}

TEST_CASE("code of the framework on the stack of a task uses the ordinary heap") {
  bool is_checked = true;
  const ExplorationResult result = Explore({}, [&](Execution&) {
    const internal::RuntimeScope scope;
    is_checked = IsChecked(std::make_unique<int>(1).get());
  });
  CHECK(result.failure() == nullptr);
  CHECK_FALSE(is_checked);
}

TEST_CASE("memory may be freed on the other side of the border") {
  auto from_outside = std::make_unique<std::string>(100, 'x');
  std::unique_ptr<std::string> from_task;
  const ExplorationResult result = Explore({}, [&](Execution&) {
    from_outside.reset();
    from_task = std::make_unique<std::string>(100, 'y');
  });
  CHECK(result.failure() == nullptr);
  REQUIRE(from_task != nullptr);
  CHECK(*from_task == std::string(100, 'y'));
  from_task.reset();
}

// ---- Findings

struct Node {
  int value = 0;
  Node* next = nullptr;
};

Node* MakeNode() {
  return new Node{.value = 1};
}

int ValueOf(const Node* node) {
  return node->value;
}

TEST_CASE("a use after delete names the functions that allocated, deleted and used") {
  const Failure failure = FailureOfBody([](Execution&) {
    Node* const node = MakeNode();
    delete node;
    ValueOf(node);
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(failure.objects == std::vector<std::string>{"new in MakeNode"});
  CHECK((failure.functions == std::vector<std::string>{"ValueOf", "operator()"}));
  REQUIRE(failure.memory->events.size() == 3);
  CHECK(failure.memory->events[0].frames[0].function == "ValueOf");
  CHECK(failure.memory->events[2].frames[0].function == "MakeNode");
}

TEST_CASE("a second delete is a double free") {
  const Failure failure = FailureOfBody([](Execution&) {
    Node* const node = MakeNode();
    Node* const same = node;
    delete node;
    delete same;
  });
  CHECK(failure.kind == FailureKind::kDoubleFree);
  CHECK(failure.objects == std::vector<std::string>{"new in MakeNode"});
}

TEST_CASE("delete of what new[] made, and the other way round, is an invalid free") {
  const Failure scalar = FailureOfBody([](Execution&) {
    void* volatile array = operator new[](24);
    operator delete(array);
  });
  CHECK(scalar.kind == FailureKind::kInvalidFree);
  CHECK(scalar.title ==
        "free at offset 0 of new in operator() (24 bytes) by delete, which came from new[]");
  const Failure array = FailureOfBody([](Execution&) {
    Node* volatile node = MakeNode();
    operator delete[](node);
  });
  CHECK(array.kind == FailureKind::kInvalidFree);
  CHECK(array.title ==
        "free at offset 0 of new in MakeNode (16 bytes) by delete[], which came from new");
}

TEST_CASE("delete of a local, and of the middle of a block, is an invalid free") {
  const Failure local = FailureOfBody([](Execution&) {
    Node node;
    Node* volatile hidden = &node;
    operator delete(hidden);
  });
  CHECK(local.kind == FailureKind::kInvalidFree);
  const Failure middle = FailureOfBody([](Execution&) { operator delete(&MakeNode()->next); });
  CHECK(middle.kind == FailureKind::kInvalidFree);
  CHECK(middle.title == "free at offset 8 of new in MakeNode (16 bytes)");
}

TEST_CASE("what nobody deletes is a leak of the function that allocated it") {
  const Failure failure = FailureOfBody([](Execution&) { MakeNode(); });
  CHECK(failure.kind == FailureKind::kLeak);
  CHECK(failure.objects == std::vector<std::string>{"new in MakeNode"});
}

int ReadFirstTwice(const std::vector<int>& numbers, Mutex& mutex) {
  mutex.Lock();
  const int& first = numbers.front();
  mutex.Unlock();
  const std::lock_guard guard(mutex);
  return first;
}

void Append(std::vector<int>& numbers, Mutex& mutex) {
  const std::lock_guard guard(mutex);
  numbers.push_back(3);
}

TEST_CASE("a reference into a vector that another task lets grow is a use after free") {
  const ExplorationResult result =
      Explore({.bounds = {.preemptions = 1}}, [](Execution& execution) {
        std::vector<int> numbers = {1, 2};
        Mutex mutex{"numbers.lock"};
        execution.Spawn("reader", [&] { ReadFirstTwice(numbers, mutex); });
        execution.Spawn("writer", [&] { Append(numbers, mutex); });
        execution.JoinAll();
      });
  REQUIRE(result.failure() != nullptr);
  const Failure& failure = *result.failure();
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(failure.objects == std::vector<std::string>{"new in operator()"});
  CHECK((failure.tasks == std::vector<std::string>{"reader", "writer"}));
  CHECK((failure.functions == std::vector<std::string>{"Append", "ReadFirstTwice"}));
}

TEST_CASE("a delete that no order keeps from a use of the object is found, whoever comes first") {
  const auto body = [](Execution& execution) {
    Node* const node = MakeNode();
    execution.Spawn("user", [node] { ValueOf(node); });
    execution.Spawn("owner", [node] { delete node; });
    execution.JoinAll();
  };
  const ExplorationResult result = Explore({.keep_going = true}, body);
  std::set<FailureKind> kinds;
  for (const Finding& finding : result.findings) kinds.insert(finding.failure.kind);
  CHECK((kinds == std::set<FailureKind>{FailureKind::kUseAfterFree, FailureKind::kDataRace}));
}

// ---- The end of executions

TEST_CASE("executions that are abandoned with containers on their stacks leak nothing") {
  uintptr_t in_use = 0;
  const ExplorationResult result =
      Explore({.executions_max = 2000, .keep_going = true, .determinism_checks = 0},
              [&](Execution& execution) {
                const std::vector<std::string> words(50, std::string(200, 'w'));
                const uint32_t choice = execution.Choose(2000);
                // Addresses show whether an execution began with an empty heap. Inverted, they keep
                // nothing there.
                const auto here = ~reinterpret_cast<uintptr_t>(words.data());
                if (choice == 1) in_use = here;
                if (choice > 1 && here != in_use) execution.Fail({.kind = FailureKind::kMisuse});
                execution.Fail({.kind = FailureKind::kAssertion, .title = "given up"});
              });
  CHECK(result.executions == 2000);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].failure.kind == FailureKind::kAssertion);
}

TEST_CASE("a container in the frame of a test keeps what tasks put into it") {
  std::set<std::string> outcomes;
  const ExplorationResult result = Explore({}, [&](Execution& execution) {
    outcomes.insert(std::string(40, static_cast<char>('a' + execution.Choose(20))));
  });
  CHECK(result.failure() == nullptr);
  CHECK(outcomes.size() == 20);
  CHECK(outcomes.contains(std::string(40, 't')));
}

TEST_CASE("a container in a global keeps what tasks put into it, also from executions that fail") {
  static std::map<std::string, int> runs;
  const ExplorationResult result = Explore({.keep_going = true}, [&](Execution& execution) {
    ++runs[std::string(40, static_cast<char>('a' + execution.Choose(10)))];
    execution.Fail({.kind = FailureKind::kAssertion, .title = "given up"});
  });
  CHECK(result.executions == 10);
  CHECK(runs.size() == 10);
  for (const auto& [name, count] : runs) {
    CHECK(name.size() == 40);
    CHECK(count >= 1);
  }
}

TEST_CASE("an invariant's check is destroyed with what it captured in a task") {
  const auto body = [](Execution& execution) {
    const std::vector<int> numbers(100, 1);
    execution.AddInvariant({.property = "INV", .check = [numbers] {
                              return numbers.size() == 100 ? std::optional<Violation>()
                                                           : Violation{.sentence = "it shrank"};
                            }});
    execution.Choose(3);
  };
  const ExplorationResult result = Explore({}, Body(body));
  CHECK(result.failure() == nullptr);
  CHECK(result.executions == 3);
}

int StatusOfChild(void (*child)()) {
  const pid_t pid = fork();
  if (pid == 0) {
    close(STDERR_FILENO);
    child();
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("memory of a task that is deleted twice, or after its execution, is a broken check") {
  const int twice = StatusOfChild([] {
    std::unique_ptr<int> kept;
    Explore({}, [&](Execution&) { kept = std::make_unique<int>(1); });
    int* const memory = kept.release();
    int* volatile same = memory;
    operator delete(memory);
    operator delete(same);
  });
  CHECK(twice == kBrokenCheckExitStatus);
  const int late = StatusOfChild([] {
    const auto hidden = std::make_unique<int*>();  // Nobody looks for pointers on this heap.
    Explore({.leaks = LeakPolicy::kIgnore}, [&](Execution&) { *hidden = new int(1); });
    Explore({}, [](Execution&) {});
    operator delete(*hidden);
  });
  CHECK(late == kBrokenCheckExitStatus);
}

}  // namespace
}  // namespace heddle
