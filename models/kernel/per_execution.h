// SPDX-License-Identifier: GPL-2.0-only
//
// per_execution<State>: state of the kernel world that is new in every execution.
//
//   static per_execution<timer_world> world;
//   world->timers ...
//
// State is reset by State::reset() at its first use in an execution; it should keep its capacity,
// for executions that pass must not allocate once warm.

#pragma once

#include <cstdint>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace models::kernel {

template <class State>
class per_execution {
 public:
  // REQUIRES: a task is running.
  State* operator->() { return &get(); }
  State& get() {
    const uint32_t serial = heddle::Execution::Current().serial();
    if (serial != serial_) [[unlikely]] {
      const heddle::internal::RuntimeScope scope;
      serial_ = serial;
      state_.reset();
    }
    return state_;
  }

 private:
  uint32_t serial_ = 0;
  State state_;
};

}  // namespace models::kernel
