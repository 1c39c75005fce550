// SPDX-License-Identifier: MIT
//
// Fibers are never destroyed: destroying a suspended boost::context::fiber unwinds its stack by an
// exception, which is fatal inside destructors. The boost object is placement-new'd into storage of
// ours and its destructor never runs; its control record lives on the stack itself and is
// overwritten when the next fiber is built there.

#include "heddle/core/fiber.h"

#include <cxxabi.h>

#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <typeinfo>
#include <utility>

#include "heddle/base/check.h"

#if defined(__SANITIZE_ADDRESS__)
#define HEDDLE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEDDLE_ASAN 1
#endif
#endif

#ifdef HEDDLE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace heddle {

using Continuation = boost::context::fiber;

static_assert(sizeof(Continuation) == sizeof(void*), "Fiber keeps room for one pointer");

// The fiber that was left by the switch under way, and where its continuation belongs.
static Fiber* left_fiber = nullptr;
static Fiber::ExceptionHandler exception_handler = nullptr;

namespace {

// The stack belongs to the pool; Boost must not free it.
struct BorrowedStack {
  boost::context::stack_context allocate() { return {}; }
  void deallocate(boost::context::stack_context& /*stack*/) {}
};

Continuation& ContinuationOf(std::byte* storage) {
  return *std::launder(reinterpret_cast<Continuation*>(storage));
}

}  // namespace

void Fiber::SetExceptionHandler(ExceptionHandler handler) {
  exception_handler = handler;
}

void Fiber::SetStack(void* bottom, size_t size) {
  HEDDLE_CHECK(stack_bottom_ == nullptr) << "a fiber got a second stack";
  stack_bottom_ = bottom;
  stack_size_ = size;
}

void Fiber::Start(Function function, void* argument) {
  function_ = function;
  argument_ = argument;
  used_begin_ = stack_bottom_;
  if (!is_parked_) Build();
  is_parked_ = false;
  exceptions_ = {};
}

void Fiber::Build() {
  HEDDLE_CHECK(stack_bottom_ != nullptr) << "a fiber was started without a stack";
#ifdef HEDDLE_ASAN
  __asan_unpoison_memory_region(stack_bottom_, stack_size_);
#endif
  fake_stack_ = nullptr;
  boost::context::stack_context stack;
  stack.size = stack_size_;
  stack.sp = static_cast<std::byte*>(stack_bottom_) + stack_size_;
  new (continuation_)
      Continuation(std::allocator_arg, boost::context::preallocated(stack.sp, stack.size, stack),
                   BorrowedStack(), [this](Continuation&& caller) {
#ifdef HEDDLE_ASAN
                     // Tells the bounds of the stack that was left: for the thread's own stack
                     // nobody else knows.
                     const void* bottom = nullptr;
                     size_t size = 0;
                     __sanitizer_finish_switch_fiber(nullptr, &bottom, &size);
                     left_fiber->stack_bottom_ = const_cast<void*>(bottom);
                     left_fiber->stack_size_ = size;
#endif
                     new (left_fiber->continuation_) Continuation(std::move(caller));
                     Loop();
                     return Continuation();
                   });
}

// The runtime keeps one such record per thread; each fiber gets its own, so that a handler may pass
// a scheduling point, and none is left behind by a fiber that is abandoned in one.
void Fiber::SwitchExceptions(Fiber& from, const Fiber& to) {
  static void* const record = abi::__cxa_get_globals();
  std::memcpy(&from.exceptions_, record, sizeof(Exceptions));
  std::memcpy(record, &to.exceptions_, sizeof(Exceptions));
}

void Fiber::Switch(Fiber& from, Fiber& to) {
  // The switch itself keeps registers below this frame.
  constexpr uintptr_t kSwitchSize = 1024;
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  from.used_begin_ = reinterpret_cast<void*>(frame - kSwitchSize);
  SwitchExceptions(from, to);
  left_fiber = &from;
#ifdef HEDDLE_ASAN
  __sanitizer_start_switch_fiber(&from.fake_stack_, to.stack_bottom_, to.stack_size_);
#endif
  Continuation caller = std::move(ContinuationOf(to.continuation_)).resume();
#ifdef HEDDLE_ASAN
  __sanitizer_finish_switch_fiber(from.fake_stack_, nullptr, nullptr);
#endif
  new (left_fiber->continuation_) Continuation(std::move(caller));
}

void Fiber::AdoptStack([[maybe_unused]] const void* bottom, [[maybe_unused]] size_t size) {
#ifdef HEDDLE_ASAN
  __sanitizer_start_switch_fiber(nullptr, bottom, size);
  __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
}

const char* Fiber::ExceptionText() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  if (type == nullptr) return nullptr;
  try {
    throw;
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return type->name();
  }
}

// Runs functions until the fiber is abandoned. The text of an exception is copied out of the catch
// block before anybody hears of it: the handler switches away, and the runtime's record of caught
// exceptions is shared by all fibers.
void Fiber::Loop() {
  while (true) {
    char what[256] = "";
    bool threw = false;
    bool is_doctest = false;
    try {
      function_(argument_);
    } catch (const boost::context::detail::forced_unwind&) {
      throw;
    } catch (const std::exception& exception) {
      threw = true;
      std::strncpy(what, exception.what(), sizeof(what) - 1);
    } catch (...) {
      threw = true;
      if (const std::type_info* type = abi::__cxa_current_exception_type()) {
        is_doctest = std::strstr(type->name(), "doctest") != nullptr;
        std::strncpy(what, type->name(), sizeof(what) - 1);
      }
    }
    if (threw && exception_handler != nullptr) exception_handler(what, is_doctest);
    is_parked_ = true;
    Switch(*this, *successor_);
  }
}

}  // namespace heddle
