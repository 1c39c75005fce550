// SPDX-License-Identifier: MIT
//
// CallStackLog: the call stacks of accesses, allocations and frees of one execution, for reports.
//
// Stacks are recorded only when a failing schedule is run again with tracing on; executions of a
// search keep program counters alone.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "heddle/memory/origin.h"

namespace heddle {

class CallStackLog {
 public:
  static CallStackLog& Instance();

  // Forgets all stacks, for a new execution, which is recorded or not.
  void Reset(bool is_recording);
  bool is_recording() const { return is_recording_; }

  // Keeps a stack: `place`, within functions called from `callers`, outermost first.
  // REQUIRES: is_recording().
  CallStackId Record(const CodePlace& place, std::span<const void* const> callers);

  // Returns the place that a stack was recorded for. CallStackId{} was recorded nowhere.
  const CodePlace& Place(CallStackId stack) const { return stacks_[stack.value].place; }

  // Returns the return addresses into the callers, innermost first.
  std::span<const uintptr_t> Callers(CallStackId stack) const;

 private:
  struct Stack {
    CodePlace place;
    size_t begin = 0;
    size_t size = 0;
  };

  bool is_recording_ = false;
  std::vector<uintptr_t> callers_;
  std::vector<Stack> stacks_{Stack{}};  // Entry 0 is the stack that was not recorded.
};

}  // namespace heddle
