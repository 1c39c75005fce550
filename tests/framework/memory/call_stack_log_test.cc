// SPDX-License-Identifier: MIT

#include "heddle/memory/call_stack_log.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

namespace heddle {
namespace {

std::vector<uintptr_t> CallersOf(const CallStackLog& log, CallStackId stack) {
  const auto callers = log.Callers(stack);
  return {callers.begin(), callers.end()};
}

TEST_CASE("a stack is given back with its place, and its callers innermost first") {
  CallStackLog log;
  log.Reset(true);
  const std::array<const void*, 2> callers{reinterpret_cast<void*>(10),
                                           reinterpret_cast<void*>(20)};
  const CallStackId first = log.Record({.pc = 30}, callers);
  const CallStackId second = log.Record({.pc = 40}, {});
  CHECK(log.Place(first).pc == 30);
  CHECK(CallersOf(log, first) == std::vector<uintptr_t>{20, 10});
  CHECK(log.Place(second).pc == 40);
  CHECK(CallersOf(log, second).empty());
}

TEST_CASE("a stack that was not recorded has no frames, also after a reset") {
  CallStackLog log;
  CHECK(CallersOf(log, CallStackId{}).empty());
  log.Reset(true);
  log.Record({.pc = 1}, {});
  log.Reset(false);
  CHECK_FALSE(log.is_recording());
  CHECK(CallersOf(log, CallStackId{}).empty());
}

}  // namespace
}  // namespace heddle
