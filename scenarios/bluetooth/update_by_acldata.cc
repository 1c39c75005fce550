// SPDX-License-Identifier: GPL-2.0-only
//
// The other entry into the request handler, which holds a reference on the connection.
//
//   rx worker:  l2cap_recv_acldata [conn->lock]  ->  hci_le_conn_update [hdev->lock]
//   user:       l2cap_chan_connect [hdev->lock]  ->                     [conn->lock]
//
// Bug:    the same inversion as in update_vs_connect: the reference does not help.
// Expect: B0 deadlocks with one preemption; the versions that queue the update do not.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateByAcldata(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  l2cap_chan* chan = environment_channel();
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("bluetoothd", [=] {
    l2cap_chan_connect(chan, world.hdev, L2CAP_CID_ATT, &kPeer, ADDR_LE_DEV_RANDOM);
  });
  execution.JoinAll();
}

static const bool update_by_acldata = heddle::Register<update_options>({
    .name = "bluetooth/update_by_acldata",
    .story = "The request comes through l2cap_recv_acldata while a user connects.",
    .body = UpdateByAcldata,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants =
        {
            {.id = "B0",
             .options = variant("B0"),
             .executions = 111,
             .findings = {{.bug = "B0-deadlock", .preemptions = 1}}},
            {.id = "B1", .options = variant("B1"), .executions = 242, .decides = {"B0-deadlock"}},
            {.id = "B2n", .options = variant("B2n"), .executions = 242, .decides = {"B0-deadlock"}},
            {.id = "B2", .options = variant("B2"), .executions = 242, .decides = {"B0-deadlock"}},
            {.id = "B3", .options = variant("B3"), .executions = 313, .decides = {"B0-deadlock"}},
            {.id = "B3-noref",
             .options = variant("B3-noref"),
             .executions = 286,
             .decides = {"B0-deadlock"}},
            {.id = "B3-nocmp",
             .options = variant("B3-nocmp"),
             .executions = 313,
             .decides = {"B0-deadlock"}},
            {.id = "B3-noref-nocmp",
             .options = variant("B3-noref-nocmp"),
             .executions = 286,
             .decides = {"B0-deadlock"}},
            {.id = "B4", .options = variant("B4"), .executions = 309, .decides = {"B0-deadlock"}},
            {.id = "B5", .options = variant("B5"), .executions = 309, .decides = {"B0-deadlock"}},
            {.id = "B5-norecheck",
             .options = variant("B5-norecheck"),
             .executions = 309,
             .decides = {"B0-deadlock"}},
            {.id = "B5f", .options = variant("B5f"), .executions = 309, .decides = {"B0-deadlock"}},
            {.id = "B0+F2",
             .options = variant("B0+F2"),
             .executions = 111,
             .findings = {{.bug = "B0-deadlock", .preemptions = 1}}},
            {.id = "B2+F2",
             .options = variant("B2+F2"),
             .executions = 242,
             .decides = {"B0-deadlock"}},
            {.id = "B2x", .options = variant("B2x"), .executions = 264, .decides = {"B0-deadlock"}},
            {.id = "B-ideal",
             .options = variant("B-ideal"),
             .executions = 242,
             .decides = {"B0-deadlock"}},
        },
});

}  // namespace models::bluetooth
