// SPDX-License-Identifier: GPL-2.0-only
//
// Connecting while the peer asks for new LE connection parameters.
//
//   rx worker:  process_pending_rx [conn->lock]  ->  hci_le_conn_update [hdev->lock]
//   user:       l2cap_chan_connect [hdev->lock]  ->                     [conn->lock]
//
// Bug:    AB/BA since f044eb0524a0; the patch of April 2026 is about it.
// Expect: B0 deadlocks with one preemption; the versions that queue the update do not.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsConnect(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  l2cap_chan* chan = environment_channel();
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_let_requests_fail();
  environment_start_pending_rx(hcon);
  execution.Spawn("bluetoothd", [=] {
    l2cap_chan_connect(chan, world.hdev, L2CAP_CID_ATT, &kPeer, ADDR_LE_DEV_RANDOM);
  });
  execution.JoinAll();
  HEDDLE_ENSURE(chan->state == BT_CONNECTED);
}

static const bool
    update_vs_connect =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/update_vs_connect",
                .story = "The peer asks for new timing while a user connects a channel.",
                .body = UpdateVsConnect,
                .bounds = {.preemptions = 2, .faults = 1},
                .variants =
                    {
                        {.id = "B0",
                         .options = variant("B0"),
                         .executions = 5232,
                         .findings = {{.bug = "B0-deadlock", .preemptions = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}}},
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 16699,
                         .findings = {{.bug = "B1-invariant", .faults = 1},
                                      {.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"B0-deadlock"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 16699,
                         .findings = {{.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"B0-deadlock"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 16699,
                         .findings = {{.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"B0-deadlock"}},
                        {.id = "B0+F2",
                         .options = variant("B0+F2"),
                         .executions = 5232,
                         .findings = {{.bug = "B0-deadlock", .preemptions = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 16699,
                         .findings = {{.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"B0-deadlock"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 18026,
                         .decides = {"B0-deadlock"}},
                    },
            });

}  // namespace models::bluetooth
