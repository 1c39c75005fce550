// SPDX-License-Identifier: MIT

#include "heddle/testing/row.h"

#include <algorithm>

namespace heddle {

std::string RegisteredScenario::place() const {
  return std::string(where.file) + ":" + std::to_string(where.line);
}

std::vector<std::string> DecidedBugs(const ScenarioRow& row) {
  std::vector<std::string> bugs;
  const auto add = [&](const std::string& id) {
    if (std::ranges::find(bugs, id) == bugs.end()) bugs.push_back(id);
  };
  for (const ExpectedFinding& finding : row.findings) add(finding.bug);
  for (const std::string& id : row.decides) add(id);
  return bugs;
}

ExploreOptions CheckOptions(const RowRef& row) {
  ExploreOptions options{.name = row.name(),
                         .bounds = row.row->bounds,
                         .limits = row.scenario->limits,
                         .keep_going = true,
                         .races = row.scenario->races,
                         .leaks = row.scenario->leaks,
                         .lock_order = row.scenario->lock_order};
  for (const auto& [name, parameter] : row.scenario->parameters) {
    options.parameters[name] = parameter.value;
  }
  if (!row.row->exhausted) options.executions_max = row.row->executions;
  return options;
}

}  // namespace heddle
