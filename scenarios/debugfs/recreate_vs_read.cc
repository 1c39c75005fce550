// SPDX-License-Identifier: GPL-2.0-only
//
// An interface changes its type while a user reads one of its files: the files go and come again.
//
//   user:     opens the old or the new file  ->  reads
//   changer:  [wiphy->mtx]  removes the directory  ->  makes it again, same interface
//
// Bug:    the way in which the hang of 6.7 was met: recreating an interface's files.
// Expect: G0 and G3 deadlock as in remove_vs_read; nothing is freed, so the early return shows only
//         as a handler of the old file that is inside after its removal.

#include "heddle/testing/scenario.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

static void RecreateVsRead(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  environment_let_fail({kFsdataSite, kProxySite});
  execution.Spawn("cat", [=] { debugfs::user_reads(world.netdev_dir, "uapsd_queues"); });
  execution.Spawn("iw", [=] {
    wiphy_lock(world.local->wiphy);
    ieee80211_if_change_type(world.sdata);
    wiphy_unlock(world.local->wiphy);
  });
  execution.JoinAll();
  environment_destroy(world);
}

static const heddle::ExpectedFinding deadlock = {.bug = "G0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding deadlock_of_three = {.bug = "G1-deadlock"};
static const heddle::ExpectedFinding early_return = {.bug = "G1-invariant", .preemptions = 1};
static const heddle::ExpectedFinding dead_frame = {.bug = "G1t-stack-use-after-return",
                                                   .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"G0", 600, {deadlock}},
    {"G1", 1336, {deadlock_of_three, early_return}, {"G1-use-after-free"}},
    {"G1t", 4445, {dead_frame}, {"G0-deadlock", "G1-deadlock", "G1-invariant"}},
    {"G3", 1336, {deadlock_of_three, early_return}, {"G1-use-after-free"}},
    {"G4", 2416, {}, {"G0-deadlock", "G1-deadlock", "G1-invariant", "G1t-stack-use-after-return"}},
};

static const bool recreate_vs_read = heddle::Register<wifi_options>({
    .name = "debugfs/recreate_vs_read",
    .story = "An interface changes its type while a user reads one of its files.",
    .body = RecreateVsRead,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::wifi
