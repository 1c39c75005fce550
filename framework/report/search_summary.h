// SPDX-License-Identifier: MIT
//
// What a search covered, in words: one line for a pass, the lines of a failure report that say how
// the failure was found, and why its schedule is minimal.
//
// INVARIANT: a search that did not reach the end of its bounds never reads as one that did.

#pragma once

#include <string>

#include "heddle/explore/result.h"

namespace heddle {

// Returns one line without its end:
//   exhausted, preemption bound 2: 363 executions (12 + 86 + 265)
//   stopped by --executions after 100 executions; not the whole space
std::string SearchSummary(const ExplorationResult& result);

// Returns paragraphs of a report's head that say how `finding` was found, each line indented.
std::string SearchSection(const ExplorationResult& result, const Finding& finding);

// Returns "Minimal": which deviations of the schedule are necessary, and how that is known.
std::string MinimalSection(const ExplorationResult& result, const Finding& finding);

}  // namespace heddle
