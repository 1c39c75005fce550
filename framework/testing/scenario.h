// SPDX-License-Identifier: MIT
//
// Scenario: a body plus data. One definition serves the Bazel test, the heddle program, and the
// tables in scenarios/README.md; nothing about a scenario is written down twice.
//
//   static const bool registered = heddle::Register<ConnUpdate>({
//       .name = "bluetooth/update_vs_connect",
//       .story = "The peer asks for new timing while a user connects a channel.",
//       .body = UpdateVsConnect,
//       .bounds = {.preemptions = 2, .faults = 1},
//       .variants = {
//           {.id = "B0", .options = kInline, .executions = 363,
//            .findings = {{.bug = "B0-deadlock", .preemptions = 1}}},
//           {.id = "B2", .options = kRechecked, .executions = 812, .decides = {"B0-deadlock"}},
//       },
//   });
//
// Bugs are recognised by what they look like (RegisterBugs, bug.h), never by the row they appear
// in.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/testing/bug.h"
#include "heddle/testing/ensure.h"
#include "heddle/testing/row.h"

namespace heddle {

// Bounds of a variant whose space is too large for those of its scenario; say why in its note. A
// bound that is not set is the scenario's.
struct VariantBounds {
  static constexpr uint32_t kUnset = kUnbounded - 1;
  uint32_t preemptions = kUnset;
  uint32_t faults = kUnset;
};

// A variant, with the options of the model that make it.
template <class Options>
struct Variant {
  std::string id;
  Options options;
  uint64_t executions = 0;
  bool exhausted = true;
  std::vector<ExpectedFinding> findings;
  std::vector<std::string> decides;
  std::string note;
  VariantBounds bounds;
};

// A line in a table of variants that a model has names for: short, for it leaves the options out.
struct NamedVariant {
  std::string id;
  uint64_t executions = 0;
  std::vector<ExpectedFinding> findings;
  std::vector<std::string> decides;
  std::string note;
  VariantBounds bounds;
};

// Returns the variants of such a table; each has the options that the model has for its id:
//
//   static const std::vector<heddle::NamedVariant> table = {
//       {"B0", 363, {deadlock}},
//       {"B2", 812, {}, {"B0-deadlock"}},
//   };
//   ...
//       .variants = heddle::VariantsOf(variant, table),
template <class Options>
std::vector<Variant<Options>> VariantsOf(const Options& (*options_of)(std::string_view id),
                                         const std::vector<NamedVariant>& named);

template <class Options>
struct Scenario {
  std::string name;
  std::string story;
  void (*body)(Execution& execution, const Options& options) = nullptr;
  Bounds bounds;
  Parameters parameters;
  Limits limits;
  // Ports race on purpose where the kernel does: by default races only become scheduling points.
  RacePolicy races = RacePolicy::kLocate;
  LeakPolicy leaks = LeakPolicy::kReport;
  // A scenario about a deadlock leaves predictions to one of their own: they come first.
  LockOrderPolicy lock_order = LockOrderPolicy::kIgnore;
  std::vector<Variant<Options>> variants;
};

// Adds a scenario to the registry. What is wrong with it is said once all are registered
// (Registry::Problems).
bool RegisterScenario(RegisteredScenario scenario);

// Adds the bugs of a family to its catalogue: failures of `family/...` are matched against it.
bool RegisterBugs(const std::string& family, std::vector<BugPattern> bugs);

// Adds variants of a family among which somebody has to choose: a table compares them.
bool RegisterCandidates(const std::string& family, Candidates candidates);

// ---- Implementation

template <class Options>
std::vector<Variant<Options>> VariantsOf(const Options& (*options_of)(std::string_view id),
                                         const std::vector<NamedVariant>& named) {
  std::vector<Variant<Options>> variants;
  variants.reserve(named.size());
  for (const NamedVariant& line : named) {
    variants.push_back({.id = line.id,
                        .options = options_of(line.id),
                        .executions = line.executions,
                        .findings = line.findings,
                        .decides = line.decides,
                        .note = line.note,
                        .bounds = line.bounds});
  }
  return variants;
}

template <class Options>
bool Register(Scenario<Options> scenario, SourceLocation where = SourceLocation::Here()) {
  RegisteredScenario registered{.name = std::move(scenario.name),
                                .story = std::move(scenario.story),
                                .where = where,
                                .parameters = std::move(scenario.parameters),
                                .limits = scenario.limits,
                                .races = scenario.races,
                                .leaks = scenario.leaks,
                                .lock_order = scenario.lock_order};
  for (Variant<Options>& variant : scenario.variants) {
    constexpr uint32_t kUnset = VariantBounds::kUnset;
    Bounds bounds = scenario.bounds;
    if (variant.bounds.preemptions != kUnset) bounds.preemptions = variant.bounds.preemptions;
    if (variant.bounds.faults != kUnset) bounds.faults = variant.bounds.faults;
    ScenarioRow row{.id = std::move(variant.id),
                    .bounds = bounds,
                    .executions = variant.executions,
                    .exhausted = variant.exhausted,
                    .findings = std::move(variant.findings),
                    .decides = std::move(variant.decides),
                    .note = std::move(variant.note)};
    if (scenario.body != nullptr) {
      row.body = [body = scenario.body, options = std::move(variant.options)](
                     Execution& execution) { body(execution, options); };
    }
    registered.rows.push_back(std::move(row));
  }
  return RegisterScenario(std::move(registered));
}

}  // namespace heddle
