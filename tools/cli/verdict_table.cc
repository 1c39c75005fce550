// SPDX-License-Identifier: MIT

#include "tools/cli/verdict_table.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "heddle/report/wording.h"

namespace heddle::cli {

static constexpr size_t kBoundsWidth = 7;
static constexpr size_t kExecutionsWidth = 10;
static constexpr size_t kSecondsWidth = 8;
static constexpr size_t kVerdictWidth = 9;

static std::string BoundText(uint32_t bound) {
  return bound == kUnbounded ? "*" : std::to_string(bound);
}

std::string BoundsText(uint32_t preemptions, uint32_t faults) {
  return BoundText(preemptions) + "p " + BoundText(faults) + "f";
}

static std::string Left(std::string text, size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text + "  ";
}

static std::string Right(const std::string& text, size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text + "  ";
}

VerdictTable::VerdictTable(const std::vector<RowRef>& rows) {
  for (const RowRef& row : rows) variant_width_ = std::max(variant_width_, row.row->id.size());
}

std::string VerdictTable::Heading(const RegisteredScenario& scenario) const {
  return Paragraph(scenario.name + ": ", scenario.story) + " " + Left("variant", variant_width_) +
         Left("bounds", kBoundsWidth) + Right("executions", kExecutionsWidth) +
         Right("seconds", kSecondsWidth) + Left("verdict", kVerdictWidth) + "found\n";
}

// Each bug once, with its fewest deviations; findings come in the order of their number.
static std::string Found(const ExplorationResult& result, const Verdict& verdict) {
  std::set<std::string> seen;
  std::string text;
  for (size_t i = 0; i < result.findings.size(); ++i) {
    if (!seen.insert(verdict.bugs[i]).second) continue;
    const Finding& finding = result.findings[i];
    if (!text.empty()) text += ", ";
    text += verdict.bugs[i] + " at " + BoundsText(finding.preemptions, finding.faults);
  }
  return text.empty() ? "nothing" : text;
}

static std::string CleanOf(const ScenarioRow& row, const Verdict& verdict) {
  std::vector<std::string> clean;
  for (const std::string& bug : row.decides) {
    if (std::ranges::find(verdict.bugs, bug) == verdict.bugs.end()) clean.push_back(bug);
  }
  return clean.empty() ? "" : "; clean of " + ListOf(clean);
}

std::string VerdictTable::Row(const RowRef& row, const ExplorationResult& result,
                              const Verdict& verdict) const {
  char seconds[32];
  std::snprintf(seconds, sizeof(seconds), "%.2f", result.seconds);
  const std::string head =
      " " + Left(row.row->id, variant_width_) +
      Left(BoundsText(result.bounds.preemptions, result.bounds.faults), kBoundsWidth) +
      Right(std::to_string(result.executions), kExecutionsWidth) + Right(seconds, kSecondsWidth) +
      Left(verdict.is_as_pinned() ? "as pinned" : "DIFFERS", kVerdictWidth);
  std::string text = Paragraph(head, Found(result, verdict) + CleanOf(*row.row, verdict));
  for (const std::string& difference : verdict.differences) {
    text += Paragraph("   ! ", difference);
  }
  for (const std::string& warning : result.warnings) text += Paragraph("   - ", warning);
  return text;
}

std::string VerdictTable::Legend() {
  return "Bounds: p preemptions, f faults, * unbounded; a bug stands with the fewest that show "
         "it.\n";
}

}  // namespace heddle::cli
