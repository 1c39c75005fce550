// SPDX-License-Identifier: MIT

#include "heddle/testing/scenario.h"

#include <utility>

#include "heddle/testing/registry.h"

namespace heddle {

bool RegisterScenario(RegisteredScenario scenario) {
  Registry::Global().Add(std::move(scenario));
  return true;
}

bool RegisterBugs(const std::string& family, std::vector<BugPattern> bugs) {
  Registry::Global().AddBugs(family, std::move(bugs));
  return true;
}

bool RegisterCandidates(const std::string& family, Candidates candidates) {
  Registry::Global().AddCandidates(family, std::move(candidates));
  return true;
}

}  // namespace heddle
