// SPDX-License-Identifier: MIT

#include "heddle/testing/case_selection.h"

#include <fnmatch.h>

#include <algorithm>
#include <string_view>

#include "heddle/base/number_text.h"

namespace heddle {

static bool IsGlob(const std::string& filter) {
  return filter.find_first_of("*?[") != std::string::npos;
}

std::vector<bool> CaseSelection::Select(const std::vector<std::string>& names) const {
  const bool is_glob = IsGlob(filter);
  const bool is_name = std::ranges::find(names, filter) != names.end();
  std::vector<bool> selected;
  uint64_t index = 0;
  for (const std::string& name : names) {
    bool matches = filter.empty() || name == filter;
    if (is_glob) {
      matches = fnmatch(filter.c_str(), name.c_str(), 0) == 0;
    } else if (!is_name) {
      matches = name.find(filter) != std::string::npos;
    }
    selected.push_back(matches && index % shard_total == shard_index);
    if (matches) ++index;
  }
  return selected;
}

static std::string_view Value(const VariableLookup& lookup, const char* name) {
  const char* text = lookup(name);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

Result<CaseSelection> ReadCaseSelection(const VariableLookup& lookup) {
  CaseSelection selection{.filter = std::string(Value(lookup, "TESTBRIDGE_TEST_ONLY"))};
  const std::string_view total = Value(lookup, "TEST_TOTAL_SHARDS");
  if (total.empty()) return selection;
  const Result<uint64_t> shards = ReadWholeNumber("TEST_TOTAL_SHARDS", total, 1);
  if (!shards.ok()) return Error{shards.error()};
  const Result<uint64_t> index =
      ReadWholeNumber("TEST_SHARD_INDEX", Value(lookup, "TEST_SHARD_INDEX"), 0);
  if (!index.ok()) return Error{index.error()};
  if (index.value() >= shards.value()) {
    return Error{"TEST_SHARD_INDEX is '" + std::to_string(index.value()) +
                 "'; expected less than TEST_TOTAL_SHARDS, " + std::to_string(shards.value())};
  }
  selection.shard_total = shards.value();
  selection.shard_index = index.value();
  return selection;
}

}  // namespace heddle
