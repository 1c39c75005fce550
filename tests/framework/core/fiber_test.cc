// SPDX-License-Identifier: MIT
//
// Stacks that run one function after another, are left in the middle, and are begun anew.

#include "heddle/core/fiber.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "heddle/core/stack_pool.h"

namespace heddle {
namespace {

Fiber root;

struct Story {
  Story() {
    const StackSlot slot = StackPool::Instance().Slot(0);
    fiber.SetStack(slot.bottom, slot.size);
    fiber.SetSuccessor(&root);
  }
  Fiber fiber;
  std::string events;
};

TEST_CASE("a function goes on where it was left, and its end switches to the successor") {
  Story story;
  story.fiber.Start(
      [](void* argument) {
        auto* self = static_cast<Story*>(argument);
        self->events += "a";
        Fiber::Switch(self->fiber, root);
        self->events += "b";
      },
      &story);
  CHECK(story.events.empty());  // Start alone runs nothing.
  Fiber::Switch(root, story.fiber);
  CHECK(story.events == "a");
  story.events += "1";
  Fiber::Switch(root, story.fiber);
  CHECK(story.events == "a1b");
}

TEST_CASE("what a fiber that was left still needs lies above used_begin, near where it was left") {
  static const void* local = nullptr;
  Story story;
  story.fiber.Start(
      [](void* argument) {
        int value = 0;
        local = &value;
        Fiber::Switch(static_cast<Story*>(argument)->fiber, root);
      },
      &story);
  Fiber::Switch(root, story.fiber);
  const auto* const bottom = static_cast<const char*>(story.fiber.stack_bottom());
  const auto* const used = static_cast<const char*>(story.fiber.used_begin());
  CHECK(used > bottom);
  CHECK(used < local);
  CHECK(bottom + story.fiber.stack_size() - used < 8192);
}

TEST_CASE("a fiber whose function returned takes the next one, many times over") {
  Story story;
  for (int i = 0; i < 1000; ++i) {
    story.fiber.Start([](void* argument) { static_cast<Story*>(argument)->events += 'x'; }, &story);
    Fiber::Switch(root, story.fiber);
  }
  CHECK(story.events.size() == 1000);
}

struct CountsDestructions {
  ~CountsDestructions() { ++count; }
  static int count;
};
int CountsDestructions::count = 0;

TEST_CASE("a function left in the middle is abandoned: nothing on its stack is destroyed") {
  Story story;
  for (int i = 0; i < 100; ++i) {
    story.fiber.Start(
        [](void* argument) {
          auto* self = static_cast<Story*>(argument);
          const CountsDestructions local;
          self->events += 'x';
          Fiber::Switch(self->fiber, root);
        },
        &story);
    Fiber::Switch(root, story.fiber);
  }
  CHECK(story.events.size() == 100);
  CHECK(CountsDestructions::count == 0);
}

Story* throwing = nullptr;

template <class Thrown>
void Throw(void* /*argument*/) {
  throw Thrown("it broke");
}

std::string CaughtFrom(Fiber::Function function) {
  Story story;
  throwing = &story;
  Fiber::SetExceptionHandler([](const char* what, bool is_doctest) {
    throwing->events = what;
    if (is_doctest) throwing->events += " of doctest";
    Fiber::Switch(throwing->fiber, root);
  });
  story.fiber.Start(function, nullptr);
  Fiber::Switch(root, story.fiber);
  Fiber::SetExceptionHandler(nullptr);
  return story.events;
}

TEST_CASE("an exception that leaves the function reaches the handler with its text or type") {
  CHECK(CaughtFrom(Throw<std::runtime_error>) == "it broke");
  CHECK(CaughtFrom([](void* /*argument*/) { throw 42; }) == "i");
  // The fiber and the exceptions of other code are as they were.
  std::string caught;
  try {
    throw std::runtime_error("outside");
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  CHECK(caught == "outside");
}

TEST_CASE("an exception caught within the function is nobody else's business") {
  Story story;
  story.fiber.Start(
      [](void* argument) {
        auto* self = static_cast<Story*>(argument);
        try {
          throw std::runtime_error("inside");
        } catch (const std::runtime_error& error) {
          self->events = error.what();
        }
      },
      &story);
  Fiber::Switch(root, story.fiber);
  CHECK(story.events == "inside");
}

}  // namespace
}  // namespace heddle
