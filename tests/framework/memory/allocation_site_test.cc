// SPDX-License-Identifier: MIT

#include "heddle/memory/allocation_site.h"

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
  asm volatile("");
  return place;
}

const void* Pointer(uintptr_t place) {
  return reinterpret_cast<const void*>(place);
}

// Where no code of the program lies.
constexpr uintptr_t kNowhere = 0x1234;

std::string NameOf(uintptr_t pc, const std::vector<const void*>& callers = {}) {
  return FindAllocationSite({.pc = pc, .callers = callers}).name;
}

TEST_CASE("memory is named after the innermost function of the program") {
  CHECK(NameOf(PlaceInPush(), {Pointer(PlaceInMain())}) == "new in PlaceInPush");
  CHECK(NameOf(PlaceInPush()) == "new in PlaceInPush");
}

TEST_CASE("functions that are not the program's are passed over, from the inside out") {
  const std::vector<const void*> callers = {Pointer(PlaceInMain()), Pointer(PlaceInPush()),
                                            Pointer(kNowhere)};
  CHECK(NameOf(kNowhere, callers) == "new in PlaceInPush");
  CHECK(FindAllocationSite({.pc = kNowhere, .callers = callers}).pc == PlaceInPush());
}

TEST_CASE("without any function of the program the name is just new, and the place the caller") {
  CHECK(NameOf(kNowhere) == "new");
  CHECK(FindAllocationSite({.pc = kNowhere}).pc == kNowhere);
}

TEST_CASE("the text of a place stays where it is") {
  const uintptr_t pc = PlaceInPush();
  CHECK(FindAllocationSite({.pc = pc}).name == FindAllocationSite({.pc = pc}).name);
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
    return FindAllocationSite({.pc = kNowhere, .frame = frame}).name;
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
