// SPDX-License-Identifier: MIT
//
// ChosenStrategy: what belongs to which kind.

#include "heddle/explore/chosen_strategy.h"

#include <doctest/doctest.h>

namespace heddle::internal {
namespace {

constexpr StrategyKind kAll[] = {
    StrategyKind::kExhaustive, StrategyKind::kRandom, StrategyKind::kPct,
    StrategyKind::kPos,        StrategyKind::kUrw,    StrategyKind::kDelay,
    StrategyKind::kPortfolio,  StrategyKind::kReplay,
};

TEST_CASE("a search without limits ends by itself if and only if it does not sample") {
  for (const StrategyKind kind : kAll) {
    CHECK(IsSampling(kind) == (ExecutionsByDefault(kind) != 0));
  }
  CHECK(ExecutionsByDefault(StrategyKind::kUrw) == 1000);
  CHECK(ExecutionsByDefault(StrategyKind::kPortfolio) == 10'000);
}

TEST_CASE("a strategy that samples never counts as complete, one that goes by levels does") {
  for (const StrategyKind kind : kAll) {
    const ExploreOptions options{.strategy = kind};
    const ChosenStrategy chosen(options);
    REQUIRE(chosen->BeginExecution());
    const bool is_search = kind == StrategyKind::kExhaustive || kind == StrategyKind::kDelay;
    CHECK(chosen->IsComplete() == is_search);
    CHECK(chosen.Levels().size() == (is_search ? 1 : 0));
  }
}

TEST_CASE("depth is told of PCT only, and the bound on delays of a search by delays only") {
  for (const StrategyKind kind : kAll) {
    const ExploreOptions options{.strategy = kind, .delays = 4, .bug_depth = 7};
    ExplorationResult result;
    ChosenStrategy(options).Describe(&result);
    CHECK(result.bug_depth == (kind == StrategyKind::kPct ? 7 : 0));
    CHECK(result.delays == (kind == StrategyKind::kDelay ? 4 : kUnbounded));
    CHECK(result.warnings.empty());
  }
}

}  // namespace
}  // namespace heddle::internal
