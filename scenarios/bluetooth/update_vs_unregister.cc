// SPDX-License-Identifier: GPL-2.0-only
//
// The controller goes for good while a request is being handled.
//
//   rx worker:  ACCEPTED ... hci_cmd_sync_queue: -ENODEV     user: hci_unregister_dev
//   [unregister_lock]
//
// Bug:    the queue refuses the entry after the peer was told ACCEPTED (R1); an entry that was
// queued is cancelled, which
//         frees its data once (R8, clean).
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

static const bool
    update_vs_unregister =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/update_vs_unregister",
                .story = "The controller is unregistered while the peer asks.",
                .body = UpdateVsUnregister,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 357,
                         .findings = {{.bug = "R1", .preemptions = 1}},
                         .decides = {"R8"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 357,
                         .findings = {{.bug = "R1", .preemptions = 1}},
                         .decides = {"R8"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 357,
                         .findings = {{.bug = "R1", .preemptions = 1}},
                         .decides = {"R8"}},
                        {.id = "B3",
                         .options = variant("B3"),
                         .executions = 372,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B3-noref",
                         .options = variant("B3-noref"),
                         .executions = 356,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B3-nocmp",
                         .options = variant("B3-nocmp"),
                         .executions = 372,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B3-noref-nocmp",
                         .options = variant("B3-noref-nocmp"),
                         .executions = 356,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B4",
                         .options = variant("B4"),
                         .executions = 395,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B5",
                         .options = variant("B5"),
                         .executions = 395,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B5-norecheck",
                         .options = variant("B5-norecheck"),
                         .executions = 395,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B5f",
                         .options = variant("B5f"),
                         .executions = 395,
                         .findings = {{.bug = "R13", .preemptions = 1}},
                         .decides = {"R1", "R8"}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 357,
                         .findings = {{.bug = "R1", .preemptions = 1}},
                         .decides = {"R8"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 358,
                         .decides = {"R1", "R8"}},
                    },
            });

}  // namespace models::bluetooth
