// SPDX-License-Identifier: MIT
//
// TaskBody: the function that a task runs, without its type.

#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace heddle {

// Describes `*function`, which must live until it was moved to where the task keeps it.
struct TaskBody {
  void* function = nullptr;
  size_t size = 0;
  size_t alignment = 1;
  // Constructs the function at `to`, moving it from `from`.
  void (*move)(void* from, void* to) = nullptr;
  // Calls the function at `place` and then destroys it.
  void (*run)(void* place) = nullptr;

  template <class Function>
  static TaskBody Of(Function* function) {
    return {.function = function,
            .size = sizeof(Function),
            .alignment = alignof(Function),
            .move = [](void* from,
                       void* to) { new (to) Function(std::move(*static_cast<Function*>(from))); },
            .run =
                [](void* place) {
                  auto* call = static_cast<Function*>(place);
                  (*call)();
                  call->~Function();
                }};
  }
};

}  // namespace heddle
