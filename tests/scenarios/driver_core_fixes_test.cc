// SPDX-License-Identifier: MIT
//
// Each part of a fix of the driver core is what turns a row: without the second match, without a
// lock, or with the registration back in the probe, a row that is clean has its bug again.
//
// That the rows are as pinned is what the scenarios' own tests see.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/driver_core/core_options.h"
#include "models/driver_core/scmi_options.h"
#include "models/driver_core/smmu_options.h"
#include "tests/scenarios/fix.h"

namespace models::driver_core {
namespace {

using heddle::CheckRowsOf;
using heddle::Fix;
using Names = std::vector<std::string>;

// Names of the options in which two versions differ.
Names Difference(const core_options& a, const core_options& b) {
  Names names;
  const auto note = [&](const char* name, bool differs) {
    if (differs) names.emplace_back(name);
  };
  note("match", a.match != b.match);
  note("has_core_override", a.has_core_override != b.has_core_override);
  note("platform_uses_core_override",
       a.platform_uses_core_override != b.platform_uses_core_override);
  note("compare", a.compare != b.compare);
  note("matches_again_before_probe", a.matches_again_before_probe != b.matches_again_before_probe);
  note("oops_unlocks_devices", a.oops_unlocks_devices != b.oops_unlocks_devices);
  note("annotates_match", a.annotates_match != b.annotates_match);
  return names;
}

Names Difference(const scmi_options& a, const scmi_options& b) {
  Names names = Difference(a.core, b.core);
  if (a.registration != b.registration) names.emplace_back("registration");
  if (a.is_virtio != b.is_virtio) names.emplace_back("is_virtio");
  return names;
}

Names Difference(const smmu_options& a, const smmu_options& b) {
  Names names = Difference(a.core, b.core);
  if (a.registration != b.registration) names.emplace_back("registration");
  return names;
}

// ---- The core

constexpr Fix kMatchFixes[] = {
    {"matches_again_before_probe", "reserve_vs_attach", "D4", "M3", "M-ideal"},
    {"matches_again_before_probe", "reserve_vs_bind", "D4", "M3", "M-ideal"},
    {"platform_uses_core_override", "override_vs_match", "M0-use-after-free", "M3p", "M3"},
    {"platform_uses_core_override", "override_vs_bind", "M0-use-after-free", "M3p", "M3"},
    {"platform_uses_core_override", "override_cleared_vs_match", "M0-oops", "M3p", "M3"},
    {"match", "override_vs_match", "M0-use-after-free", "M0", "M1"},
    {"match", "override_vs_bind", "M0-use-after-free", "M0", "M1"},
    {"match", "override_cleared_vs_match", "M0-oops", "M0", "M1"},
    {"compare", "long_name", "M5-assertion", "M5", "M5f"},
    {"compare", "longer_name", "M5-invariant", "M5", "M3"},
};

// What the lock around the match costs, and what taking it back, or letting go of it, gives.
constexpr Fix kProbeFixes[] = {
    {"match", "oops_in_probe", "M1-hang", "M1", "M0"},
    {"match", "oops_of_late_device", "M1-hang", "M1", "M0"},
    {"match", "stuck_probe", "M1-hang", "M1", "M0"},
    {"match", "register_in_own_probe", "M1-recursive-deadlock", "M1", "M0"},
    {"match", "late_service", "M1-deadlock", "M1", "M0"},
    {"oops_unlocks_devices", "oops_in_probe", "M1-hang", "M1", "M6"},
    {"oops_unlocks_devices", "oops_in_probe_of_match", "M0-hang", "M1", "M6"},
};

TEST_CASE(
    "of two versions of the core that one option tells apart, the one without it has the bug") {
  for (const Fix& fix : kMatchFixes) {
    CheckRowsOf(fix, "driver_core");
    CHECK(Difference(variant(fix.broken), variant(fix.fixed)) == Names{fix.option});
  }
  for (const Fix& fix : kProbeFixes) {
    CheckRowsOf(fix, "driver_core");
    CHECK(Difference(variant(fix.broken), variant(fix.fixed)) == Names{fix.option});
  }
}

// ---- Drivers on it

TEST_CASE("who registers the platform driver decides whether the transport has the bug") {
  const Fix recursion = {"registration", "register_in_probe", "M1-recursive-deadlock", "N0", "N1"};
  CheckRowsOf(recursion, "driver_core");
  CHECK(Difference(scmi_on_m1("N0"), scmi_on_m1("N1")) == Names{"registration"});
  for (const char* broken : {"N1", "N2"}) {
    const Fix late = {"registration", "service_vs_user", "4.6-S", broken, "N0"};
    CheckRowsOf(late, "driver_core");
    CHECK(Difference(scmi_on_m3(broken), scmi_on_m3("N0")) == Names{"registration"});
  }
  const Fix early = {"registration", "two_services_probed", "N0-use-after-free", "N0", "N2"};
  CheckRowsOf(early, "driver_core");
  CHECK(Difference(scmi_on_m3("N0"), scmi_on_m3("N2")) == Names{"registration"});
}

TEST_CASE("how the first probe is told decides whether a driver is registered twice at once") {
  constexpr Fix fixes[] = {
      {"registration", "register_once_races", "DQ-counter-data-race", "DQ-counter", "DQ-marked"},
      {"registration", "register_once_races", "DQ-marked-data-race", "DQ-marked", "DQ-atomic"},
      {"registration", "register_once", "DQ-marked-oops", "DQ-marked", "DQ-atomic"},
      {"registration", "register_once", "DQ-marked-leak", "DQ-marked", "DQ"},
  };
  for (const Fix& fix : fixes) {
    CheckRowsOf(fix, "driver_core");
    CHECK(Difference(smmu_on_m3(fix.broken), smmu_on_m3(fix.fixed)) == Names{fix.option});
  }
}

}  // namespace
}  // namespace models::driver_core
