// SPDX-License-Identifier: GPL-2.0-only
//
// The other files of the series: agg_status of a station, txpower of a link.
//
//   user:     file_get  ->  [wiphy->mtx], or waits for wiphy work
//   remover:  [wiphy->mtx]  ->  waits until no user of the file is left
//
// Bug:    the same as for interfaces; the series converts agg_status first, the rest after it.
// Expect: in between (G4-half) stations are safe and links are not.

#include "heddle/testing/scenario.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

static void RemoveStation(heddle::Execution& execution, const environment& world) {
  execution.Spawn("hostapd", [=] {
    wiphy_lock(world.local->wiphy);
    __sta_info_destroy(world.sta);
    wiphy_unlock(world.local->wiphy);
  });
  execution.JoinAll();
  environment left = world;
  left.sta = nullptr;
  environment_destroy(left);
}

static void RemoveStaVsRead(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options, {.has_sta = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  environment_let_fail({kFsdataSite, kAggStatusSite});
  execution.Spawn("cat", [=] { debugfs::user_reads(world.sta_dir, "agg_status"); });
  RemoveStation(execution, world);
}

static void RemoveStaVsWrite(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options, {.has_sta = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  environment_let_fail({kFsdataSite});
  execution.Spawn("echo", [=] { debugfs::user_writes(world.sta_dir, "agg_status", "1"); });
  RemoveStation(execution, world);
}

static void RemoveLinkVsRead(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options, {.has_link = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  environment_let_fail({kFsdataSite});
  execution.Spawn("cat", [=] { debugfs::user_reads(world.link_dir, "txpower"); });
  execution.Spawn("hostapd", [=] {
    wiphy_lock(world.local->wiphy);
    ieee80211_link_stop(world.link);
    wiphy_unlock(world.local->wiphy);
  });
  execution.JoinAll();
  environment left = world;
  left.link = nullptr;
  environment_destroy(left);
}

static const heddle::ExpectedFinding deadlock = {.bug = "G0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding deadlock_of_three = {.bug = "G1-deadlock"};
static const heddle::ExpectedFinding early_free = {.bug = "G1-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding early_return = {.bug = "G1-invariant", .preemptions = 2};
static const heddle::ExpectedFinding busy = {.bug = "Gtry-invariant", .preemptions = 1};

static const std::vector<std::string> all_of_g1 = {"G0-deadlock", "G1-deadlock",
                                                   "G1-use-after-free", "G1-invariant"};

static const std::vector<heddle::NamedVariant> sta_read_table = {
    {"G0", 493, {deadlock}},
    {"G1", 1157, {deadlock_of_three, early_free, early_return}},
    {"G3", 1157, {deadlock_of_three, early_free, early_return}},
    {"G4", 2057, {}, all_of_g1},
    {"G4-half", 2057, {}, all_of_g1},
    {"Gtry", 543, {busy}, all_of_g1},
};

static const bool remove_sta_vs_read = heddle::Register<wifi_options>({
    .name = "debugfs/remove_sta_vs_read",
    .story = "A station leaves while a user reads its agg_status.",
    .body = RemoveStaVsRead,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, sta_read_table),
});

static const std::vector<heddle::NamedVariant> sta_write_table = {
    {"G0", 349, {deadlock}},
    {"G1", 1012, {deadlock_of_three, early_free, early_return}},
    {"G3", 1012, {deadlock_of_three, early_free, early_return}},
    {"G4", 1909, {}, all_of_g1},
    {"G4-half", 1909, {}, all_of_g1},
    {"Gtry", 398, {busy}, all_of_g1},
};

static const bool remove_sta_vs_write = heddle::Register<wifi_options>({
    .name = "debugfs/remove_sta_vs_write",
    .story = "A station leaves while a user writes its agg_status.",
    .body = RemoveStaVsWrite,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, sta_write_table),
});

static const std::vector<heddle::NamedVariant> link_table = {
    {"G0", 349, {deadlock}},
    {"G1", 1012, {deadlock_of_three, early_free, early_return}},
    {"G3", 1012, {deadlock_of_three, early_free, early_return}},
    {"G4", 1909, {}, all_of_g1},
    {"G4-half", 357, {deadlock}},
    {"Gtry", 398, {busy}, all_of_g1},
};

static const bool remove_link_vs_read = heddle::Register<wifi_options>({
    .name = "debugfs/remove_link_vs_read",
    .story = "A link goes while a user reads its txpower.",
    .body = RemoveLinkVsRead,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, link_table),
});

}  // namespace models::wifi
