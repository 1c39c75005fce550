// SPDX-License-Identifier: MIT

#include "heddle/strategy/portfolio.h"

#include <cstdio>

#include "heddle/base/random.h"
#include "heddle/strategy/pct.h"
#include "heddle/strategy/pos.h"
#include "heddle/strategy/random_walk.h"
#include "heddle/strategy/urw.h"

namespace heddle {

Portfolio::Portfolio(uint64_t seed, uint32_t bug_depth, Bounds bounds) : bounds_(bounds) {
  Random seeds(seed);
  arms_ = {{{"urw", std::make_unique<Urw>(seeds.Next(), bounds)},
            {"pos", std::make_unique<Pos>(seeds.Next(), bounds)},
            {"random", std::make_unique<RandomWalk>(seeds.Next(), bounds)},
            {"pct", std::make_unique<Pct>(seeds.Next(), bug_depth, bounds)}}};
}

// Compares (singles + 1) / samples of the arms without dividing; the first one wins a tie.
size_t Portfolio::NextArm() const {
  size_t least = 0;
  size_t best = 0;
  for (size_t arm = 1; arm < kArms; ++arm) {
    if (census_.samples(arm) < census_.samples(least)) least = arm;
    const uint64_t own = (census_.singles(arm) + 1) * census_.samples(best);
    const uint64_t others = (census_.singles(best) + 1) * census_.samples(arm);
    if (own > others) best = arm;
  }
  return census_.samples(least) < kTrials ? least : best;
}

bool Portfolio::BeginExecution() {
  const bool is_enough = census_.samples() > kArms * kTrials &&
                         census_.UnseenAtMost() * static_cast<double>(kEnough) <= 1;
  if (is_enough) return false;
  arm_ = NextArm();
  log_.Clear();
  return arms_[arm_].strategy->BeginExecution();
}

StepLog* Portfolio::Steps() {
  StepLog* const own = arms_[arm_].strategy->Steps();
  return own != nullptr ? own : &log_;
}

TaskId Portfolio::ChooseTask(const ChoicePoint& point) {
  return arms_[arm_].strategy->ChooseTask(point);
}

uint32_t Portfolio::ChooseValue(const ValueChoice& choice) {
  return arms_[arm_].strategy->ChooseValue(choice);
}

void Portfolio::EndExecution(const ExecutionSummary& summary) {
  census_.Add(fingerprint_.Of(*Steps(), summary.decisions), arm_);
  arms_[arm_].strategy->EndExecution(summary);
}

std::string Portfolio::ScheduleNote() const {
  const std::string own = arms_[arm_].strategy->ScheduleNote();
  return "portfolio/" + (own.empty() ? std::string(arms_[arm_].name) : own);
}

// Two digits that matter.
static std::string Percent(double share) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2g%%", 100 * share);
  return text;
}

std::string Portfolio::Statement() const {
  if (census_.samples() == 0) return "";
  std::string by;
  for (size_t arm = 0; arm < kArms; ++arm) {
    by += (arm == 0 ? "" : ", ") + std::string(arms_[arm].name) + " " +
          std::to_string(census_.samples(arm));
  }
  return std::to_string(census_.samples()) + " executions (" + by + ") showed " +
         std::to_string(census_.classes()) +
         " classes of schedules that differ in more than the order of independent steps, " +
         std::to_string(census_.singles()) +
         " of them once; by Good and Turing's estimate the next one would show a new class with "
         "probability " +
         Percent(census_.Unseen()) + ", and with 95% confidence at most " +
         Percent(census_.UnseenAtMost());
}

}  // namespace heddle
