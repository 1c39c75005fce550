// SPDX-License-Identifier: MIT
//
// ChosenStrategy: the strategy that options ask for, and what only its kind has: levels, numbers
// it learnt, an estimate.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "heddle/explore/options.h"
#include "heddle/explore/result.h"
#include "heddle/strategy/exhaustive.h"
#include "heddle/strategy/pct.h"
#include "heddle/strategy/portfolio.h"
#include "heddle/strategy/strategy.h"

namespace heddle::internal {

// Returns whether strategies of this kind draw schedules at random, so that what they find has more
// deviations than it needs, and nothing but a limit ends them.
bool IsSampling(StrategyKind kind);

// Returns after how many executions a search ends to which the options set no limit; 0: it has an
// end of its own.
uint64_t ExecutionsByDefault(StrategyKind kind);

class ChosenStrategy {
 public:
  explicit ChosenStrategy(const ExploreOptions& options);

  Strategy& operator*() const { return *strategy_; }
  Strategy* operator->() const { return strategy_.get(); }

  // Returns what each level came to so far; nothing if the strategy has no levels.
  std::vector<LevelResult> Levels() const;

  // Enters what the strategy says of itself after a search.
  void Describe(ExplorationResult* result) const;

 private:
  template <class Kind, class... Arguments>
  const Kind* Make(Arguments&&... arguments);

  const ExploreOptions& options_;
  std::unique_ptr<Strategy> strategy_;
  // Views of it, where it is of such a kind.
  const std::vector<LevelResult>* levels_ = nullptr;
  const Pct* pct_ = nullptr;
  const Portfolio* portfolio_ = nullptr;
};

}  // namespace heddle::internal
