// SPDX-License-Identifier: GPL-2.0-only
//
// An interface is removed while a user reads one of its files.
//
//   user:           file_get  ->  [wiphy->mtx], or waits for work of the wiphy worker
//   wiphy worker:                 [wiphy->mtx]  ->  the handler
//   remover:        [wiphy->mtx]  ->  waits until no user of the file is left
//
// Bug:    the wait under wiphy->mtx since the wireless locking rework; then the inverted test of
//         8c88a474357e, with which the cancelling was never reached.
// Expect: G0 deadlocks, and so do G1 to G3 in a cycle of three; G4 holds.

#include "heddle/testing/scenario.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

static void RemoveVsRead(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  environment_let_fail({kFsdataSite, kProxySite});
  execution.Spawn("cat", [=] { debugfs::user_reads(world.netdev_dir, "uapsd_queues"); });
  execution.Spawn("iw", [=] { nl80211_del_interface(world.local); });
  execution.JoinAll();
  environment_destroy(world);
}

static const heddle::ExpectedFinding deadlock = {.bug = "G0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding deadlock_of_three = {.bug = "G1-deadlock"};
static const heddle::ExpectedFinding early_free = {.bug = "G1-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding early_return = {.bug = "G1-invariant", .preemptions = 2};
static const heddle::ExpectedFinding dead_frame = {.bug = "G1t-stack-use-after-return",
                                                   .preemptions = 1};
static const heddle::ExpectedFinding frame_in_use = {.bug = "P1", .preemptions = 2};
static const heddle::ExpectedFinding not_held = {.bug = "P1"};
static const heddle::ExpectedFinding busy = {.bug = "Gtry-invariant", .preemptions = 1};

static const std::vector<std::string> all_of_g1 = {"G0-deadlock", "G1-deadlock",
                                                   "G1-use-after-free", "G1-invariant"};

static const std::vector<heddle::NamedVariant> table = {
    {"G0", 458, {deadlock}},
    {"G0L", 458, {deadlock}},
    {"G1", 1122, {deadlock_of_three, early_free, early_return}},
    {"G1t", 3943, {dead_frame}, all_of_g1},
    {"G2", 1122, {deadlock_of_three, early_free, early_return}},
    {"G3", 1122, {deadlock_of_three, early_free, early_return}},
    {"G4",
     2022,
     {},
     {"G0-deadlock", "G1-deadlock", "G1-use-after-free", "G1-invariant",
      "G1t-stack-use-after-return", "P1", "P8"},
     "P8: a handler whose work is done, and that is cancelled before it leaves, gets two signals"},
    {"G4o",
     2883,
     {},
     {"G0-deadlock", "G1-deadlock", "G1-use-after-free", "G1-invariant",
      "G1t-stack-use-after-return", "P1", "P8"}},
    {"G4n", 4615, {frame_in_use}, all_of_g1, "what has to be held is not, and nobody looks"},
    {"G4n-lockdep", 1737, {not_held}, all_of_g1},
    {"G4-half", 470, {deadlock}},
    {"GE", 508, {}, all_of_g1},
    {"GE-claim", 508, {}, all_of_g1},
    {"Gtry", 508, {busy}, all_of_g1},
};

static const bool remove_vs_read = heddle::Register<wifi_options>({
    .name = "debugfs/remove_vs_read",
    .story = "An interface is removed while a user reads one of its files.",
    .body = RemoveVsRead,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::wifi
