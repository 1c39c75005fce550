// SPDX-License-Identifier: MIT
//
// Fiber: one stack that runs functions, one after another, and can be left in the middle of any.
//
// A fiber parks when its function has returned and takes the next one without being built anew. A
// function that will never go on (its execution ended early) is abandoned: the next Start builds
// the fiber over it, without unwinding anything. Nothing that lives on such a stack is destroyed.
//
// fiber.cc is the only file that knows Boost.Context, exceptions and sanitizer annotations.

#pragma once

#include <cstddef>

namespace heddle {

class Fiber {
 public:
  using Function = void (*)(void* argument);
  // Called on the fiber when an exception left its function; must not return.
  using ExceptionHandler = void (*)(const char* what, bool is_doctest);

  Fiber() = default;
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Gives the fiber its stack, once. REQUIRES: the stack outlives the fiber.
  void SetStack(void* bottom, size_t size);

  // Makes `function(argument)` what the next switch to this fiber runs. `function` must not return
  // before it has switched to another fiber for good: when it returns, the fiber parks by switching
  // to the fiber that `Fiber::SetSuccessor` named. ENSURES: an unfinished earlier function is
  // abandoned.
  void Start(Function function, void* argument);

  // Leaves `from`, which must be the running fiber, for `to`. Returns when somebody switches back.
  static void Switch(Fiber& from, Fiber& to);

  // Says that the running code has been moved to another stack, to switch away from there for good.
  static void AdoptStack(const void* bottom, size_t size);

  // Names the fiber that runs after the current function of this one has returned.
  void SetSuccessor(Fiber* successor) { successor_ = successor; }

  static void SetExceptionHandler(ExceptionHandler handler);

  // Returns what the exception that is being handled says, or the name of its type; null if there
  // is none. Valid as long as it is handled.
  static const char* ExceptionText();

  void* stack_bottom() const { return stack_bottom_; }
  size_t stack_size() const { return stack_size_; }
  // Returns where that part of the stack begins which the fiber still needs; it ends where the
  // stack ends. REQUIRES: the fiber is not the running one.
  void* used_begin() const { return used_begin_; }

 private:
  // The C++ runtime's record of the exceptions that are under way: those that are caught, and how
  // many are not.
  struct Exceptions {
    void* caught = nullptr;
    unsigned uncaught = 0;
  };

  static void SwitchExceptions(Fiber& from, const Fiber& to);
  void Loop();
  void Build();

  alignas(void*) std::byte continuation_[sizeof(void*)] = {};
  Function function_ = nullptr;
  void* argument_ = nullptr;
  Fiber* successor_ = nullptr;
  bool is_parked_ = false;
  void* stack_bottom_ = nullptr;
  size_t stack_size_ = 0;
  void* used_begin_ = nullptr;
  void* fake_stack_ = nullptr;  // AddressSanitizer's.
  Exceptions exceptions_;
};

}  // namespace heddle
