// SPDX-License-Identifier: GPL-2.0-only
//
// Two users open a file that nobody has used before: the first one publishes its fsdata.
//
//   winner:  cmpxchg  ->  [late: initialises list, lock, annotation]  ->  uses them
//   loser:   cmpxchg fails, or finds the winner's fsdata              ->  uses them
//            [late: initialises the winner's once more]
//
// Bug:    8c88a474357e initialises what it published: L1 (used before), L2 (initialised while in
//         use), L3 (key and name of the annotation twice).
// Expect: every version that initialises late has L1 and, annotated, L3; early ones have none.

#include "heddle/testing/scenario.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"
#include "models/kernel/err.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

// One opens and reads, the other only opens: each of them may be the first.
static void StartUsers(heddle::Execution& execution, const environment& world) {
  execution.Spawn("cat", [=] { debugfs::user_reads(world.netdev_dir, "uapsd_queues"); });
  execution.Spawn("touch", [=] {
    debugfs::file* file = debugfs::user_open(world.netdev_dir, "uapsd_queues");
    if (!kernel::IS_ERR(file)) debugfs::user_close(file);
  });
}

static void FirstUse(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  environment_let_fail({kFsdataSite});
  StartUsers(execution, world);
  execution.JoinAll();
  environment_destroy(world);
}

static void FirstUseVsRemove(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  StartUsers(execution, world);
  execution.Spawn("iw", [=] { nl80211_del_interface(world.local); });
  execution.JoinAll();
  environment_destroy(world);
}

static const heddle::ExpectedFinding l1_at_1 = {.bug = "L1", .preemptions = 1};
static const heddle::ExpectedFinding l3_at_1 = {.bug = "L3", .preemptions = 1};
static const heddle::ExpectedFinding l2_at_2 = {.bug = "L2", .preemptions = 2};
static const heddle::ExpectedFinding deadlock = {.bug = "G0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding deadlock_of_three = {.bug = "G1-deadlock"};
static const heddle::ExpectedFinding early_free = {.bug = "G1-use-after-free", .preemptions = 1};
static const heddle::ExpectedFinding dead_frame = {.bug = "G1t-stack-use-after-return",
                                                   .preemptions = 1};
static const heddle::ExpectedFinding l2_at_1 = {.bug = "L2", .preemptions = 1};

static const std::vector<std::string> all_of_g1 = {"G0-deadlock", "G1-deadlock",
                                                   "G1-use-after-free", "G1-invariant"};

static const std::vector<heddle::NamedVariant> first_use_table = {
    {"G0", 364, {}, {"L1", "L2", "L3"}},
    {"G0L", 455, {l1_at_1, l3_at_1}},
    {"G1", 2455, {l1_at_1, l3_at_1}},
    {"G1t", 2455, {l1_at_1, l3_at_1}},
    {"G2", 2455, {l1_at_1, l3_at_1}},
    {"G3", 1525, {}, {"L1", "L2", "L3"}},
    {"G4", 1525, {}, {"L1", "L2", "L3"}},
    {"G4o", 2455, {l1_at_1, l3_at_1}},
    {"G4o-plain", 2201, {l1_at_1, l2_at_2}, {"L3"}},
};

static const bool first_use = heddle::Register<wifi_options>({
    .name = "debugfs/first_use",
    .story = "Two users open a file that nobody has used before, and one reads it.",
    .body = FirstUse,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, first_use_table),
});

static const std::vector<heddle::NamedVariant> first_use_vs_remove_table = {
    {"G0", 252, {deadlock}, {"L1", "L2", "L3"}},
    {"G0L", 279, {deadlock, l1_at_1, l3_at_1}},
    {"G1", 1054, {deadlock_of_three, early_free, l1_at_1, l3_at_1}},
    {"G1t", 2596, {dead_frame, l1_at_1, l3_at_1}},
    {"G2", 1054, {deadlock_of_three, early_free, l1_at_1, l3_at_1}},
    {"G3", 854, {deadlock_of_three, early_free}, {"L1", "L2", "L3"}},
    {"G4",
     1783,
     {},
     {"L1", "L2", "L3", "G0-deadlock", "G1-deadlock", "G1-use-after-free", "G1-invariant"},
     "one preemption, in every row: with two there are 52601 executions here, and in the late ones "
     "more than end in 30 s"},
    {"G4o", 2284, {l1_at_1, l3_at_1}, all_of_g1},
    {"G4o-plain",
     2171,
     {l1_at_1, l2_at_1},
     {"L3", "G0-deadlock", "G1-deadlock", "G1-use-after-free", "G1-invariant"}},
};

static const bool first_use_vs_remove = heddle::Register<wifi_options>({
    .name = "debugfs/first_use_vs_remove",
    .story = "Two users open a file that nobody has used before, and it is removed.",
    .body = FirstUseVsRemove,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, first_use_vs_remove_table),
});

}  // namespace models::wifi
