// SPDX-License-Identifier: MIT
//
// Exhaustive: depth-first search over all schedules, bound by bound.
//
// After iterative context bounding (Musuvathi, Qadeer: CHESS, PLDI 2007): all schedules without
// preemptions first, then those with exactly one, and so on; faults have a budget of their own.
// Levels come in order of preemptions + faults, then of fewer faults, so the first failure has the
// fewest deviations.
//
// Departures: CHESS keeps a work list of the prefixes to extend at the next bound; here each level
// is a depth-first pass of its own that meets the executions of smaller bounds again (IsRepetition)
// but needs memory only for one execution. Unbounded preemptions are one plain pass.
//
// INVARIANT: prefix_ and untried_ have equal size; the alternatives below the top of the stack are
// either explored or the ones named in untried_.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "heddle/strategy/strategy.h"

namespace heddle {

// What one level of the search came to.
struct LevelResult {
  // Exactly so many preemptions and faults; at most so many faults if preemptions are unbounded.
  Bounds bounds;
  uint64_t executions = 0;  // Distinct executions with exactly these.
  bool finished = false;
};

class Exhaustive final : public Strategy {
 public:
  explicit Exhaustive(Bounds bounds);

  bool BeginExecution() override;
  std::span<const Decision> Prefix() const override;
  Bounds ExecutionBounds() const override { return level_; }
  TaskId ChooseTask(const ChoicePoint& point) override;
  uint32_t ChooseValue(const ValueChoice& choice) override;
  void EndExecution(const ExecutionSummary& summary) override;

  // Returns whether the execution that just ended belongs to an earlier level, where it was
  // counted.
  bool IsRepetition() const override { return is_repetition_; }
  bool IsComplete() const override { return true; }

  const std::vector<LevelResult>& levels() const { return levels_; }

  // Starts over from the first level: the program has got new scheduling points.
  void Restart();

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};

  bool NextLevel();
  bool IsWorthwhile(const Bounds& level) const;
  uint32_t Take(uint32_t first, uint32_t (*following)(const void* context, uint32_t chosen),
                const void* context, bool is_value);

  Bounds bounds_;
  Bounds level_;
  uint32_t diagonal_ = 0;
  bool in_level_ = false;
  bool is_repetition_ = false;
  // Whether the choice at the top of the stack is the next one to be changed.
  bool resuming_ = false;
  size_t depth_ = 0;
  std::vector<Decision> prefix_;
  std::vector<uint32_t> untried_;  // The next alternative of each choice, or kNone.
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> counts_;  // By preemptions and faults.
  std::vector<LevelResult> levels_;
};

}  // namespace heddle
