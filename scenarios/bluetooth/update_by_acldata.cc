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

static const heddle::ExpectedFinding b0_deadlock = {.bug = "B0-deadlock", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 1832, {b0_deadlock}},         {"B1", 5784, {}, {"B0-deadlock"}},
    {"B2", 5784, {}, {"B0-deadlock"}},   {"B3", 9141, {}, {"B0-deadlock"}},
    {"B5f", 12951, {}, {"B0-deadlock"}}, {"B-ideal", 5746, {}, {"B0-deadlock"}},
};

static const bool update_by_acldata = heddle::Register<update_options>({
    .name = "bluetooth/update_by_acldata",
    .story = "The request comes through l2cap_recv_acldata while a user connects.",
    .body = UpdateByAcldata,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
