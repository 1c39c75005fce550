// SPDX-License-Identifier: MIT
//
// ScenarioRow: one line of the verdict table, scenario x variant: what runs, how far it is
// explored, and what is pinned about the outcome.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/base/source_location.h"
#include "heddle/core/choice.h"
#include "heddle/core/limits.h"
#include "heddle/explore/options.h"

namespace heddle {

// One pinned finding of a row.
struct ExpectedFinding {
  std::string bug;
  uint32_t preemptions = 0;  // Fewest with which it shows.
  uint32_t faults = 0;
};

// The default of a parameter, and which values make sense.
struct Parameter {
  // NOLINTNEXTLINE(google-explicit-constructor): a plain number is a parameter, too.
  Parameter(int64_t standard, int64_t smallest = 1, int64_t largest = 1'000'000)
      : value(standard), min(smallest), max(largest) {}

  int64_t value;
  int64_t min;
  int64_t max;
};

using Parameters = std::map<std::string, Parameter, std::less<>>;

struct ScenarioRow {
  std::string id;  // Of the variant.
  std::function<void(Execution&)> body;
  Bounds bounds;  // At which it is checked.
  // Pinned by what was seen; 0 where a variant has not been explored yet (then the row is never as
  // pinned).
  uint64_t executions = 0;
  // False for a space too large to finish: the row is explored for just the pinned number of
  // executions.
  bool exhausted = true;
  std::vector<ExpectedFinding> findings;
  // Bug ids that this row decides although, or because, it is clean of them.
  std::vector<std::string> decides;
  std::string note;  // For tables: why the verdict is what it is.
};

struct RegisteredScenario {
  std::string name;  // family/scenario
  std::string story;
  SourceLocation where;  // Of the definition.
  Parameters parameters;
  Limits limits;
  RacePolicy races = RacePolicy::kLocate;
  LeakPolicy leaks = LeakPolicy::kReport;
  LockOrderPolicy lock_order = LockOrderPolicy::kIgnore;
  std::vector<ScenarioRow> rows;

  // Returns "scenarios/bluetooth/update_vs_connect.cc:27", where it is defined.
  std::string place() const;

  // "bluetooth" of "bluetooth/update_vs_connect".
  std::string_view family() const { return std::string_view{name}.substr(0, name.find('/')); }
};

// A row with the scenario it belongs to. Stays valid as long as the registry does.
struct RowRef {
  const RegisteredScenario* scenario = nullptr;
  const ScenarioRow* row = nullptr;

  std::string name() const { return scenario->name + '@' + row->id; }
};

// Variants of one family among which somebody has to choose: for a table of what each of them still
// gets wrong, and which scenario shows it.
struct Candidates {
  std::string question;  // Opens the table, as a heading.
  struct Candidate {
    std::string variant;  // Its id.
    std::string name;     // What those who choose call it: "v2". May be empty.
  };
  std::vector<Candidate> variants;
};

// Returns the ids of the bugs that the row decides: those it is pinned to, then those it is clean
// of.
std::vector<std::string> DecidedBugs(const ScenarioRow& row);

// Returns how the row is checked: its pinned bounds, default parameters, all distinct failures.
ExploreOptions CheckOptions(const RowRef& row);

}  // namespace heddle
