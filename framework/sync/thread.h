// SPDX-License-Identifier: MIT
//
// Thread: a task with the interface of std::thread, over Execution::Spawn and Join.
//
//   heddle::Thread worker([&] { ... });
//   worker.join();
//
// The function and its arguments are copied or moved into the execution. The new task runs up to
// its first scheduling point before the constructor returns.
//
// INVARIANT: a joinable Thread is the only one that stands for its task. One of an earlier
// execution is not joinable.

#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <functional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/execution.h"
#include "heddle/sync/clock.h"

namespace heddle {

class Thread {
 public:
  // Which task; that of no task by default.
  class id {
   public:
    id() = default;
    explicit id(TaskId task) : task_(task) {}
    friend auto operator<=>(const id&, const id&) = default;

   private:
    TaskId task_ = kNoTask;
  };

  Thread() = default;

  // Starts a task that calls `function(arguments...)`.
  //
  // Scheduling point: none.
  // Blocks:           never.
  // Fails:            kMisuse past Limits::tasks_max.
  // REQUIRES:         called from a task.
  template <class Function, class... Arguments>
  requires(!std::same_as<std::remove_cvref_t<Function>, Thread>) explicit Thread(
      Function&& function, Arguments&&... arguments)
      : Thread(Named("thread", std::forward<Function>(function),
                     std::forward<Arguments>(arguments)...)) {}

  // The same; `name` is what reports call the task.
  template <class Function, class... Arguments>
  static Thread Named(std::string_view name, Function&& function, Arguments&&... arguments) {
    Execution& execution = Execution::Current();
    return Thread(
        execution.Spawn(name, [function = std::decay_t<Function>(std::forward<Function>(function)),
                               arguments = std::tuple<std::decay_t<Arguments>...>(
                                   std::forward<Arguments>(arguments)...)]() mutable {
          std::apply(std::move(function), std::move(arguments));
        }));
  }

  Thread(Thread&& other) noexcept : task_(other.Take()), execution_(other.execution_) {}

  // Fails: kMisuse if this thread is joinable.
  Thread& operator=(Thread&& other) noexcept;

  // Fails: kMisuse if the thread is joinable.
  ~Thread();

  // Waits until the task has finished.
  //
  // Scheduling point: before the join.
  // Blocks:           until the task has finished or died.
  // Fails:            kMisuse if the thread is not joinable; kRecursiveDeadlock in its own task.
  // REQUIRES:         called from a task.
  void join(SourceLocation where = SourceLocation::Here());

  // Lets the task go on by itself.
  //
  // Scheduling point: none.
  // Blocks:           never.
  // Fails:            kMisuse if the thread is not joinable.
  // REQUIRES:         called from a task.
  void detach(SourceLocation where = SourceLocation::Here());

  bool joinable() const;
  id get_id() const { return joinable() ? id(task_) : id(); }
  void swap(Thread& other) noexcept {
    std::swap(task_, other.task_);
    std::swap(execution_, other.execution_);
  }

  // What a program that asks should split its work for. The same on every machine.
  static unsigned hardware_concurrency() noexcept { return 2; }

 private:
  explicit Thread(TaskId task) : task_(task), execution_(Execution::Current().serial()) {}
  TaskId Take() { return std::exchange(task_, kNoTask); }

  TaskId task_ = kNoTask;
  uint32_t execution_ = 0;
};

inline void swap(Thread& a, Thread& b) noexcept {
  a.swap(b);
}

// The standard's this_thread.
namespace this_thread {

inline Thread::id get_id() {
  return Thread::id(Execution::Current().running().id);
}

// Scheduling point: itself; going on with another task is no preemption.
// Blocks:           never.
// Fails:            never.
// REQUIRES:         called from a task.
inline void yield(SourceLocation where = SourceLocation::Here()) {
  Execution::Current().Yield(where);
}

// As SleepFor and SleepUntil, on the virtual clock.
template <class Rep, class Period>
void sleep_for(const std::chrono::duration<Rep, Period>& duration,
               SourceLocation where = SourceLocation::Here()) {
  SleepFor(duration, where);
}
template <class Duration>
void sleep_until(const std::chrono::time_point<VirtualClock, Duration>& time,
                 SourceLocation where = SourceLocation::Here()) {
  SleepUntil(time, where);
}

}  // namespace this_thread
}  // namespace heddle
