// SPDX-License-Identifier: MIT
//
// A search goes in rounds. A round ends early when an execution shows a new scheduling location (an
// unordered access, a lock observed without blocking): the stack of a depth-first search no longer
// fits the program then, so the next round starts over with the larger set. Only the last round
// counts as executions.

#include "heddle/explore/explore.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "heddle/base/check.h"
#include "heddle/explore/chosen_strategy.h"
#include "heddle/explore/comparison.h"
#include "heddle/explore/interceptor.h"
#include "heddle/explore/runner.h"
#include "heddle/explore/shrink.h"
#include "heddle/explore/stopwatch.h"
#include "heddle/memory/global_snapshot.h"
#include "heddle/memory/task_memory.h"

namespace heddle {

namespace {

using internal::Runner;
using internal::Watch;

// How often the clock is read and progress reported.
constexpr uint64_t kExecutionsPerLook = 64;
constexpr size_t kGlobalsShownMax = 5;
constexpr double kSecondsPerProgress = 0.25;
// Stands in a schedule that fits only by trace (Strategy::IsByTrace).
constexpr std::string_view kFoundByTrace = "dpor";

class Explorer {
 public:
  Explorer(const ExploreOptions& options, const Body& body)
      : options_(options), runner_(options, body) {
    result_.name = options.name;
    result_.strategy = StrategyName(options.strategy);
    result_.seed = options.seed;
    result_.bounds = options.bounds;
    result_.parameters = options.parameters;
  }

  ExplorationResult Run();

 private:
  Strategy& strategy() const { return **strategy_; }
  void BeginRound();
  void ReplayOnce();
  bool RunOne();
  bool LimitReached();
  void Count(const ExecutionSummary& summary);
  void CheckDeterminism(const std::vector<Decision>& decisions, uint64_t digest);
  void HandleFailure(std::vector<Decision> decisions);
  bool Repeats(const std::vector<Decision>& decisions, const std::string& identity);
  bool IsKnown(const std::string& identity) const;
  void AddFinding(const std::vector<Decision>& decisions, std::vector<std::string> necessity);
  void ReportNondeterminism(const std::vector<Decision>& decisions);
  Schedule MakeSchedule(const std::vector<Decision>& decisions) const;
  void Finish();
  void Warn();

  const ExploreOptions& options_;
  Runner runner_;
  internal::Stopwatch stopwatch_;
  std::optional<internal::ChosenStrategy> strategy_;
  ExplorationResult result_;
  std::vector<std::string> identities_;
  double last_progress_ = 0;
  uint64_t looks_ = 0;
  uint64_t decisions_seen_ = 0;
  bool done_ = false;
};

void Explorer::BeginRound() {
  strategy_.emplace(options_);
  result_.executions = 0;
  result_.steps = 0;
  result_.findings.clear();
  identities_.clear();
  result_.tasks_max_seen = 0;
  result_.steps_max_seen = 0;
  decisions_seen_ = 0;
}

ExplorationResult Explorer::Run() {
  BeginRound();
  if (options_.strategy == StrategyKind::kReplay) {
    ReplayOnce();
    Finish();
    return std::move(result_);
  }
  while (!done_ && !LimitReached()) {
    if (!strategy().BeginExecution()) {
      result_.exhausted = strategy().IsComplete();
      break;
    }
    const bool counts = RunOne();
    if (const char* const refusal = strategy().Refusal()) {
      result_.refusal = refusal;
      break;
    }
    if (!counts) {
      runner_.locations().Adopt();
      BeginRound();
    }
  }
  Finish();
  return std::move(result_);
}

// Follows the schedule with a full trace. What it does not cover must not matter: a schedule with
// decisions left over is as wrong as one that asks for what is not offered.
void Explorer::ReplayOnce() {
  runner_.set_by_trace(options_.schedule.found == kFoundByTrace);
  const std::vector<Decision>& decisions = options_.schedule.decisions;
  const ExecutionSummary summary = runner_.RunSchedule(decisions, Watch::kTrace);
  Count(summary);
  result_.trace = runner_.trace();
  if (runner_.execution().decider().diverged()) {
    result_.divergence = runner_.failure()->title;
  } else if (summary.decisions.size() < decisions.size()) {
    result_.divergence = "decision " + std::to_string(summary.decisions.size() + 1) +
                         ": the schedule goes on, but the execution has ended";
  } else if (summary.failed) {
    AddFinding(decisions, {});
  }
}

// Runs one execution of the search. Returns false if the round has to start over.
bool Explorer::RunOne() {
  const bool checks = result_.executions < options_.determinism_checks;
  const ExecutionSummary summary =
      runner_.Run(strategy(), checks ? Watch::kDigest : Watch::kSearch);
  if (runner_.was_unwatched() || runner_.locations().has_learnt()) return false;
  if (strategy().IsRepetition()) return true;
  Count(summary);
  const bool failed = summary.failed;
  if (!checks && !failed) return true;
  const std::vector<Decision> decisions(summary.decisions.begin(), summary.decisions.end());
  if (failed) {
    HandleFailure(decisions);
  } else {
    CheckDeterminism(decisions, runner_.digest());
  }
  return true;
}

void Explorer::Count(const ExecutionSummary& summary) {
  ++result_.executions;
  result_.steps += summary.steps;
  result_.tasks_max_seen = std::max<uint64_t>(result_.tasks_max_seen, summary.tasks);
  result_.steps_max_seen = std::max(result_.steps_max_seen, summary.steps);
  decisions_seen_ += summary.decisions.size();
}

bool Explorer::LimitReached() {
  uint64_t executions_max = options_.executions_max;
  if (executions_max == 0 && options_.seconds_max == 0) {
    executions_max = internal::ExecutionsByDefault(options_.strategy);
  }
  if (executions_max != 0 && result_.executions >= executions_max) {
    result_.stopped_by = StoppedBy::kExecutions;
    return true;
  }
  if (looks_++ % kExecutionsPerLook != 0) return false;
  const double seconds = stopwatch_.Seconds();
  if (options_.seconds_max > 0 && seconds >= options_.seconds_max) {
    result_.stopped_by = StoppedBy::kTime;
    return true;
  }
  if (options_.on_progress && seconds - last_progress_ >= kSecondsPerProgress) {
    last_progress_ = seconds;
    options_.on_progress({.executions = result_.executions,
                          .extra_executions = runner_.runs() - result_.executions,
                          .seconds = seconds,
                          .level = strategy().ExecutionBounds(),
                          .failures = result_.findings.size()});
  }
  return false;
}

// ---- Failures

bool Explorer::IsKnown(const std::string& identity) const {
  return std::find(identities_.begin(), identities_.end(), identity) != identities_.end();
}

// Sampled schedules are made smaller first; in a search by levels the first one is the smallest
// already.
void Explorer::HandleFailure(std::vector<Decision> decisions) {
  const std::string identity = runner_.failure()->Identity();
  if (!options_.keep_going) {
    done_ = true;
    result_.stopped_by = StoppedBy::kFailure;
  }
  if (IsKnown(identity)) return;
  identities_.push_back(identity);
  std::vector<std::string> necessity;
  const bool is_by_trace = strategy().IsByTrace();
  const std::vector<Decision> found = decisions;
  if (internal::IsSampling(options_.strategy) || is_by_trace) {
    internal::Shrunk shrunk = internal::Shrink(&runner_, decisions, identity);
    decisions = std::move(shrunk.decisions);
    necessity = std::move(shrunk.necessity);
  }
  bool same = Repeats(decisions, identity);
  if (!same && is_by_trace) {
    decisions = found;
    runner_.set_by_trace(true);
    same = Repeats(decisions, identity);
  }
  if (!same) {
    ReportNondeterminism(decisions);
    return;
  }
  // Whatever comes after the failure's last decision was never asked for.
  AddFinding(decisions, std::move(necessity));
  if (runner_.is_by_trace()) result_.findings.back().schedule.found = kFoundByTrace;
  runner_.set_by_trace(false);
}

bool Explorer::Repeats(const std::vector<Decision>& decisions, const std::string& identity) {
  const ExecutionSummary again = runner_.RunSchedule(decisions, Watch::kTrace);
  return again.failed && runner_.failure()->Identity() == identity;
}

void Explorer::AddFinding(const std::vector<Decision>& decisions,
                          std::vector<std::string> necessity) {
  Finding finding{.failure = *runner_.failure(),
                  .schedule = MakeSchedule(decisions),
                  .trace = runner_.trace(),
                  .execution = result_.executions,
                  .preemptions = runner_.execution().decider().preemptions(),
                  .faults = runner_.execution().decider().faults(),
                  .steps = runner_.execution().step(),
                  .levels = strategy_->Levels(),
                  .necessity = std::move(necessity)};
  if (finding.failure.kind == FailureKind::kStepLimit) {
    finding.schedule.steps_max = options_.limits.steps_max;
  }
  result_.findings.push_back(std::move(finding));
}

Schedule Explorer::MakeSchedule(const std::vector<Decision>& decisions) const {
  Schedule schedule{.name = options_.name,
                    .parameters = options_.parameters,
                    .found = strategy().ScheduleNote(),
                    .decisions = decisions};
  for (const std::string& location : runner_.locations().known()) {
    schedule.racy_locations.push_back(location);
  }
  if (options_.strategy == StrategyKind::kReplay) schedule = options_.schedule;
  return schedule;
}

void Explorer::CheckDeterminism(const std::vector<Decision>& decisions, uint64_t digest) {
  runner_.set_by_trace(strategy().IsByTrace());
  runner_.RunSchedule(decisions, Watch::kDigest);
  if (!runner_.failure() && runner_.digest() == digest) {
    runner_.set_by_trace(false);
    return;
  }
  ReportNondeterminism(decisions);
}

// Runs the schedule twice with full traces and shows the first event in which they differ.
void Explorer::ReportNondeterminism(const std::vector<Decision>& decisions) {
  const GlobalSnapshot globals;
  runner_.RunSchedule(decisions, Watch::kTrace);
  const Trace first = runner_.trace();
  runner_.RunSchedule(decisions, Watch::kTrace);
  Failure failure = internal::DescribeDifference(first, runner_.trace());
  const std::vector<std::string> changed = globals.Changed();
  for (size_t i = 0; i < std::min(changed.size(), kGlobalsShownMax); ++i) {
    failure.details.push_back("Outlives an execution, and has changed: " + changed[i]);
    failure.objects.push_back(changed[i]);
  }
  failure.step = runner_.execution().step();
  result_.findings.push_back({.failure = std::move(failure),
                              .schedule = MakeSchedule(decisions),
                              .trace = runner_.trace(),
                              .execution = result_.executions,
                              .preemptions = runner_.execution().decider().preemptions(),
                              .faults = runner_.execution().decider().faults(),
                              .steps = runner_.execution().step()});
  done_ = true;
  result_.stopped_by = StoppedBy::kFailure;
}

// ---- The end

void Explorer::Finish() {
  strategy_->Describe(&result_);
  for (const std::string& location : runner_.locations().known()) {
    result_.racy_locations.push_back(location);
  }
  result_.extra_executions = runner_.runs() - result_.executions;
  result_.seconds = stopwatch_.Seconds();
  Warn();
}

// A pass means nothing if there was nothing to decide.
void Explorer::Warn() {
  if (options_.strategy == StrategyKind::kReplay || !result_.findings.empty()) return;
  if (!result_.refusal.empty()) {
    result_.warnings.push_back("not explored: " + result_.refusal);
    return;
  }
  if (decisions_seen_ == 0) {
    result_.warnings.push_back(result_.tasks_max_seen <= 1
                                   ? "the body spawned no task, so there was only one execution"
                                   : "no two tasks could ever go on at the same time; what they "
                                     "share must be heddle's own mutexes, atomics and the like, or "
                                     "compiled with instrumentation");
  }
}

}  // namespace

ExplorationResult Explore(const ExploreOptions& options, const Body& body) {
  HEDDLE_CHECK(!Execution::HasCurrent()) << "heddle::Explore was called inside a task";
  const std::string wrong = ValidateOptions(options);
  HEDDLE_CHECK(wrong.empty()) << wrong;
  TaskMemory::Instance().set_outer_frames(__builtin_frame_address(0));
  Interceptor* interceptor = internal::CurrentInterceptor();
  if (interceptor == nullptr) return Explorer(options, body).Run();
  ExploreOptions adjusted = options;
  ExplorationResult result{.name = adjusted.name, .skipped = true};
  if (interceptor->Adjust(&adjusted)) result = Explorer(adjusted, body).Run();
  interceptor->Explored(result);
  return result;
}

std::string_view StrategyName(StrategyKind strategy) {
  switch (strategy) {
    case StrategyKind::kExhaustive:
      return "exhaustive";
    case StrategyKind::kDpor:
      return "dpor";
    case StrategyKind::kRandom:
      return "random";
    case StrategyKind::kPct:
      return "pct";
    case StrategyKind::kPos:
      return "pos";
    case StrategyKind::kUrw:
      return "urw";
    case StrategyKind::kDelay:
      return "delay";
    case StrategyKind::kPortfolio:
      return "portfolio";
    case StrategyKind::kReplay:
      return "replay";
  }
  return "unknown";
}

std::string ValidateOptions(const ExploreOptions& options) {
  if (options.strategy == StrategyKind::kDpor && options.bounds.preemptions != kUnbounded) {
    return "dpor explores whole traces, and a bound on preemptions would cut some of them off: "
           "leave "
           "the bound out, or take 'exhaustive'";
  }
  if (options.bug_depth < 1) return "PCT's depth is at least 1";
  if (options.seconds_max < 0) return "the longest time to search is not negative";
  if (options.limits.steps_max < 1) return "the limit of steps is at least 1";
  if (options.limits.tasks_max < 1 || options.limits.tasks_max > kTaskCapacity) {
    return "the limit of tasks is between 1 and " + std::to_string(kTaskCapacity);
  }
  if (options.name.empty()) return "an exploration needs a name, which its schedules carry";
  return "";
}

}  // namespace heddle
