// SPDX-License-Identifier: MIT
//
// A header of the shop's own, whose path is that of one of heddle's.

#pragma once

#include <mutex>

namespace shop {

// What this project calls an execution: the order of a customer being carried out.
struct Execution {
  int cents = 0;
};

// Runs `work` under `mutex`.
template <class Mutex, class Work>
void WithLock(Mutex& mutex, Work work) {
  const std::lock_guard guard(mutex);
  work();
}

}  // namespace shop
