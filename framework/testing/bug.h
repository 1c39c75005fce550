// SPDX-License-Identifier: MIT
//
// BugPattern: what a known bug looks like as a failure; BugCatalogue: the known bugs of one family
// of scenarios.
//
// A failure gets the id of a bug by what it is (kind, property, objects, functions), never by the
// row it appeared in: so the same bug has the same id in every variant that shows it, and a failure
// that nobody knows yet stands out wherever it appears.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/core/failure.h"

namespace heddle {

// Empty fields match anything; `objects` and `functions` must all occur in the failure. One bug may
// have several patterns, one for each way in which it shows.
struct BugPattern {
  std::string id;  // "R1"; what JSON's "bug" says.
  FailureKind kind = FailureKind::kAssertion;
  std::string property;                // "INV-B1"
  std::vector<std::string> objects;    // Exact names.
  std::vector<std::string> functions;  // Exact names.
  std::string sentence;                // For tables: what goes wrong, in one sentence.
};

// Returns whether `failure` looks like `pattern`.
bool Matches(const BugPattern& pattern, const Failure& failure);

class BugCatalogue {
 public:
  void Add(BugPattern pattern) { patterns_.push_back(std::move(pattern)); }

  // Returns the most specific pattern that matches: the one that names most of property, objects
  // and functions; among equals the one added first. Null if none matches.
  const BugPattern* Recognise(const Failure& failure) const;

  // Returns the first pattern of the bug `id`, or null.
  const BugPattern* Find(std::string_view id) const;

  const std::vector<BugPattern>& patterns() const { return patterns_; }

 private:
  std::vector<BugPattern> patterns_;
};

}  // namespace heddle
