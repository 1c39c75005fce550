// SPDX-License-Identifier: GPL-2.0-only
//
// The link is deleted before the queued callback runs.
//
//   rx worker: request [queued]; disconnect: hci_conn_del      cmd_sync worker: callback with the
//   link's pointer
//
// Bug:    hci_conn_del cancels only entries whose data is the link itself; a callback that holds no
// reference uses a freed
//         link (R19); and one that does not test it once more stores for a link that is gone (R15).
// Expect: B3 without a reference is a use after free; the others are not.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsDisconnect(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("hardware", [=] {
    environment_deliver(world,
                        disconn_complete_event({.status = 0, .handle = kHandle, .reason = 0x13}));
  });
  execution.JoinAll();
}

static const bool
    update_vs_disconnect =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/update_vs_disconnect",
                .story = "The link goes while its update is queued.",
                .body = UpdateVsDisconnect,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 309,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R15", "R19"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 309,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R15", "R19"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 293,
                         .findings = {{.bug = "R2", .preemptions = 1}},
                         .decides = {"R15", "R19"}},
                        {.id = "B3",
                         .options = variant("B3"),
                         .executions = 338,
                         .findings = {{.bug = "B3-invariant"}},
                         .decides = {"R15", "R19"}},
                        {.id = "B3-noref",
                         .options = variant("B3-noref"),
                         .executions = 303,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1}, {.bug = "R19"}},
                         .decides = {"R15"}},
                        {.id = "B3-nocmp",
                         .options = variant("B3-nocmp"),
                         .executions = 338,
                         .findings = {{.bug = "B3-invariant"}},
                         .decides = {"R15", "R19"}},
                        {.id = "B3-noref-nocmp",
                         .options = variant("B3-noref-nocmp"),
                         .executions = 303,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1}, {.bug = "R19"}},
                         .decides = {"R15"}},
                        {.id = "B4",
                         .options = variant("B4"),
                         .executions = 364,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R15", "R19"}},
                        {.id = "B5",
                         .options = variant("B5"),
                         .executions = 364,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R15", "R19"}},
                        {.id = "B5-norecheck",
                         .options = variant("B5-norecheck"),
                         .executions = 364,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R15", "R19"}},
                        {.id = "B5f",
                         .options = variant("B5f"),
                         .executions = 368,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R15", "R19"}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 293,
                         .findings = {{.bug = "R2", .preemptions = 1}},
                         .decides = {"R15", "R19"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 302,
                         .decides = {"R15", "R19"}},
                    },
            });

}  // namespace models::bluetooth
