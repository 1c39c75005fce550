// SPDX-License-Identifier: MIT

#include "heddle/testing/registry.h"

#include <algorithm>
#include <set>
#include <utility>

namespace heddle {

Registry& Registry::Global() {
  static Registry registry;
  return registry;
}

void Registry::Add(RegisteredScenario scenario) {
  const std::string name = scenario.name;
  const SourceLocation where = scenario.where;
  const auto [existing, is_new] = scenarios_.emplace(name, std::move(scenario));
  if (is_new) return;
  duplicates_.push_back("scenario '" + name + "' is defined in " + where.file + " and in " +
                        existing->second.where.file);
}

void Registry::AddBugs(const std::string& family, std::vector<BugPattern> bugs) {
  BugCatalogue& catalogue = catalogues_[family];
  for (BugPattern& bug : bugs) catalogue.Add(std::move(bug));
}

void Registry::AddCandidates(const std::string& family, Candidates candidates) {
  candidates_[family].push_back(std::move(candidates));
}

// ---- Rules

// Names stand in schedules, patterns and on command lines.
static bool IsPlainName(std::string_view name) {
  return !name.empty() && name.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789_+.-") == std::string_view::npos;
}

static bool IsScenarioName(std::string_view name) {
  const size_t slash = name.find('/');
  return slash != std::string_view::npos && IsPlainName(name.substr(0, slash)) &&
         IsPlainName(name.substr(slash + 1));
}

static void CheckRow(const RowRef& row, const BugCatalogue& catalogue,
                     std::vector<std::string>* problems) {
  const std::string who = "row '" + row.name() + "' ";
  if (!IsPlainName(row.row->id)) problems->push_back(who + "has no plain name as variant id");
  if (!row.row->body) problems->push_back(who + "has no body");
  const auto check_bug = [&](const std::string& id) {
    if (catalogue.Find(id) == nullptr) {
      problems->push_back(who + "mentions the bug '" + id + "', which no RegisterBugs(\"" +
                          std::string(row.scenario->family()) + "\", ...) describes");
    }
  };
  for (const ExpectedFinding& finding : row.row->findings) check_bug(finding.bug);
  for (const std::string& id : row.row->decides) check_bug(id);
}

static void CheckScenario(const RegisteredScenario& scenario, const BugCatalogue& catalogue,
                          std::vector<std::string>* problems) {
  const std::string who = "scenario '" + scenario.name + "' ";
  if (!IsScenarioName(scenario.name)) problems->push_back(who + "is not named family/scenario");
  if (scenario.story.empty()) problems->push_back(who + "tells no story");
  if (scenario.rows.empty()) problems->push_back(who + "has no variants");
  for (const auto& [name, parameter] : scenario.parameters) {
    if (parameter.value < parameter.min || parameter.value > parameter.max) {
      problems->push_back(who + "has a default outside of its range for parameter '" + name + "'");
    }
  }
  std::set<std::string> ids;
  for (const ScenarioRow& row : scenario.rows) {
    if (!ids.insert(row.id).second) {
      problems->push_back(who + "has two variants called '" + row.id + "'");
    }
    CheckRow({&scenario, &row}, catalogue, problems);
  }
}

static void CheckCandidates(const std::string& family, const Candidates& candidates,
                            const std::vector<RowRef>& rows, std::vector<std::string>* problems) {
  for (const Candidates::Candidate& candidate : candidates.variants) {
    const bool is_there = std::ranges::any_of(rows, [&](const RowRef& row) {
      return row.scenario->family() == family && row.row->id == candidate.variant;
    });
    if (is_there) continue;
    problems->push_back("the candidate '" + candidate.variant +
                        "' is a variant of no scenario in family '" + family + "'");
  }
}

std::vector<std::string> Registry::Problems() const {
  std::vector<std::string> problems = duplicates_;
  for (const auto& [name, scenario] : scenarios_) {
    CheckScenario(scenario, Catalogue(scenario.family()), &problems);
  }
  for (const auto& [family, catalogue] : catalogues_) {
    for (const BugPattern& bug : catalogue.patterns()) {
      if (bug.id.empty()) problems.push_back("a bug of family '" + family + "' has no id");
    }
  }
  for (const auto& [family, all] : candidates_) {
    for (const Candidates& candidates : all) CheckCandidates(family, candidates, Rows(), &problems);
  }
  return problems;
}

// ---- Looking up

std::vector<RowRef> Registry::Rows() const {
  std::vector<RowRef> rows;
  for (const auto& [name, scenario] : scenarios_) {
    for (const ScenarioRow& row : scenario.rows) rows.push_back({&scenario, &row});
  }
  return rows;
}

std::optional<RowRef> Registry::FindRow(std::string_view name) const {
  const size_t at = name.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto scenario = scenarios_.find(name.substr(0, at));
  if (scenario == scenarios_.end()) return std::nullopt;
  for (const ScenarioRow& row : scenario->second.rows) {
    if (row.id == name.substr(at + 1)) return RowRef{&scenario->second, &row};
  }
  return std::nullopt;
}

const BugCatalogue& Registry::Catalogue(std::string_view family) const {
  static const BugCatalogue kNone;
  const auto found = catalogues_.find(family);
  return found == catalogues_.end() ? kNone : found->second;
}

const std::vector<Candidates>& Registry::CandidatesOf(std::string_view family) const {
  static const std::vector<Candidates> kNone;
  const auto found = candidates_.find(family);
  return found == candidates_.end() ? kNone : found->second;
}

}  // namespace heddle
