// SPDX-License-Identifier: MIT
//
// AtomicFlag: an atomic boolean that is tested and set in one step.
//
// Has the interface of std::atomic_flag. For all operations but waits:
//
//   Scheduling point: before the access.
//   Blocks:           never.
//   Fails:            never.
//   REQUIRES:         called from a task.
//
// INVARIANT: every access is one step. A new flag is clear.

#pragma once

#include <atomic>

#include "heddle/base/source_location.h"
#include "heddle/sync/atomic.h"

namespace heddle {

class AtomicFlag {
 public:
  // `name` is what reports call the flag; it must outlive the execution.
  constexpr explicit AtomicFlag(const char* name = "atomic flag") : flag_(false, name) {}

  // Sets the flag and returns whether it was set before.
  bool test_and_set(std::memory_order order = std::memory_order_seq_cst,
                    SourceLocation where = SourceLocation::Here()) {
    return flag_.exchange(true, order, where);
  }

  void clear(std::memory_order order = std::memory_order_seq_cst,
             SourceLocation where = SourceLocation::Here()) {
    flag_.store(false, order, where);
  }

  bool test(std::memory_order order = std::memory_order_seq_cst,
            SourceLocation where = SourceLocation::Here()) const {
    return flag_.load(order, where);
  }

  // Waits until the flag is another than `old`. Whoever changes it notifies afterwards.
  //
  // Scheduling point: before the first look, and before each further one.
  // Blocks:           until notified with the flag changed.
  // Fails:            kHang if no task is left that could notify.
  // REQUIRES:         called from a task.
  void wait(bool old, std::memory_order order = std::memory_order_seq_cst,
            SourceLocation where = SourceLocation::Here()) const {
    flag_.wait(old, order, where);
  }

  // Has one waiter, which of them is a free choice, or all look at the flag again.
  void notify_one(SourceLocation where = SourceLocation::Here()) { flag_.notify_one(where); }
  void notify_all(SourceLocation where = SourceLocation::Here()) { flag_.notify_all(where); }

 private:
  Atomic<bool> flag_;
};

}  // namespace heddle
