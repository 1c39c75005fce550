// SPDX-License-Identifier: MIT

#include "heddle/report/search_summary.h"

#include <cmath>
#include <cstdio>
#include <vector>

#include "heddle/report/wording.h"

namespace heddle {

namespace {

// ---- Words for bounds

// Says only what limits the search: unbounded faults are no limit.
std::string BoundsWords(const Bounds& bounds) {
  std::string words;
  if (bounds.preemptions != kUnbounded) {
    words = "preemption bound " + std::to_string(bounds.preemptions);
  }
  if (bounds.faults != kUnbounded) {
    if (!words.empty()) words += ", ";
    words += "fault bound " + std::to_string(bounds.faults);
  }
  return words.empty() ? "unbounded" : words;
}

// What limits this search: its delays, and the rest.
std::string SearchBoundsWords(const ExplorationResult& result) {
  if (result.strategy != "delay" || result.delays == kUnbounded) return BoundsWords(result.bounds);
  const std::string delays = "delay bound " + std::to_string(result.delays);
  return result.bounds == Bounds{} ? delays : delays + ", " + BoundsWords(result.bounds);
}

bool HasFaultLevels(const Bounds& bounds) {
  return bounds.faults != kUnbounded && bounds.faults != 0;
}

std::string LevelWords(const Bounds& bounds, const Bounds& level) {
  if (level.preemptions == kUnbounded) return "depth first";
  if (!HasFaultLevels(bounds)) return "bound " + std::to_string(level.preemptions);
  return CountOf(level.preemptions, "preemption") + ", " + CountOf(level.faults, "fault");
}

// "12 + 86 + 265"
std::string LevelSum(const std::vector<LevelResult>& levels) {
  std::string sum;
  for (const LevelResult& level : levels) {
    if (!sum.empty()) sum += " + ";
    sum += std::to_string(level.executions);
  }
  return sum;
}

std::string Parenthesised(const ExplorationResult& result) {
  return result.levels.size() < 2 ? "" : " (" + LevelSum(result.levels) + ")";
}

// Two digits that matter, whatever the size.
std::string Rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2g", value);
  return text;
}

// ---- PCT's guarantee

// At least so likely does one execution show a given bug of the depth searched for.
double PctProbability(const ExplorationResult& result) {
  const auto tasks = static_cast<double>(result.tasks_max_seen);
  const auto steps = static_cast<double>(result.steps_covered);
  if (tasks < 1 || steps < 1) return 0;
  return 1 / (tasks * std::pow(steps, static_cast<double>(result.bug_depth) - 1));
}

std::string PctFacts(const ExplorationResult& result) {
  const std::string tasks = CountOf(result.tasks_max_seen, "task") + ", ";
  if (result.steps_covered >= result.steps_max_seen) {
    return tasks + CountOf(result.steps_covered, "step");
  }
  return tasks + "in the first " + std::to_string(result.steps_covered) + " of up to " +
         CountOf(result.steps_max_seen, "step");
}

std::string SeedWords(const ExplorationResult& result) {
  std::string words = result.strategy;
  if (result.strategy == "pct") words += ", depth " + std::to_string(result.bug_depth);
  words += ", seed " + std::to_string(result.seed);
  if (result.bounds != Bounds{}) words += ", " + BoundsWords(result.bounds);
  return words;
}

std::string FindingsWords(const ExplorationResult& result) {
  const size_t count = result.findings.size();
  return count == 0 ? "none failed" : CountOf(count, "distinct failure");
}

// ---- One line

std::string OptionOf(const ExplorationResult& result) {
  return result.stopped_by == StoppedBy::kTime ? "--time" : "--executions";
}

std::string SamplingSummary(const ExplorationResult& result) {
  std::string text = SeedWords(result) + ": " + CountOf(result.executions, "execution") + ", " +
                     FindingsWords(result);
  if (result.strategy == "pct" && result.executions > 1 && result.findings.empty()) {
    // The first execution learnt the number of steps and had no change points.
    const auto runs = static_cast<double>(result.executions - 1);
    const double missed = std::exp(runs * std::log1p(-PctProbability(result)));
    text += "; a bug of depth " + std::to_string(result.bug_depth) + " (" + PctFacts(result) +
            ") is missed with probability at most " + Rounded(missed);
  }
  if (result.stopped_by != StoppedBy::kNothing) text += "; stopped by " + OptionOf(result);
  return text + "; a sample, not the whole space";
}

std::string StoppedSummary(const ExplorationResult& result) {
  std::string text = "stopped by " + OptionOf(result) + " after " +
                     CountOf(result.executions, "execution") + Parenthesised(result);
  if (!result.findings.empty()) text += ", " + FindingsWords(result);
  return text + "; not the whole space";
}

// Whether the strategy may come to the end of its space; the others only sample it.
bool IsComplete(const ExplorationResult& result) {
  return result.strategy == "exhaustive" || result.strategy == "dpor" || result.strategy == "delay";
}

}  // namespace

std::string SearchSummary(const ExplorationResult& result) {
  if (result.skipped) return "skipped";
  if (!result.refusal.empty()) return "not explored: " + result.refusal;
  if (result.strategy == "replay") {
    return result.findings.empty() ? "the schedule passes" : "the schedule fails";
  }
  if (result.stopped_by == StoppedBy::kFailure) {
    return "stopped at the first failure, in execution " +
           std::to_string(result.findings.empty() ? 0 : result.findings.back().execution) +
           "; not the whole space";
  }
  if (!IsComplete(result)) return SamplingSummary(result);
  if (!result.exhausted) return StoppedSummary(result);
  const std::string by = result.strategy == "exhaustive" ? "" : result.strategy + ", ";
  std::string text = "exhausted, " + by + SearchBoundsWords(result) + ": " +
                     CountOf(result.executions, "execution") + Parenthesised(result);
  if (!result.findings.empty()) text += ", " + FindingsWords(result);
  return text;
}

// ---- How a failure was found

// Whether nothing had failed before, in whatever way.
static bool IsFirst(const ExplorationResult& result, const Finding& finding) {
  return result.findings.empty() || result.findings.front().execution == finding.execution;
}

static std::string LevelLines(const ExplorationResult& result, const Finding& finding) {
  const bool is_first = IsFirst(result, finding);
  std::string lines;
  if (finding.levels.empty()) {
    return Paragraph("          ", "failed in execution " + std::to_string(finding.execution));
  }
  for (size_t i = 0; i < finding.levels.size(); ++i) {
    const LevelResult& level = finding.levels[i];
    const bool is_last = i + 1 == finding.levels.size();
    if (level.executions == 0 && !is_last) continue;
    std::string text =
        result.strategy == "delay" ? CountOf(i, "delay") : LevelWords(result.bounds, level.bounds);
    text += ": ";
    if (is_last) {
      text += "failed in execution " + std::to_string(finding.execution);
    } else {
      text += CountOf(level.executions, "execution") + ", exhausted, " +
              (is_first ? "none failed" : "none failed in this way");
    }
    lines += Paragraph("          ", text);
  }
  return lines;
}

static std::string SampledLines(const ExplorationResult& result, const Finding& finding) {
  std::string text = "failed in execution " + std::to_string(finding.execution);
  if (!finding.necessity.empty()) text += "; its schedule was then made smaller";
  std::string lines = Paragraph("          ", text);
  const double probability = result.strategy == "pct" ? PctProbability(result) : 0;
  if (probability > 0) {
    lines += Paragraph("          ", "a bug of depth " + std::to_string(result.bug_depth) +
                                         " shows per execution with probability at least 1/" +
                                         Rounded(1 / probability) + " (" + PctFacts(result) + ")");
  }
  return lines;
}

std::string SearchSection(const ExplorationResult& result, const Finding& finding) {
  const bool is_complete = IsComplete(result);
  std::string words = SeedWords(result);
  if (is_complete) words = result.strategy + ", " + SearchBoundsWords(result);
  std::string section = Paragraph("search    ", words);
  section += is_complete ? LevelLines(result, finding) : SampledLines(result, finding);
  const std::vector<std::string>& locations = finding.schedule.racy_locations;
  if (!locations.empty()) {
    section += Paragraph("          ", "scheduling points added: " + ListOf(locations));
  }
  return section;
}

// ---- Why it is minimal

namespace {

// The steps at which a trace deviates from what happens by itself.
std::vector<std::string> PreemptedSteps(const Trace& trace) {
  std::vector<std::string> steps;
  for (const Event& event : trace.events) {
    if (event.mark == SwitchMark::kPreemption) steps.push_back(std::to_string(event.step));
  }
  return steps;
}

std::string PreemptionWords(const Finding& finding) {
  const std::vector<std::string> steps = PreemptedSteps(finding.trace);
  if (steps.size() != finding.preemptions || steps.size() > 8) {
    return CountOf(finding.preemptions, "preemption");
  }
  return (steps.size() == 1 ? "preemption before step " : "preemptions before steps ") +
         ListOf(steps);
}

// What the levels searched before say about a schedule with deviations.
std::string ByLevels(const ExplorationResult& result, const Finding& finding) {
  const bool is_first = IsFirst(result, finding);
  const std::string fails = is_first ? " fails." : " fails in this way.";
  const Bounds& bounds = result.bounds;
  if (result.strategy == "delay") {
    const size_t delays = finding.levels.size() - 1;
    return "No schedule with fewer than " + CountOf(delays, "delay") + fails;
  }
  if (bounds.preemptions == kUnbounded) {
    return "Unknown: a search without a preemption bound reports the first schedule that fails, "
           "which "
           "may have more preemptions and faults than are necessary.";
  }
  if (finding.faults == 0 && !HasFaultLevels(bounds)) {
    const bool is_one = finding.preemptions == 1;
    return "The " + PreemptionWords(finding) + (is_one ? " is" : " are") +
           " necessary: no schedule " +
           (is_one ? "without a preemption" : "with fewer preemptions") + fails;
  }
  if (bounds.faults == kUnbounded) {
    return "No schedule with fewer preemptions" + fails +
           " Its faults may be more than are necessary; a fault bound would tell.";
  }
  std::vector<std::string> deviations;
  if (finding.preemptions > 0) deviations.push_back("the " + PreemptionWords(finding));
  if (finding.faults > 0) {
    deviations.push_back("the " +
                         (finding.faults == 1 ? "fault" : CountOf(finding.faults, "fault")));
  }
  std::string text = ListOf(deviations);
  text[0] = 'T';
  if (finding.preemptions + finding.faults == 1) {
    return text + " is necessary: no schedule without a preemption or fault" + fails;
  }
  return text + " are necessary: no schedule with fewer of them" + fails;
}

}  // namespace

std::string MinimalSection(const ExplorationResult& result, const Finding& finding) {
  std::string section = "Minimal\n";
  if (finding.preemptions == 0 && finding.faults == 0) {
    return section + "  The schedule has no preemption and no fault.\n";
  }
  if (IsComplete(result)) return section + Paragraph("  ", ByLevels(result, finding));
  if (finding.necessity.empty()) {
    return section +
           Paragraph("  ", "Unknown: which of the " + CountOf(finding.preemptions, "preemption") +
                               " and " + CountOf(finding.faults, "fault") +
                               " are necessary was not tried.");
  }
  for (const std::string& line : finding.necessity) section += Paragraph("  ", line);
  return section;
}

}  // namespace heddle
