// SPDX-License-Identifier: MIT

#include "tools/cli/selection.h"

#include <fnmatch.h>

#include <optional>

#include "tools/cli/near_names.h"

namespace heddle::cli {

static bool Matches(const std::string& pattern, const RowRef& row) {
  const bool has_variant = pattern.find('@') != std::string::npos;
  const std::string name = has_variant ? row.name() : row.scenario->name;
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

static std::vector<std::string> ScenarioNames(const Registry& registry) {
  std::vector<std::string> names;
  for (const auto& [name, scenario] : registry.scenarios()) names.push_back(name);
  return names;
}

// `name` may lack the family, which is the most common slip of all.
static std::string UnknownScenario(const Registry& registry, const std::string& name) {
  return "there is no scenario '" + name + "'" + DidYouMean(name, ScenarioNames(registry)) +
         (registry.scenarios().empty() ? "" : " (heddle list names them)");
}

static std::string UnknownVariant(const RegisteredScenario& scenario, const std::string& variant) {
  std::vector<std::string> ids;
  std::string list;
  for (const ScenarioRow& row : scenario.rows) {
    ids.push_back(row.id);
    list += (list.empty() ? "" : ", ") + row.id;
  }
  return scenario.name + " has no variant '" + variant + "'; it has " + list +
         DidYouMean(variant, ids);
}

// Says why a name, or a pattern, matches no row.
static Error Unmatched(const Registry& registry, const std::string& pattern) {
  const size_t at = pattern.find('@');
  const std::string name = pattern.substr(0, at);
  const auto scenario = registry.scenarios().find(name);
  if (scenario != registry.scenarios().end() && at != std::string::npos) {
    return {UnknownVariant(scenario->second, pattern.substr(at + 1))};
  }
  if (pattern.find_first_of("*?[") != std::string::npos) {
    return {"no scenario matches '" + pattern + "' (heddle list names them)"};
  }
  return {UnknownScenario(registry, name)};
}

Result<std::vector<RowRef>> SelectRows(const Registry& registry,
                                       const std::vector<std::string>& patterns) {
  const std::vector<RowRef> all = registry.Rows();
  if (patterns.empty()) return all;
  std::vector<bool> is_selected(all.size());
  for (const std::string& pattern : patterns) {
    bool any = false;
    for (size_t i = 0; i < all.size(); ++i) {
      if (!Matches(pattern, all[i])) continue;
      is_selected[i] = true;
      any = true;
    }
    if (!any) return Unmatched(registry, pattern);
  }
  std::vector<RowRef> rows;
  for (size_t i = 0; i < all.size(); ++i) {
    if (is_selected[i]) rows.push_back(all[i]);
  }
  return rows;
}

Result<RowRef> FindRow(const Registry& registry, const std::string& name) {
  if (const std::optional<RowRef> row = registry.FindRow(name)) return *row;
  if (name.find('@') != std::string::npos) return Unmatched(registry, name);
  const auto scenario = registry.scenarios().find(name);
  if (scenario == registry.scenarios().end()) return Error{UnknownScenario(registry, name)};
  return Error{"'" + name + "' names no variant; expected " + name + "@" +
               scenario->second.rows.front().id + " or another of its variants"};
}

}  // namespace heddle::cli
