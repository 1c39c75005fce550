// SPDX-License-Identifier: GPL-2.0-only
//
// What the order of locks says about removal and handlers, in executions that hit no deadlock.
//
//   first:   a handler   debugfs:file (recursive read)  ->  [wiphy->mtx]
//   then:    removal     [wiphy->mtx]                   ->  debugfs:file
//
// Bug:    the deadlock of G0, and the reason for the annotation: without it no lock stands for "in
//         use". With the helpers of the series the handler takes nothing: the wait goes through a
//         completion and a work item, which the annotation does not know.
// Expect: G0L predicts what remove_vs_read@G0L witnesses. G0 predicts nothing. G1 and G2 are
//         annotated, deadlock in remove_vs_read, and predict nothing.

#include "heddle/testing/scenario.h"
#include "models/debugfs/user.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

static void RemoveAfterRead(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  execution.Spawn("cat", [=] { debugfs::user_reads(world.netdev_dir, "uapsd_queues"); });
  execution.JoinAll();
  execution.Spawn("iw", [=] { nl80211_del_interface(world.local); });
  execution.JoinAll();
  environment_destroy(world);
}

static const heddle::ExpectedFinding lock_order = {.bug = "G0L-lock-order"};

static const std::vector<heddle::NamedVariant> table = {
    {"G0",
     1,
     {},
     {"G0L-lock-order"},
     "not annotated: no lock stands for a file in use; the deadlock is in remove_vs_read@G0"},
    {"G0L", 1, {lock_order}, {}, "witnessed by remove_vs_read@G0L"},
    {"G1",
     1,
     {},
     {"G0L-lock-order"},
     "silent, and remove_vs_read@G1 deadlocks: the wait goes through a completion and a work item"},
    {"G1t", 1, {}, {"G0L-lock-order"}},
    {"G2",
     1,
     {},
     {"G0L-lock-order"},
     "silent, and remove_vs_read@G2 deadlocks, for the same reason"},
    {"G3", 1, {}, {"G0L-lock-order"}, "not annotated; the deadlock is in remove_vs_read@G3"},
    {"G4", 1, {}, {"G0L-lock-order"}},
    {"G4o", 1, {}, {"G0L-lock-order"}},
    {"GE", 1, {}, {"G0L-lock-order"}, "not annotated"},
    {"G4-half",
     1,
     {},
     {"G0L-lock-order"},
     "not annotated; the deadlock is in remove_vs_read@G4-half"},
    {"G4-half-annotated", 1, {lock_order}, {}, "witnessed by remove_vs_read@G4-half"},
};

static const bool predicted_remove_vs_read = heddle::Register<wifi_options>({
    .name = "debugfs/predicted_remove_vs_read",
    .story = "The order of locks alone, of a read and a later removal.",
    .body = RemoveAfterRead,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::wifi
