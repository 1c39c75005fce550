// SPDX-License-Identifier: GPL-2.0-only
//
// The device suspends while a user reads one of its files.
//
//   user:     queues wiphy work, waits for it without end
//   power:    suspended: the worker leaves at once; resuming queues it again
//
// Bug:    P4: while the device is suspended the user cannot even be killed.
// Expect: a hang if the device neither resumes nor loses the interface; none if it does.

#include "heddle/testing/scenario.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

// What ends the suspension, as far as the user is concerned.
enum class suspension_end { NOTHING, RESUME, REMOVAL };

struct suspend_options {
  wifi_options wifi;
  suspension_end end = suspension_end::NOTHING;
};

static void Suspend(heddle::Execution& execution, const suspend_options& options) {
  const environment world = environment_create(options.wifi);
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  environment_let_fail({kFsdataSite});
  const suspension_end end = options.end;
  execution.Spawn("cat", [=] { debugfs::user_reads(world.netdev_dir, "uapsd_queues"); });
  execution.Spawn("power", [=] {
    wiphy_suspend(world.local->wiphy);
    if (end == suspension_end::RESUME) wiphy_resume(world.local->wiphy);
    if (end == suspension_end::REMOVAL) nl80211_del_interface(world.local);
  });
  execution.JoinAll();
  environment_destroy(world);
}

static const bool suspend = heddle::Register<suspend_options>({
    .name = "debugfs/suspend",
    .story = "The device suspends while a user reads one of its files.",
    .body = Suspend,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants =
        {
            {.id = "G4", .options = {}, .executions = 438, .findings = {{.bug = "P4"}}},
            {.id = "G4-resume",
             .options = {.end = suspension_end::RESUME},
             .executions = 1286,
             .decides = {"P4"}},
            {.id = "G4-remove",
             .options = {.end = suspension_end::REMOVAL},
             .executions = 3199,
             .decides = {"P4", "G0-deadlock", "G1-deadlock", "G1-use-after-free", "G1-invariant"}},
            {.id = "G3-remove",
             .options = {.wifi = variant("G3"), .end = suspension_end::REMOVAL},
             .executions = 2323,
             .findings = {{.bug = "P4", .preemptions = 1},
                          {.bug = "G1-deadlock", .preemptions = 1},
                          {.bug = "G1-invariant", .preemptions = 2}}},
            {.id = "G0", .options = {.wifi = variant("G0")}, .executions = 52, .decides = {"P4"}},
        },
});

}  // namespace models::wifi
