// SPDX-License-Identifier: MIT

#include "tools/cli/markdown.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tools/cli/verdict_table.h"

namespace heddle::cli {

namespace {

// Text in a cell must not end it.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string Join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

bool Finds(const ScenarioRow& row, const std::string& bug) {
  return std::ranges::find(row.findings, bug, &ExpectedFinding::bug) != row.findings.end();
}

bool IsCleanOf(const ScenarioRow& row, const std::string& bug) {
  return !Finds(row, bug) && std::ranges::find(row.decides, bug) != row.decides.end();
}

std::string FindingsText(const ScenarioRow& row) {
  std::vector<std::string> parts;
  for (const ExpectedFinding& finding : row.findings) {
    parts.push_back("**" + finding.bug + "** " + BoundsText(finding.preemptions, finding.faults));
  }
  return parts.empty() ? "nothing" : Join(parts);
}

std::string CleanText(const ScenarioRow& row) {
  std::vector<std::string> parts;
  for (const std::string& bug : row.decides) {
    if (IsCleanOf(row, bug)) parts.push_back(bug);
  }
  return Join(parts);
}

std::string RowLine(const ScenarioRow& row) {
  return "| " + row.id + " | " + BoundsText(row.bounds.preemptions, row.bounds.faults) + " | " +
         std::to_string(row.executions) + (row.exhausted ? "" : " (not all)") + " | " +
         FindingsText(row) + " | " + CleanText(row) + " | " + Cell(row.note) + " |\n";
}

std::string ScenarioTable(const RegisteredScenario& scenario, const std::vector<RowRef>& rows) {
  std::string text = "#### " + scenario.name + "\n\n" + scenario.story + "\n\n" +
                     "| variant | bounds | executions | finds | clean of | note |\n" +
                     "|---|---|---:|---|---|---|\n";
  for (const RowRef& row : rows) {
    if (row.scenario == &scenario) text += RowLine(*row.row);
  }
  return text + "\n";
}

// "update_vs_connect@B0", for the rows of one family.
std::string ShortName(const RowRef& row) {
  return row.name().substr(row.scenario->family().size() + 1);
}

// Rows of one scenario share its name: "update_vs_close@B0, B2; range_check@B0".
std::string GroupedNames(const std::vector<RowRef>& rows) {
  std::string text;
  const RegisteredScenario* last = nullptr;
  for (const RowRef& row : rows) {
    if (row.scenario == last) {
      text += ", " + row.row->id;
    } else {
      text += (text.empty() ? "" : "; ") + ShortName(row);
    }
    last = row.scenario;
  }
  return text;
}

// A bug with several patterns says what each of them is.
std::string Sentences(const BugCatalogue& catalogue, const std::string& id) {
  std::vector<std::string> sentences;
  std::string text;
  for (const BugPattern& bug : catalogue.patterns()) {
    const bool is_said = std::ranges::find(sentences, bug.sentence) != sentences.end();
    if (bug.id != id || bug.sentence.empty() || is_said) continue;
    sentences.push_back(bug.sentence);
    text += (text.empty() ? "" : "; or ") + bug.sentence;
  }
  return text;
}

std::string BugTable(const BugCatalogue& catalogue, const std::vector<RowRef>& rows) {
  std::string text;
  std::set<std::string> done;
  for (const BugPattern& bug : catalogue.patterns()) {
    std::vector<RowRef> found;
    std::vector<RowRef> clean;
    if (!done.insert(bug.id).second) continue;
    for (const RowRef& row : rows) {
      if (Finds(*row.row, bug.id)) found.push_back(row);
      if (IsCleanOf(*row.row, bug.id)) clean.push_back(row);
    }
    if (found.empty() && clean.empty()) continue;
    text += "| " + bug.id + " | " + std::string(FailureKindName(bug.kind)) + " | " +
            Cell(Sentences(catalogue, bug.id)) + " | " + GroupedNames(found) + " | " +
            GroupedNames(clean) + " |\n";
  }
  if (text.empty()) return "";
  return "| bug | kind | what goes wrong | found in | not found in |\n|---|---|---|---|---|\n" +
         text + "\n";
}

// Where a variant shows the bug with the fewest preemptions and faults, in the smallest search;
// "clean" if rows of it say so, and nothing if none decides it.
std::string VerdictOf(const std::string& variant, const std::string& bug,
                      const std::vector<RowRef>& rows) {
  const RowRef* best = nullptr;
  ExpectedFinding fewest;
  bool is_clean = false;
  for (const RowRef& row : rows) {
    if (row.row->id != variant) continue;
    is_clean = is_clean || IsCleanOf(*row.row, bug);
    for (const ExpectedFinding& finding : row.row->findings) {
      if (finding.bug != bug) continue;
      const auto effort = [](const ExpectedFinding& of, const RowRef& in) {
        return std::pair(of.preemptions + of.faults, in.row->executions);
      };
      if (best != nullptr && effort(finding, row) >= effort(fewest, *best)) continue;
      best = &row;
      fewest = finding;
    }
  }
  if (best == nullptr) return is_clean ? "clean" : "";
  const std::string name = best->scenario->name.substr(best->scenario->family().size() + 1);
  return "**" + name + "** " + BoundsText(fewest.preemptions, fewest.faults);
}

// A line for each bug that any of the candidates has.
std::string CandidateTable(const Candidates& candidates, const BugCatalogue& catalogue,
                           const std::vector<RowRef>& rows) {
  std::string text = "#### " + candidates.question + "\n\n| bug | what goes wrong |";
  std::string rule = "|---|---|";
  for (const Candidates::Candidate& candidate : candidates.variants) {
    text += " " + candidate.variant + (candidate.name.empty() ? "" : ", " + candidate.name) + " |";
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  std::set<std::string> done;
  for (const BugPattern& bug : catalogue.patterns()) {
    if (!done.insert(bug.id).second) continue;
    std::string cells;
    for (const Candidates::Candidate& candidate : candidates.variants) {
      cells += " " + VerdictOf(candidate.variant, bug.id, rows) + " |";
    }
    if (cells.find("**") == std::string::npos) continue;
    text += "| " + bug.id + " | " + Cell(Sentences(catalogue, bug.id)) + " |" + cells + "\n";
  }
  return text + "\n";
}

}  // namespace

std::string MarkdownTables(const Registry& registry, const std::vector<RowRef>& rows) {
  std::map<std::string, std::vector<RowRef>> families;
  for (const RowRef& row : rows) families[std::string(row.scenario->family())].push_back(row);
  std::string text =
      "Bounds and findings: `2p 1f` is two preemptions and one fault, `*` no bound. A finding "
      "stands\n"
      "with the fewest that show it.\n\n";
  for (const auto& [family, members] : families) {
    text += "### " + family + "\n\n" + BugTable(registry.Catalogue(family), members);
    for (const Candidates& candidates : registry.CandidatesOf(family)) {
      text += CandidateTable(candidates, registry.Catalogue(family), members);
    }
    const RegisteredScenario* last = nullptr;
    for (const RowRef& row : members) {
      if (row.scenario != last) text += ScenarioTable(*row.scenario, members);
      last = row.scenario;
    }
  }
  return text;
}

}  // namespace heddle::cli
