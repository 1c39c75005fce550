// SPDX-License-Identifier: MIT
//
// CallStack: the instrumented functions that a task is in.

#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace heddle {

// Return addresses of the functions, outermost first. Filled by the access hooks; entries past the
// capacity are counted but not kept.
struct CallStack {
  static constexpr size_t kCapacity = 128;
  size_t depth = 0;
  const void* callers[kCapacity] = {};

  std::span<const void* const> kept() const { return {callers, std::min(depth, kCapacity)}; }
};

}  // namespace heddle
