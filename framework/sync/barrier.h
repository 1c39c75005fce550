// SPDX-License-Identifier: MIT
//
// Barrier: a number of tasks wait for each other, again and again. A phase ends when as many have
// arrived as are expected; the last one runs the completion, then all go on to the next phase.
//
// Has the interface of std::barrier:
//
//   heddle::Barrier barrier(2, "rounds");
//   barrier.arrive_and_wait();   // In each of two tasks, once per round.
//
// INVARIANT: what a task did before it arrived happens before the completion of that phase, and
// that before any task goes on from it. Each execution begins with the first phase.

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/object.h"

namespace heddle {

namespace internal {

// The barrier without its completion.
class BarrierPhases {
 public:
  static constexpr std::ptrdiff_t kExpectedMax = INT32_MAX;

  constexpr BarrierPhases(std::ptrdiff_t expected, const char* name)
      : expected_(expected), name_(name) {}
  BarrierPhases(const BarrierPhases&) = delete;
  BarrierPhases& operator=(const BarrierPhases&) = delete;
  ~BarrierPhases();

  // Arrives in the phase that `*phase` is set to. Returns whether the phase is complete; the caller
  // then runs the completion and calls Advance.
  bool Arrive(std::ptrdiff_t arrivals, bool drops, uint64_t* phase, SourceLocation where);
  void Advance(SourceLocation where);
  void Wait(uint64_t phase, SourceLocation where);

 private:
  ObjectId Resolve(SourceLocation where);

  const std::ptrdiff_t expected_;
  const char* name_;
  ObjectRef ref_;
};

struct NoCompletion {
  void operator()() const {}
};

}  // namespace internal

template <std::invocable Completion = internal::NoCompletion>
class Barrier {
 public:
  // Which phase a task has arrived in.
  class arrival_token {
   public:
    arrival_token(arrival_token&&) = default;
    arrival_token& operator=(arrival_token&&) = default;

   private:
    friend class Barrier;
    explicit arrival_token(uint64_t phase) : phase_(phase) {}
    uint64_t phase_;
  };

  // `name` is what reports call the barrier; it must outlive the execution.
  // Fails: kMisuse on the first use if `expected` is negative or more than max().
  constexpr explicit Barrier(std::ptrdiff_t expected, const char* name = "barrier")
      : completion_(), phases_(expected, name) {}
  constexpr Barrier(std::ptrdiff_t expected, Completion completion, const char* name = "barrier")
      : completion_(std::move(completion)), phases_(expected, name) {}

  // Tasks that a completed phase has let go need not have returned from their waits.
  // Fails: kMisuse if a task waits for arrivals.
  ~Barrier() = default;

  static constexpr std::ptrdiff_t max() noexcept { return internal::BarrierPhases::kExpectedMax; }

  // Arrives `arrivals` times in this phase. The last arrival runs the completion and ends the
  // phase.
  //
  // Scheduling point: before the arrival, and whatever the completion does.
  // Blocks:           never, unless the completion does.
  // Fails:            kMisuse if `arrivals` is not positive, or more than this phase still expects.
  // REQUIRES:         called from a task.
  [[nodiscard]] arrival_token arrive(std::ptrdiff_t arrivals = 1,
                                     SourceLocation where = SourceLocation::Here()) {
    return arrival_token(Arrive(arrivals, false, where).phase);
  }

  // Waits until the phase that `token` is of has ended.
  //
  // Scheduling point: before the task goes on.
  // Blocks:           until the phase ends. Any task may arrive.
  // Fails:            kHang if no task is left that could.
  // REQUIRES:         called from a task.
  void wait(arrival_token&& token, SourceLocation where = SourceLocation::Here()) const {
    phases_.Wait(token.phase_, where);
  }

  // Arrives and waits for the phase to end.
  //
  // Scheduling point: before the arrival, and before the task goes on unless it was the last.
  // Blocks:           until the phase ends. Any task may arrive.
  // Fails:            as arrive and wait.
  // REQUIRES:         called from a task.
  void arrive_and_wait(SourceLocation where = SourceLocation::Here()) {
    const Arrival arrival = Arrive(1, false, where);
    if (!arrival.was_last) phases_.Wait(arrival.phase, where);
  }

  // Arrives, and is expected in no later phase.
  //
  // Scheduling point: before the arrival, and whatever the completion does.
  // Blocks:           never, unless the completion does.
  // Fails:            kMisuse if nobody else is expected in this phase.
  // REQUIRES:         called from a task.
  void arrive_and_drop(SourceLocation where = SourceLocation::Here()) { Arrive(1, true, where); }

 private:
  struct Arrival {
    uint64_t phase = 0;
    bool was_last = false;
  };

  Arrival Arrive(std::ptrdiff_t arrivals, bool drops, SourceLocation where) {
    Arrival arrival;
    arrival.was_last = phases_.Arrive(arrivals, drops, &arrival.phase, where);
    if (arrival.was_last) {
      completion_();
      phases_.Advance(where);
    }
    return arrival;
  }

  Completion completion_;
  mutable internal::BarrierPhases phases_;
};

Barrier(std::ptrdiff_t)->Barrier<>;
Barrier(std::ptrdiff_t, const char*)->Barrier<>;

}  // namespace heddle
