// SPDX-License-Identifier: MIT
//
// Functions of this file give away where they were called from; each call stands on a line of its
// own, which the test knows.

#include "heddle/memory/symbolizer.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "heddle/base/source_location.h"

namespace heddle {
namespace {

constexpr char kThisFile[] = "tests/framework/memory/symbolizer_test.cc";

struct Place {
  uintptr_t pc = 0;
  int line = 0;
};

// Returns the place of its call. The asm keeps the call from being the last thing its caller does.
[[gnu::noinline]] Place Here(int line = __builtin_LINE()) {
  const Place place{reinterpret_cast<uintptr_t>(__builtin_return_address(0)), line};
  asm volatile("");
  return place;
}

struct Widget {
  [[gnu::noinline]] Place Member() {
    const Place place = Here();
    asm volatile("");
    return place;
  }
};

int inner_line = 0;
int outer_line = 0;

[[gnu::always_inline]] inline Place Inlined() {
  inner_line = __LINE__ + 1;
  const Place place = Here();
  asm volatile("");
  return place;
}

[[gnu::noinline]] Place Outer() {
  outer_line = __LINE__ + 1;
  const Place place = Inlined();
  asm volatile("");
  return place;
}

const std::vector<CodeLocation>& Resolve(const Place& place) {
  return Symbolizer::Instance().Resolve(place.pc);
}

TEST_CASE("a call in a member function resolves to its name, file and line") {
  Widget widget;
  const Place place = widget.Member();
  REQUIRE_FALSE(Resolve(place).empty());
  const CodeLocation& innermost = Resolve(place).front();
  CHECK(innermost.function == "Member");
  CHECK(innermost.file == kThisFile);
  CHECK(innermost.line == place.line);
}

template <class T>
struct Box {
  [[gnu::noinline]] Place operator()(const T& /*value*/, Place (*call)(int)) const {
    const Place place = call(__LINE__);
    asm volatile("");
    return place;
  }
};

template <class T>
[[gnu::noinline]] Place Template(const T& /*value*/) {
  const Place place = Here();
  asm volatile("");
  return place;
}

// What returns a string has a tag in its symbol.
[[gnu::noinline]] std::pair<std::string, Place> Tagged() {
  const Place place = Here();
  asm volatile("");
  return {"", place};
}

TEST_CASE("templates, operators and lambdas go by their bare names") {
  CHECK(Resolve(Template(std::vector<int>{})).front().function == "Template");
  CHECK(Resolve(Tagged().second).front().function == "Tagged");
  CHECK(Resolve(Box<std::string>()("", Here)).front().function == "operator()");
  const auto lambda = [] {
    const Place place = Here();
    asm volatile("");
    return place;
  };
  Place (*volatile call)() = lambda;
  const auto& functions = Resolve(call());
  CHECK(functions.front().function == "operator()");
  CHECK(functions.front().file == kThisFile);
}

TEST_CASE("an inlined function comes before the function it was inlined into") {
  const auto& functions = Resolve(Outer());
  REQUIRE(functions.size() == 2);
  CHECK(functions[0].function == "Inlined");
  CHECK(functions[0].file == kThisFile);
  CHECK(functions[0].line == inner_line);
  CHECK(functions[1].function == "Outer");
  CHECK(functions[1].file == kThisFile);
  CHECK(functions[1].line == outer_line);
}

TEST_CASE("an address without code resolves to nothing") {
  CHECK(Symbolizer::Instance().Resolve(0).empty());
  CHECK(Symbolizer::Instance().Resolve(4096).empty());
  CHECK(Symbolizer::Instance().Resolve(reinterpret_cast<uintptr_t>(&inner_line)).empty());
}

// ---- Globals

int global_numbers[4];

int* FirstCounter() {
  static int counter = 1;
  return &counter;
}

int* SecondCounter() {
  static int counter = 2;
  return &counter;
}

uintptr_t AddressOf(const int* number) {
  return reinterpret_cast<uintptr_t>(number);
}

TEST_CASE("a byte of a global is its symbol and an offset, and leads back") {
  Symbolizer& symbolizer = Symbolizer::Instance();
  const auto found = symbolizer.FindGlobal(AddressOf(&global_numbers[2]));
  REQUIRE(found);
  CHECK(found->symbol.find("global_numbers") != std::string::npos);
  CHECK(found->occurrence == 1);
  CHECK(found->offset == 8);
  CHECK(symbolizer.AddressOf(*found) == AddressOf(&global_numbers[2]));
}

TEST_CASE("statics of two functions are two globals, whatever their names") {
  Symbolizer& symbolizer = Symbolizer::Instance();
  const auto first = symbolizer.FindGlobal(AddressOf(FirstCounter()));
  const auto second = symbolizer.FindGlobal(AddressOf(SecondCounter()));
  REQUIRE(first);
  REQUIRE(second);
  CHECK(symbolizer.AddressOf(*first) == AddressOf(FirstCounter()));
  CHECK(symbolizer.AddressOf(*second) == AddressOf(SecondCounter()));
}

TEST_CASE("locals and symbols that do not exist are no globals") {
  const int local = 0;
  Symbolizer& symbolizer = Symbolizer::Instance();
  CHECK_FALSE(symbolizer.FindGlobal(AddressOf(&local)));
  CHECK_FALSE(symbolizer.AddressOf({.symbol = "no_such_symbol_anywhere"}));
  const auto found = symbolizer.FindGlobal(AddressOf(&global_numbers[0]));
  REQUIRE(found);
  CHECK_FALSE(symbolizer.AddressOf({.symbol = found->symbol, .offset = sizeof(global_numbers)}));
}

// ---- Paths

TEST_CASE("paths of every kind of build lead to the path in the workspace") {
  CHECK(WorkspacePath("models/bluetooth/l2cap_core.cc") == "models/bluetooth/l2cap_core.cc");
  CHECK(WorkspacePath("./scenarios/a.cc") == "scenarios/a.cc");
  CHECK(WorkspacePath("/proc/self/cwd/models/a.cc") == "models/a.cc");
  CHECK(WorkspacePath("/cache/sandbox/17/execroot/heddle/models/a.cc") == "models/a.cc");
  CHECK(WorkspacePath(
            "bazel-out/k8-opt/bin/framework/core/_virtual_includes/task/heddle/core/task.h") ==
        "framework/core/task.h");
  CHECK(WorkspacePath("bazel-out/k8-fastbuild/bin/external/heddle/framework/sync/_virtual_includes/"
                      "mutex/heddle/sync/mutex.h") == "framework/sync/mutex.h");
  CHECK(WorkspacePath("/usr/include/c++/12/vector") == "/usr/include/c++/12/vector");
}

TEST_CASE("the line table and the compiler's builtins call a file of the workspace alike") {
  const SourceLocation here = SourceLocation::Here();
  CHECK(WorkspacePath(here.file) == kThisFile);
}

}  // namespace
}  // namespace heddle
