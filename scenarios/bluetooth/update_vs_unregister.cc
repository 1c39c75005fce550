// SPDX-License-Identifier: GPL-2.0-only
//
// The controller goes for good while a request is being handled.
//
//   rx worker:  ACCEPTED ... hci_cmd_sync_queue: -ENODEV
//   user:       hci_unregister_dev [unregister_lock]
//
// Bug:    the queue refuses the entry after the peer was told ACCEPTED (R1, R13); an entry that was
//         queued is cancelled, which frees its data once (R8, clean).
// Expect: versions that answer first break their promise; none leaks.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsUnregister(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world,
                 {.b1 = true, .b1_promise = agreement::ALSO_OF_THE_REFUSED, .b5 = true});
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("rfkill", [=] { hci_unregister_dev(world.hdev); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding r1 = {.bug = "R1", .preemptions = 1};
static const heddle::ExpectedFinding r13 = {.bug = "R13", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B2", 17167, {r1}, {"R8", "R13"}},
    {"B3", 18850, {r13}, {"R1", "R8"}},
    {"B5f", 32413, {r13}, {"R1", "R8"}},
    {"B-ideal", 17493, {}, {"R1", "R8", "R13"}},
};

static const bool update_vs_unregister = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_unregister",
    .story = "The controller is unregistered while the peer asks.",
    .body = UpdateVsUnregister,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
