// SPDX-License-Identifier: MIT
//
// Each fix is what turns a row: beside every row that is clean of a bug stands one that has it, of
// the same scenario, at the same bounds, and with one option different.
//
// That the rows are as pinned is what the scenarios' own tests see.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/testing/registry.h"
#include "models/bluetooth/update_options.h"
#include "tests/scenarios/fix.h"

namespace models::bluetooth {
namespace {

using heddle::CheckRowsOf;
using heddle::Finds;
using heddle::Fix;
using heddle::Registry;

constexpr Fix kFixes[] = {
    {"path", "update_vs_connect", "B0-deadlock", "B0", "B1"},
    {"path", "update_by_acldata", "B0-deadlock", "B0", "B1"},
    {"path", "update_vs_close", "B0-deadlock", "B0", "B1"},
    {"prepare", "update_with_faults", "B1-invariant", "B1", "B2n"},
    {"recheck", "update_vs_reconnect_other_peer", "B2n-invariant", "B2n", "B2"},
    {"rechecks_after_wait", "update_vs_reconnect_other_peer", "R15", "B5-norecheck", "B5"},
    {"holds_link", "update_vs_disconnect", "R19", "B3-noref", "B3"},
    {"compares_handle", "update_vs_unsolicited", "R18", "B3-nocmp", "B3"},
    {"destroy_takes_hdev_lock", "update_vs_dequeue", "R9", "B2x", "B2"},
    {"disables_works_first", "teardown_info_timer", "T1", "B5+F2", "B5f"},
    {"cancels_pending_rx_first", "teardown_pending_rx", "T2", "B2", "B2+F2"},
    {"cancels_pending_rx_first", "teardown_pending_rx", "T3", "B2", "B2+F2"},
    {"cancels_pending_rx_first", "update_vs_close", "T3", "B2", "B2+F2"},
    {"pending_rx_stops_when_closed", "teardown_pending_rx", "B0-step-limit", "B5f", "B5f+rx-stop"},
    {"disconn_ind", "teardown_disc_work", "T5", "B5f", "B5f+ind-trylock"},
    {"disconn_ind", "teardown_disc_work", "T5", "B5f+ind-lock", "B5f+ind-trylock"},
    {"deferred_accept_locks_conn", "deferred_accept", "T6", "B5f", "B5f+accept-lock"},
    {"checks_range_exactly", "range_check", "B6", "B5f", "B5f+range"},
};

// Names of the options in which two versions differ.
std::vector<std::string> Difference(const update_options& a, const update_options& b) {
  std::vector<std::string> names;
  const auto note = [&](const char* name, bool differs) {
    if (differs) names.emplace_back(name);
  };
  note("path", a.path != b.path);
  note("prepare", a.prepare != b.prepare);
  note("recheck", a.recheck != b.recheck);
  note("link_read", a.link_read != b.link_read);
  note("send", a.send != b.send);
  note("store", a.store != b.store);
  note("holds_link", a.holds_link != b.holds_link);
  note("compares_handle", a.compares_handle != b.compares_handle);
  note("rechecks_after_wait", a.rechecks_after_wait != b.rechecks_after_wait);
  note("disables_works_first", a.disables_works_first != b.disables_works_first);
  note("cancels_pending_rx_first", a.cancels_pending_rx_first != b.cancels_pending_rx_first);
  note("destroy_takes_hdev_lock", a.destroy_takes_hdev_lock != b.destroy_takes_hdev_lock);
  note("checks_range_exactly", a.checks_range_exactly != b.checks_range_exactly);
  note("pending_rx_stops_when_closed",
       a.pending_rx_stops_when_closed != b.pending_rx_stops_when_closed);
  note("disconn_ind", a.disconn_ind != b.disconn_ind);
  note("deferred_accept_locks_conn", a.deferred_accept_locks_conn != b.deferred_accept_locks_conn);
  return names;
}

TEST_CASE("of two rows that one option tells apart, the one without the fix has the bug") {
  for (const Fix& fix : kFixes) {
    CheckRowsOf(fix, "bluetooth");
    CHECK(Difference(variant(fix.broken), variant(fix.fixed)) ==
          std::vector<std::string>{fix.option});
  }
}

// An option that is nobody's fix: what B4 does wrong, B5-norecheck does too, wherever both are
// explored.
TEST_CASE("reading the link under hdev->lock alone ends no finding") {
  CHECK(Difference(variant("B4"), variant("B5-norecheck")) ==
        std::vector<std::string>{"link_read"});
  int compared = 0;
  for (const auto& known : Registry::Global().scenarios()) {
    const std::string& name = known.first;
    const auto reads_late = Registry::Global().FindRow(name + "@B4");
    const auto reads_early = Registry::Global().FindRow(name + "@B5-norecheck");
    if (!reads_late || !reads_early) continue;
    CAPTURE(name);
    ++compared;
    for (const auto& finding : reads_late->row->findings) {
      CHECK(Finds(*reads_early->row, finding.bug));
    }
  }
  CHECK(compared >= 4);
}

}  // namespace
}  // namespace models::bluetooth
