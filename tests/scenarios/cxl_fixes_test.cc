// SPDX-License-Identifier: MIT
//
// Each part of the CXL fix is what turns a row: of two rows of one scenario, at the same bounds,
// that one option tells apart, the one without the part has the bug and the other does not.
//
// That the rows are as pinned is what the scenarios' own tests see.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/testing/registry.h"
#include "models/cxl/cxl_options.h"

namespace models::cxl {
namespace {

using heddle::Registry;
using heddle::ScenarioRow;

struct Fix {
  const char* option;
  const char* scenario;
  const char* bug;
  const char* broken;
  const char* fixed;
};

constexpr Fix kFixes[] = {
    {"removal", "count_vs_unbind", "X0-invariant", "X0", "X1"},
    {"removal", "count_vs_unbind", "X0-invariant", "X2w", "X2"},
    {"removal", "probe_vs_unbind", "X2w-use-after-free", "X2w", "X2"},
    {"removal", "add_bridge_dport", "X0n-recursive-deadlock", "X0n", "X1"},
    {"attach", "probe_vs_unbind", "X2a-use-after-free", "X2a", "X2"},
    {"attach", "probe_vs_unbind", "X2nest-deadlock", "X2nest", "X2"},
    {"attach", "predicted_probe_vs_unbind", "X2nest-lock-order", "X2nest", "X2"},
    {"registers_removal_unlocked", "add_root_dport", "X2-inside-recursive-deadlock", "X2-inside",
     "X2"},
    {"removes_files_first", "emit_vs_pci_unbind", "Y7", "X2-files-last", "X2"},
    {"emit", "emit_vs_unbind", "X0-use-after-free", "X3-noemit", "X3"},
    {"emit", "emit_vs_unbind", "X1r-use-after-free", "X3-noemit", "X3"},
    {"pci_users", "error_vs_unbind", "Y1", "X3-nopci", "X3"},
    {"pci_users", "pci_probe_vs_unbind", "Y1", "X3-nopci", "X3"},
    {"enumerates_under_port_lock", "enumerate_vs_detach", "Y2", "X3-noenum", "X3"},
    {"enumerates_under_port_lock", "probe_vs_port_unbind", "Y2", "X3-noenum", "X3"},
    {"enumerates_under_port_lock", "create_vs_detach", "Y3", "X3-noenum", "X3"},
    {"pins_uport_dev", "probe_vs_removal", "Y4", "X3-noref", "X3"},
    {"pins_uport_dev", "emit_vs_removal", "Y4", "X3-noref", "X3"},
    {"rechecks_rch", "probe_vs_replaced_dport", "Y5", "X3-norch", "X3"},
    {"removes_debugfs_dir", "inject_vs_unbind", "Y6", "X3-nodir", "X3"},
    {"ras_locks_endpoint", "error_vs_unbind", "Y8", "X3-noras", "X3"},
    {"undoes_endpoint_in_place", "probe_with_faults", "X0-recursive-deadlock", "X3-noundo", "X3"},
};

// Names of the options in which two versions differ.
std::vector<std::string> Difference(const cxl_options& a, const cxl_options& b) {
  std::vector<std::string> names;
  const auto note = [&](const char* name, bool differs) {
    if (differs) names.emplace_back(name);
  };
  note("removal", a.removal != b.removal);
  note("attach", a.attach != b.attach);
  note("emit", a.emit != b.emit);
  note("pci_users", a.pci_users != b.pci_users);
  note("enumerates_under_port_lock", a.enumerates_under_port_lock != b.enumerates_under_port_lock);
  note("rechecks_rch", a.rechecks_rch != b.rechecks_rch);
  note("pins_uport_dev", a.pins_uport_dev != b.pins_uport_dev);
  note("removes_debugfs_dir", a.removes_debugfs_dir != b.removes_debugfs_dir);
  note("ras_locks_endpoint", a.ras_locks_endpoint != b.ras_locks_endpoint);
  note("undoes_endpoint_in_place", a.undoes_endpoint_in_place != b.undoes_endpoint_in_place);
  note("registers_removal_unlocked", a.registers_removal_unlocked != b.registers_removal_unlocked);
  note("removes_files_first", a.removes_files_first != b.removes_files_first);
  return names;
}

const ScenarioRow& RowOf(const Fix& fix, const char* version) {
  const std::string name = std::string("cxl/") + fix.scenario + '@' + version;
  CAPTURE(name);
  const auto found = Registry::Global().FindRow(name);
  REQUIRE(found);
  return *found->row;
}

bool Finds(const ScenarioRow& row, std::string_view bug) {
  return std::ranges::any_of(row.findings, [&](const auto& finding) { return finding.bug == bug; });
}

TEST_CASE("of two rows that one option tells apart, the one without the part has the bug") {
  for (const Fix& fix : kFixes) {
    CAPTURE(fix.option);
    CAPTURE(fix.scenario);
    CAPTURE(fix.bug);
    CHECK(Difference(variant(fix.broken), variant(fix.fixed)) ==
          std::vector<std::string>{fix.option});
    const ScenarioRow& broken = RowOf(fix, fix.broken);
    const ScenarioRow& fixed = RowOf(fix, fix.fixed);
    CHECK(Finds(broken, fix.bug));
    CHECK_FALSE(Finds(fixed, fix.bug));
    CHECK(broken.bounds == fixed.bounds);
    CHECK(broken.exhausted);
    CHECK(fixed.exhausted);
  }
}

TEST_CASE("every part of the reference is taken back in some pair") {
  std::set<std::string> edited;
  for (const Fix& fix : kFixes) edited.insert(fix.option);
  for (const std::string& part : Difference(variant("X0"), variant("X3")))
    CHECK_MESSAGE(edited.contains(part), part);
}

TEST_CASE("the reference is clean wherever it is explored") {
  int rows = 0;
  for (const auto& [name, scenario] : Registry::Global().scenarios()) {
    const auto found = Registry::Global().FindRow(name + "@X3");
    if (scenario.family() != "cxl" || !found) continue;
    CAPTURE(name);
    ++rows;
    CHECK(found->row->findings.empty());
    CHECK(found->row->exhausted);
  }
  CHECK(rows >= 15);
}

}  // namespace
}  // namespace models::cxl
