// SPDX-License-Identifier: MIT

#include "heddle/testing/bug.h"

#include <algorithm>

namespace heddle {

// Returns whether every name of `wanted` occurs in `present`.
static bool ContainsAll(const std::vector<std::string>& present,
                        const std::vector<std::string>& wanted) {
  return std::ranges::all_of(wanted, [&](const std::string& name) {
    return std::ranges::find(present, name) != present.end();
  });
}

static size_t Specificity(const BugPattern& pattern) {
  return (pattern.property.empty() ? 0 : 1) + pattern.objects.size() + pattern.functions.size();
}

bool Matches(const BugPattern& pattern, const Failure& failure) {
  return pattern.kind == failure.kind &&
         (pattern.property.empty() || pattern.property == failure.property) &&
         ContainsAll(failure.objects, pattern.objects) &&
         ContainsAll(failure.functions, pattern.functions);
}

const BugPattern* BugCatalogue::Recognise(const Failure& failure) const {
  const BugPattern* best = nullptr;
  for (const BugPattern& pattern : patterns_) {
    if (!Matches(pattern, failure)) continue;
    if (best == nullptr || Specificity(pattern) > Specificity(*best)) best = &pattern;
  }
  return best;
}

const BugPattern* BugCatalogue::Find(std::string_view id) const {
  const auto found = std::ranges::find(patterns_, id, &BugPattern::id);
  return found == patterns_.end() ? nullptr : &*found;
}

}  // namespace heddle
