// SPDX-License-Identifier: MIT
//
// Registry: all scenarios linked into a program, and the catalogue of known bugs of each family.
//
// Scenarios register while static objects are initialised, in no particular order; so what is wrong
// with a definition is said when the program asks for it, not when it arrives.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/testing/bug.h"
#include "heddle/testing/row.h"

namespace heddle {

class Registry {
 public:
  // The one that Register() and RegisterBugs() fill.
  static Registry& Global();

  void Add(RegisteredScenario scenario);
  void AddBugs(const std::string& family, std::vector<BugPattern> bugs);

  void AddCandidates(const std::string& family, Candidates candidates);

  // Returns one sentence for each rule that a definition breaks: names are family/scenario and
  // unique, variant ids are unique in their scenario, stories are told, bodies are there, every bug
  // that a row mentions stands in the catalogue of its family, and every candidate in a row.
  std::vector<std::string> Problems() const;

  // In order of their names.
  const std::map<std::string, RegisteredScenario, std::less<>>& scenarios() const {
    return scenarios_;
  }

  // All rows: by name of the scenario, then in order of definition.
  std::vector<RowRef> Rows() const;

  // Returns the row called `name` (family/scenario@variant).
  std::optional<RowRef> FindRow(std::string_view name) const;

  // Returns the known bugs of a family; an empty catalogue if there are none.
  const BugCatalogue& Catalogue(std::string_view family) const;

  // Returns the candidates of a family, in the order in which they were added.
  const std::vector<Candidates>& CandidatesOf(std::string_view family) const;

 private:
  std::map<std::string, RegisteredScenario, std::less<>> scenarios_;
  std::map<std::string, BugCatalogue, std::less<>> catalogues_;
  std::map<std::string, std::vector<Candidates>, std::less<>> candidates_;
  std::vector<std::string> duplicates_;
};

}  // namespace heddle
