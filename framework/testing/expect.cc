// SPDX-License-Identifier: MIT

#include "heddle/testing/expect.h"

#include <algorithm>

#include "heddle/core/divergence.h"
#include "heddle/report/search_summary.h"
#include "heddle/report/wording.h"
#include "heddle/testing/test_report.h"

namespace heddle::internal {

static bool environment_overrides = false;

void ExpectOverrides(bool overrides) {
  environment_overrides = overrides;
}

static std::string KindAndObjects(FailureKind kind, const std::vector<std::string>& objects) {
  std::string text(FailureKindName(kind));
  if (!objects.empty()) text += " of " + ListOf(objects);
  return text;
}

static std::string KindAndObjects(const Failure& failure) {
  return KindAndObjects(failure.kind, failure.objects);
}

std::string ComplaintUnlessClean(const ExplorationResult& result) {
  if (!result.divergence.empty()) return DivergenceSentence(result.divergence);
  if (result.findings.empty()) return "";
  return "expected no failure, found " + KindAndObjects(*result.failure()) + "\n" +
         TestReports(result);
}

std::string ComplaintUnlessExhausted(const ExplorationResult& result) {
  std::string complaint = ComplaintUnlessClean(result);
  if (!complaint.empty() || result.exhausted || environment_overrides) return complaint;
  return "the search of " + result.name + " was not exhausted: " + SearchSummary(result);
}

std::string ComplaintUnlessFailure(const ExplorationResult& result, FailureKind kind,
                                   const std::vector<std::string>& objects) {
  if (environment_overrides) return ComplaintUnlessClean(result);
  const std::string expected = "expected " + KindAndObjects(kind, objects) + ", found ";
  const Failure* failure = result.failure();
  if (failure == nullptr) return expected + "no failure: " + SearchSummary(result);
  const bool same_objects = objects.empty() || (objects.size() == failure->objects.size() &&
                                                std::is_permutation(objects.begin(), objects.end(),
                                                                    failure->objects.begin()));
  if (failure->kind == kind && same_objects) return "";
  return expected + KindAndObjects(*failure) + "\n" + TestReports(result);
}

}  // namespace heddle::internal
