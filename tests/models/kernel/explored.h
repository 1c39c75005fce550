// SPDX-License-Identifier: MIT
//
// What tests of the kernel world ask of an exploration.
//
// Bodies run in tasks: they allocate nothing that outlives them, and note what they saw in Seen.

#pragma once

#include <cstdint>
#include <string>

#include "heddle/base/ids.h"
#include "heddle/core/choice.h"
#include "heddle/core/failure.h"
#include "heddle/explore/explore.h"

namespace models::kernel {

// A set of small numbers that bodies add to over all executions.
class Seen {
 public:
  void Add(unsigned value) { bits_ |= uint64_t{1} << value; }
  bool Has(unsigned value) const { return (bits_ >> value & 1) != 0; }
  friend bool operator==(const Seen& a, const Seen& b) = default;

  // Seen::Of(0, 2): exactly these.
  template <class... Values>
  static Seen Of(Values... values) {
    Seen seen;
    (seen.Add(static_cast<unsigned>(values)), ...);
    return seen;
  }

 private:
  uint64_t bits_ = 0;
};

// Explores all executions of `body` within `bounds`, none of which may fail. Returns how many there
// are.
uint64_t ExecutionsOf(heddle::Bounds bounds, const heddle::Body& body);

// Returns the first failure of `body` within `bounds`, the one with the fewest preemptions and
// faults. There must be one.
heddle::Failure FailureOf(heddle::Bounds bounds, const heddle::Body& body);

// Where a task is in its own past; and whether the running task has learnt of it.
struct Past {
  heddle::TaskId task = heddle::kNoTask;
  uint32_t clock = 0;

  static Past OfRunningTask();
  bool HappensBeforeRunningTask() const;
};

// Returns the objects of a failure, as in "a, b".
std::string ObjectsOf(const heddle::Failure& failure);

}  // namespace models::kernel
