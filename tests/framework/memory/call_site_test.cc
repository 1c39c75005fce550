// SPDX-License-Identifier: MIT

#include "heddle/memory/call_site.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/memory/region.h"

namespace heddle {
namespace {

// Calls that return to places of this file, each in a function of its own.
[[gnu::noinline]] uintptr_t Here() {
  return reinterpret_cast<uintptr_t>(__builtin_return_address(0));
}

[[gnu::noinline]] uintptr_t PlaceInPush() {
  const uintptr_t place = Here();
  asm volatile("");
  return place;
}

[[gnu::noinline]] uintptr_t PlaceInMain() {
  const uintptr_t place = Here();
  asm volatile("nop");  // Or the two would be one.
  return place;
}

const void* Pointer(uintptr_t place) {
  return reinterpret_cast<const void*>(place);
}

// Where no code of the program lies.
constexpr uintptr_t kNowhere = 0x1234;

std::string NameOf(uintptr_t pc, const std::vector<const void*>& callers = {}) {
  return FindCallSite({.pc = pc, .callers = callers}).allocation_name;
}

TEST_CASE("memory is named after the innermost function of the program") {
  CHECK(NameOf(PlaceInPush(), {Pointer(PlaceInMain())}) == "new in PlaceInPush");
  CHECK(NameOf(PlaceInPush()) == "new in PlaceInPush");
}

TEST_CASE("functions that are not the program's are passed over, from the inside out") {
  const std::vector<const void*> callers = {Pointer(PlaceInMain()), Pointer(PlaceInPush()),
                                            Pointer(kNowhere)};
  CHECK(NameOf(kNowhere, callers) == "new in PlaceInPush");
  CHECK(FindCallSite({.pc = kNowhere, .callers = callers}).pc == PlaceInPush());
}

TEST_CASE("without any function of the program the name is just new, and the place the caller") {
  CHECK(NameOf(kNowhere) == "new");
  CHECK(FindCallSite({.pc = kNowhere}).pc == kNowhere);
}

TEST_CASE("the text of a place stays where it is") {
  const uintptr_t pc = PlaceInPush();
  CHECK(FindCallSite({.pc = pc}).allocation_name == FindCallSite({.pc = pc}).allocation_name);
}

TEST_CASE(
    "the place in the source is that of the program, or that of the library if there is none") {
  const SourceLocation library{.file = "/usr/include/mutex", .function = "lock_guard", .line = 7};
  const std::vector<const void*> callers = {Pointer(PlaceInPush()), Pointer(kNowhere)};
  for (int i = 0; i < 2; ++i) {  // The second time it is known.
    const SourceLocation found = FindCaller({.pc = kNowhere, .callers = callers}, library);
    CHECK(std::string(found.function) == "PlaceInPush");
    CHECK(std::string(found.file) == "tests/framework/memory/call_site_test.cc");
    CHECK(std::string(FindCaller({.pc = kNowhere}, library).function) == "lock_guard");
  }
}

TEST_CASE("a place further out than calls are told apart is looked for anew each time") {
  std::vector<const void*> callers = {Pointer(PlaceInPush())};
  callers.resize(12, Pointer(kNowhere));
  const auto caller = [&] {
    return std::string(FindCaller({.pc = kNowhere, .callers = callers}, {}).function);
  };
  CHECK(caller() == "PlaceInPush");
  callers.front() = Pointer(PlaceInMain());
  CHECK(caller() == "PlaceInMain");
}

// ---- Frame pointers

// Lays frames, each as a function with a frame pointer would, on the stack of a task.
struct Stack {
  explicit Stack(size_t slot) : words(static_cast<uintptr_t*>(Region::OpenStack(slot))) {}

  const void* Lay(size_t at, size_t caller, uintptr_t return_address) const {
    words[at] = reinterpret_cast<uintptr_t>(&words[caller]);
    words[at + 1] = return_address;
    return &words[at];
  }
  std::string NameFrom(const void* frame) const {
    return FindCallSite({.pc = kNowhere, .frame = frame}).allocation_name;
  }

  uintptr_t* words;
};

TEST_CASE("where nothing is instrumented, frame pointers lead to the program") {
  const Stack stack(3);
  stack.Lay(20, 30, PlaceInPush());
  CHECK(stack.NameFrom(stack.Lay(10, 20, kNowhere)) == "new in PlaceInPush");
}

TEST_CASE("what cannot be a frame further up the same stack ends the chain") {
  const Stack stack(3);
  const Stack other(4);
  stack.Lay(4, 30, PlaceInPush());
  other.Lay(4, 30, PlaceInPush());
  CHECK(stack.NameFrom(stack.Lay(10, 4, kNowhere)) == "new");  // Downwards.
  const void* const elsewhere = stack.Lay(10, 4, kNowhere);
  stack.words[10] = reinterpret_cast<uintptr_t>(&other.words[4]);
  CHECK(stack.NameFrom(elsewhere) == "new");
  stack.words[10] = 7;
  CHECK(stack.NameFrom(elsewhere) == "new");
  const size_t last = Region::kStackSize / sizeof(uintptr_t) - 1;
  CHECK(stack.NameFrom(stack.Lay(10, last, kNowhere)) == "new");
  const uintptr_t not_on_a_stack[2] = {0, PlaceInPush()};
  CHECK(stack.NameFrom(not_on_a_stack) == "new");
}

}  // namespace
}  // namespace heddle
