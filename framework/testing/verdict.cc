// SPDX-License-Identifier: MIT

#include "heddle/testing/verdict.h"

#include <algorithm>
#include <map>
#include <optional>

namespace heddle {

std::string BugId(const Failure& failure, const std::string& variant,
                  const BugCatalogue& catalogue) {
  if (const BugPattern* bug = catalogue.Recognise(failure)) return bug->id;
  std::string id = variant + "-" + std::string(FailureKindName(failure.kind));
  if (catalogue.Find(id) != nullptr) id += "-unknown";
  return id;
}

namespace {

std::string Count(uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string Deviations(uint32_t preemptions, uint32_t faults) {
  return Count(preemptions, "preemption") + " and " + Count(faults, "fault");
}

// Fewer deviations first, then fewer faults: the order in which an exhaustive search finds them.
struct Effort {
  uint32_t preemptions = 0;
  uint32_t faults = 0;

  friend bool operator==(const Effort&, const Effort&) = default;
  friend bool operator<(const Effort& a, const Effort& b) {
    const uint64_t sum_a = uint64_t{a.preemptions} + a.faults;
    const uint64_t sum_b = uint64_t{b.preemptions} + b.faults;
    return sum_a != sum_b ? sum_a < sum_b : a.faults < b.faults;
  }
};

class Judgement {
 public:
  Judgement(const RowRef& row, const BugCatalogue& catalogue, const ExplorationResult& result)
      : row_(row), catalogue_(catalogue), result_(result) {}

  Verdict Run() {
    for (size_t i = 0; i < result_.findings.size(); ++i) Classify(i);
    CompareBugs();
    CompareSearch();
    return std::move(verdict_);
  }

 private:
  void Classify(size_t index);
  void CompareBugs();
  void CompareSearch();
  void Say(std::string difference) { verdict_.differences.push_back(std::move(difference)); }

  const RowRef& row_;
  const BugCatalogue& catalogue_;
  const ExplorationResult& result_;
  std::map<std::string, Effort> found_;  // The fewest deviations of each expected bug.
  Verdict verdict_;
};

void Judgement::Classify(size_t index) {
  const Finding& finding = result_.findings[index];
  const BugPattern* known = catalogue_.Recognise(finding.failure);
  const std::string id = BugId(finding.failure, row_.row->id, catalogue_);
  verdict_.bugs.push_back(id);
  const auto& pins = row_.row->findings;
  if (known != nullptr && std::ranges::find(pins, id, &ExpectedFinding::bug) != pins.end()) {
    const Effort effort = {finding.preemptions, finding.faults};
    const auto [entry, is_first] = found_.emplace(id, effort);
    if (!is_first) entry->second = std::min(entry->second, effort);
    return;
  }
  verdict_.unexpected.push_back(index);
  Say("unexpected " + std::string(FailureKindName(finding.failure.kind)) + " (" + id +
      "): " + finding.failure.title);
}

void Judgement::CompareBugs() {
  for (const ExpectedFinding& pin : row_.row->findings) {
    const std::string expected =
        "expected " + pin.bug + " with " + Deviations(pin.preemptions, pin.faults);
    const auto found = found_.find(pin.bug);
    if (found == found_.end()) {
      Say(expected + ", did not find it");
    } else if (found->second != Effort{pin.preemptions, pin.faults}) {
      Say(expected + ", found it with " +
          Deviations(found->second.preemptions, found->second.faults));
    }
  }
}

static const char* Name(StoppedBy stopped_by) {
  switch (stopped_by) {
    case StoppedBy::kNothing:
      return "nothing";
    case StoppedBy::kExecutions:
      return "the limit of executions";
    case StoppedBy::kTime:
      return "the limit of time";
    case StoppedBy::kFailure:
      return "a failure";
  }
  return "unknown";
}

void Judgement::CompareSearch() {
  const ScenarioRow& row = *row_.row;
  if (row.exhausted && !result_.exhausted) {
    Say("expected every execution within the bounds, but " + std::string(Name(result_.stopped_by)) +
        " stopped the search");
  } else if (!row.exhausted && result_.exhausted) {
    Say("expected a space too large to finish, but it was exhausted");
  }
  const std::string saw = "saw " + std::to_string(result_.executions);
  if (row.executions == 0) {
    Say("no number of executions is pinned yet, " + saw);
  } else if (row.executions != result_.executions) {
    Say("expected " + Count(row.executions, "execution") + ", " + saw);
  }
}

}  // namespace

std::string Verdict::text() const {
  if (is_as_pinned()) return "as pinned";
  std::string all;
  for (const std::string& difference : differences) {
    if (!all.empty()) all += "; ";
    all += difference;
  }
  return all;
}

Verdict Judge(const RowRef& row, const BugCatalogue& catalogue, const ExplorationResult& result) {
  return Judgement(row, catalogue, result).Run();
}

}  // namespace heddle
