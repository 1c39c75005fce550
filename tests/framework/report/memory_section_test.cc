// SPDX-License-Identifier: MIT
//
// The history of a piece of memory in words, for each way in which an access can be wrong.

#include "heddle/report/memory_section.h"

#include <doctest/doctest.h>

#include <memory>
#include <utility>

namespace heddle {
namespace {

MemoryEvent EventOf(const char* what, uint16_t task, uint64_t step) {
  return {.what = what,
          .task = TaskId{task},
          .task_name = task == 1 ? "left" : "right",
          .step = step,
          .frames = {{.function = "inner", .file = "a/inner.cc", .line = 7},
                     {.function = "outer_function", .file = "a/b.cc", .line = 70}}};
}

Failure FailureOf(FailureKind kind, int64_t offset, std::vector<MemoryEvent> events) {
  auto history = std::make_shared<MemoryHistory>();
  history->object = "hci_conn";
  history->object_size = 64;
  history->offset = offset;
  history->events = std::move(events);
  Failure failure{.kind = kind};
  failure.memory = std::move(history);
  return failure;
}

std::string LastLine(const std::string& text) {
  const size_t end = text.rfind('\n', text.size() - 2);
  return text.substr(end + 1);
}

TEST_CASE("a use after free names the access, the free and the allocation, each with its stack") {
  Trace trace;
  for (uint64_t step = 1; step <= 9; ++step) trace.events.push_back({.step = step});
  const Failure failure = FailureOf(
      FailureKind::kUseAfterFree, 16,
      {EventOf("write of size 4", 1, 9), EventOf("freed", 2, 6), EventOf("allocated", 1, 0)});
  CHECK(MemorySection(failure, trace) ==
        "Memory\n"
        "  Write of size 4 by T1 left, step 9:\n"
        "    inner           inner.cc:7\n"
        "    outer_function  b.cc:70\n"
        "  Freed by T2 right, step 6:\n"
        "    inner           inner.cc:7\n"
        "    outer_function  b.cc:70\n"
        "  Allocated by T1 left:\n"
        "    inner           inner.cc:7\n"
        "    outer_function  b.cc:70\n"
        "  The access is 16 bytes inside hci_conn, a freed block of 64 bytes.\n"
        "  Between the free and the access: 2 steps.\n");
}

TEST_CASE("an access outside of its block is said to be before or past it") {
  CHECK(LastLine(MemorySection(
            FailureOf(FailureKind::kOutOfBounds, -8, {EventOf("read of size 8", 1, 2)}), {})) ==
        "  The access is 8 bytes before hci_conn, a block of 64 bytes.\n");
  CHECK(LastLine(MemorySection(
            FailureOf(FailureKind::kOutOfBounds, 64, {EventOf("read of size 8", 1, 2)}), {})) ==
        "  The access is 0 bytes past the end of hci_conn, a block of 64 bytes.\n");
}

TEST_CASE("a wrong free is about the pointer") {
  const Failure failure =
      FailureOf(FailureKind::kInvalidFree, 1, {EventOf("free", 1, 2), EventOf("allocated", 1, 1)});
  CHECK(LastLine(MemorySection(failure, {})) ==
        "  The pointer is 1 byte inside hci_conn, a block of 64 bytes.\n");
}

TEST_CASE("of two racing accesses the first is called earlier") {
  const Failure failure =
      FailureOf(FailureKind::kDataRace, 0,
                {EventOf("write of size 4", 1, 9), EventOf("marked read of size 4", 2, 6)});
  const std::string text = MemorySection(failure, {});
  CHECK(text.find("  Write of size 4 by T1 left, step 9:\n") != std::string::npos);
  CHECK(text.find("  Earlier marked read of size 4 by T2 right, step 6:\n") != std::string::npos);
  CHECK(text.find("Nothing orders the two accesses") != std::string::npos);
}

TEST_CASE("an object on the stack lives as long as its function") {
  const Failure failure = FailureOf(
      FailureKind::kStackUseAfterReturn, 0,
      {EventOf("read of size 4", 1, 9), EventOf("returned", 2, 6), EventOf("entered", 2, 5)});
  const std::string text = MemorySection(failure, {});
  CHECK(text.find("  Its function was left by T2 right, step 6:\n") != std::string::npos);
  CHECK(text.find("  Its function was entered by T2 right, step 5:\n") != std::string::npos);
  CHECK(text.find("Between the return and the access: 0 steps.") != std::string::npos);
}

TEST_CASE("a leak is what was lost") {
  const Failure failure = FailureOf(FailureKind::kLeak, 0, {EventOf("allocated", 1, 3)});
  CHECK(LastLine(MemorySection(failure, {})) == "  Lost: hci_conn, a block of 64 bytes.\n");
}

TEST_CASE("an access to no object at all has only its stack") {
  auto history = std::make_shared<MemoryHistory>();
  history->events = {EventOf("read of size 8", 1, 2)};
  Failure failure{.kind = FailureKind::kOops};
  failure.memory = history;
  CHECK(LastLine(MemorySection(failure, {})) == "    outer_function  b.cc:70\n");
}

TEST_CASE("the access that failed is the last event before the waits") {
  const Failure failure =
      FailureOf(FailureKind::kUseAfterFree, 16,
                {EventOf("marked write of size 4", 1, 1), EventOf("freed", 2, 1)});
  Trace trace;
  trace.events = {{.step = 1}, {.kind = EventKind::kBlocked, .step = 1}};
  const Trace complete = WithFailedAccess(trace, failure);
  REQUIRE(complete.events.size() == 3);
  const Event& access = complete.events[1];
  CHECK(access.kind == EventKind::kNote);
  CHECK(access.task == TaskId{1});
  CHECK(access.verb == "write");
  CHECK(access.object == "hci_conn");
  CHECK(access.detail == "use-after-free");
  CHECK(access.line == 7);
}

TEST_CASE("a leak has no access to show") {
  const Failure failure = FailureOf(FailureKind::kLeak, 0, {EventOf("allocated", 1, 3)});
  CHECK(WithFailedAccess({}, failure).events.empty());
  CHECK(WithFailedAccess({}, {}).events.empty());
}

TEST_CASE("a failure without a history has no section on memory") {
  CHECK(MemorySection({}, {}) == "");
}

}  // namespace
}  // namespace heddle
