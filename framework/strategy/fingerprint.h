// SPDX-License-Identifier: MIT
//
// Fingerprint: a number that is equal for executions which differ only in the order of independent
// steps, and different for others.
//
// Each step has a hash of all that is before it: of its task's step before, and, for each object
// that it touches, of the last write, and for a write also of the reads since. That is the hash of
// its causal past, so the sum of all steps' hashes is one of the partial order. No clocks are
// needed: one look per access.
//
// The hash does not depend on where objects lie, only on which accesses are to the same one. What
// the environment chose in a step belongs to it.
//
// Two different partial orders have equal fingerprints with a probability of about 2^-64.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/core/choice.h"
#include "heddle/core/step_log.h"

namespace heddle {

class Fingerprint {
 public:
  // Returns the fingerprint of the execution of which `log` and `decisions` tell.
  uint64_t Of(const StepLog& log, std::span<const Decision> decisions);

 private:
  // What was done to one object so far.
  struct History {
    uint64_t object = 0;
    uint64_t execution = 0;  // In which this was entered.
    uint64_t write = 0;      // Hash of the last write.
    uint64_t reads = 0;      // Sum of the hashes of the reads since.
  };

  History& HistoryOf(uint64_t object);
  void Grow();
  uint64_t& LastOf(TaskId task);
  uint64_t PastOf(const StepLog& log, size_t step);
  void Enter(const StepLog& log, size_t step, uint64_t hash);

  uint64_t execution_ = 0;
  size_t used_ = 0;
  std::vector<History> table_;     // Open addressing; a power of two.
  std::vector<uint64_t> last_of_;  // By task.
};

}  // namespace heddle
