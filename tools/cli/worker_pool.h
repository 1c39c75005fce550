// SPDX-License-Identifier: MIT
//
// WorkerPool: does numbered pieces of work in child processes, several at a time. Explorations
// share one arena and one set of signal handlers per process, so threads would not do.
//
// INVARIANT: results are handed over in the order of their numbers, whatever order they were done
// in.

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace heddle::cli {

struct WorkerCallbacks {
  // Does piece `index`, in a child process, and returns its result.
  std::function<std::string(size_t index)> work;
  // Sees each result, in order.
  std::function<void(size_t index, const std::string& result)> done;
  // Called whenever a piece has been done and every second or so, with how many have been.
  std::function<void(size_t finished)> tick;
};

// A child that did not hand over a result.
struct LostWorker {
  size_t index = 0;
  std::string how;  // "exited with status 3", "was killed by signal 9"
};

// Does `count` pieces with at most `jobs` children at a time. Stops at the first one that is lost.
// REQUIRES: jobs >= 1.
std::optional<LostWorker> RunWorkers(size_t count, size_t jobs, const WorkerCallbacks& callbacks);

}  // namespace heddle::cli
