// SPDX-License-Identifier: MIT

#include "tools/cli/near_names.h"

#include <algorithm>
#include <utility>

namespace heddle::cli {

static constexpr size_t kSuggestionsMax = 3;

// Optimal string alignment: the dynamic programme of Levenshtein's distance with one more move.
// Three rows of the table are enough.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::vector<std::string> NearNames(std::string_view name, const std::vector<std::string>& names) {
  // A third of the letters may be wrong, but a name of one or two letters is near to everything.
  const size_t distance_max = std::max<size_t>(name.size() / 3, 1);
  std::vector<std::pair<size_t, std::string>> near;
  for (const std::string& candidate : names) {
    const bool is_part = name.size() >= 3 && candidate.find(name) != std::string::npos;
    const size_t distance = EditDistance(name, candidate);
    if (distance <= distance_max) {
      near.emplace_back(distance, candidate);
    } else if (is_part) {
      near.emplace_back(distance_max + 1, candidate);
    }
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> nearest;
  for (const auto& [distance, candidate] : near) {
    if (nearest.size() < kSuggestionsMax) nearest.push_back(candidate);
  }
  return nearest;
}

std::string DidYouMean(std::string_view name, const std::vector<std::string>& names) {
  const std::vector<std::string> near = NearNames(name, names);
  if (near.empty()) return "";
  std::string text = "; did you mean ";
  for (size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text += "'" + near[i] + "'";
  }
  return text + "?";
}

}  // namespace heddle::cli
