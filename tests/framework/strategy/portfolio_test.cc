// SPDX-License-Identifier: MIT
//
// The portfolio: who gets the executions, when it stops, what it says then, and that a seed fixes
// all of it.

#include "heddle/strategy/portfolio.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"

namespace heddle {
namespace {

using Program = std::function<void(Execution&)>;

Program Racy(int tasks, int rounds) {
  return [=](Execution& execution) {
    Atomic<int> x{0, "x"};
    for (int t = 0; t < tasks; ++t) {
      execution.Spawn("racer", [&x, rounds] {
        for (int i = 0; i < rounds; ++i) x.store(x.load() + 1);
      });
    }
    execution.JoinAll();
  };
}

// Runs until the portfolio stops, or so many executions, and returns all decisions.
std::string Run(Portfolio* portfolio, const Program& body, int executions_max) {
  Execution execution;
  std::string text;
  for (int i = 0; i < executions_max && portfolio->BeginExecution(); ++i) {
    const ExecutionSummary summary = execution.Run(*portfolio, body, {});
    for (const Decision decision : summary.decisions) text += std::to_string(decision.value);
    text += portfolio->ScheduleNote() + "\n";
    portfolio->EndExecution(summary);
  }
  return text;
}

TEST_CASE("each arm has its trials first, in turns") {
  Portfolio portfolio(1, 3, {});
  Run(&portfolio, Racy(2, 4), 4 * Portfolio::kTrials);
  for (size_t arm = 0; arm < 4; ++arm) {
    CHECK(portfolio.census().samples(arm) == Portfolio::kTrials);
  }
}

TEST_CASE("a small space ends the search by itself, with every class seen") {
  Portfolio portfolio(1, 3, {});
  Run(&portfolio, Racy(2, 2), 1'000'000);
  CHECK(portfolio.census().classes() == 34);
  CHECK(portfolio.census().UnseenAtMost() <= 1.0 / Portfolio::kEnough);
  CHECK_FALSE(portfolio.BeginExecution());
  CHECK_FALSE(portfolio.IsComplete());
}

TEST_CASE("a large space does not end by itself, and the estimate says why") {
  Portfolio portfolio(1, 3, {});
  Run(&portfolio, Racy(4, 4), 2000);
  CHECK(portfolio.census().samples() == 2000);
  CHECK(portfolio.census().Unseen() > 0.9);
}

TEST_CASE("the arm that shows the most new classes gets the most executions") {
  // PCT switches at most twice, so the classes it can show are soon exhausted.
  Portfolio portfolio(1, 3, {});
  Run(&portfolio, Racy(2, 8), 2000);
  const Census& census = portfolio.census();
  const size_t pct = 3;
  CHECK(census.samples(pct) < 100);
  for (size_t arm = 0; arm < 3; ++arm) CHECK(census.samples(arm) > 0);
}

TEST_CASE("the seed fixes arms and decisions") {
  const auto run = [](uint64_t seed) {
    Portfolio portfolio(seed, 3, {});
    return Run(&portfolio, Racy(3, 2), 500);
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
}

TEST_CASE("a schedule names the arm that found it, and PCT's numbers") {
  Portfolio portfolio(1, 2, {});
  const std::string text = Run(&portfolio, Racy(2, 2), 8);
  CHECK(text.find("portfolio/urw\n") != std::string::npos);
  CHECK(text.find("portfolio/pos\n") != std::string::npos);
  CHECK(text.find("portfolio/random\n") != std::string::npos);
  CHECK(text.find("portfolio/pct/2/3/9\n") != std::string::npos);
}

TEST_CASE("the statement tells executions, classes and both estimates") {
  Portfolio portfolio(1, 3, {});
  CHECK(portfolio.Statement().empty());
  Run(&portfolio, Racy(2, 1), 1'000'000);
  CHECK(portfolio.Statement() ==
        "3000 executions (urw 750, pos 750, random 750, pct 750) showed 4 classes of schedules "
        "that differ in more than the order of independent steps, 0 of them once; by Good and "
        "Turing's estimate the next one would show a new class with probability 0%, and with 95% "
        "confidence at most 0.1%");
}

}  // namespace
}  // namespace heddle
