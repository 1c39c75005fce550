// SPDX-License-Identifier: MIT

#include "heddle/explore/chosen_strategy.h"

#include <utility>

#include "heddle/strategy/delay.h"
#include "heddle/strategy/dpor.h"
#include "heddle/strategy/pos.h"
#include "heddle/strategy/random_walk.h"
#include "heddle/strategy/replay.h"
#include "heddle/strategy/urw.h"

namespace heddle::internal {

bool IsSampling(StrategyKind kind) {
  switch (kind) {
    case StrategyKind::kRandom:
    case StrategyKind::kPct:
    case StrategyKind::kPos:
    case StrategyKind::kUrw:
    case StrategyKind::kPortfolio:
      return true;
    case StrategyKind::kExhaustive:
    case StrategyKind::kDpor:
    case StrategyKind::kDelay:
    case StrategyKind::kReplay:
      return false;
  }
  return false;
}

uint64_t ExecutionsByDefault(StrategyKind kind) {
  if (!IsSampling(kind)) return 0;
  return kind == StrategyKind::kPortfolio ? 10'000 : 1000;
}

template <class Kind, class... Arguments>
const Kind* ChosenStrategy::Make(Arguments&&... arguments) {
  auto made = std::make_unique<Kind>(std::forward<Arguments>(arguments)...);
  const Kind* const view = made.get();
  strategy_ = std::move(made);
  return view;
}

ChosenStrategy::ChosenStrategy(const ExploreOptions& options) : options_(options) {
  switch (options.strategy) {
    case StrategyKind::kExhaustive:
      levels_ = &Make<Exhaustive>(options.bounds)->levels();
      break;
    case StrategyKind::kDpor:
      Make<Dpor>(options.bounds);
      break;
    case StrategyKind::kRandom:
      Make<RandomWalk>(options.seed, options.bounds);
      break;
    case StrategyKind::kPct:
      pct_ = Make<Pct>(options.seed, options.bug_depth, options.bounds);
      break;
    case StrategyKind::kPos:
      Make<Pos>(options.seed, options.bounds);
      break;
    case StrategyKind::kUrw:
      Make<Urw>(options.seed, options.bounds);
      break;
    case StrategyKind::kDelay:
      levels_ = &Make<Delay>(options.delays, options.bounds)->levels();
      break;
    case StrategyKind::kPortfolio:
      portfolio_ = Make<Portfolio>(options.seed, options.bug_depth, options.bounds);
      break;
    case StrategyKind::kReplay:
      Make<Replay>(options.schedule.decisions);
      break;
  }
}

std::vector<LevelResult> ChosenStrategy::Levels() const {
  return levels_ != nullptr ? *levels_ : std::vector<LevelResult>();
}

void ChosenStrategy::Describe(ExplorationResult* result) const {
  result->levels = Levels();
  if (options_.strategy == StrategyKind::kDelay) result->delays = options_.delays;
  if (pct_ != nullptr) {
    result->bug_depth = options_.bug_depth;
    result->steps_covered = pct_->steps();
  }
  // After a failure nobody asks how many other schedules there are.
  const bool is_over = result->stopped_by != StoppedBy::kFailure && result->executions > 0;
  if (portfolio_ != nullptr && is_over) result->warnings.push_back(portfolio_->Statement());
}

}  // namespace heddle::internal
