// SPDX-License-Identifier: GPL-2.0-only
//
// Queued entries are cancelled while a request is being queued and a user connects.
//
//   rx worker:  process_pending_rx [conn->lock]        ->  hci_cmd_sync_submit [cmd_sync_work_lock]
//   user 1:     hci_cmd_sync_dequeue [cmd_sync_work_lock]  ->  destroy callback [hdev->lock]
//   user 2:     l2cap_chan_connect [hdev->lock]        ->                       [conn->lock]
//
// Bug:    a destroy callback that takes hdev->lock closes a cycle of three locks (R9); queueing
//         under conn->lock brought the edge to cmd_sync_work_lock.
// Expect: only B2x, whose callback does so, deadlocks; every other version holds.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsDequeue(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  l2cap_chan* chan = environment_channel();
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  environment_keep(hcon, update_request_frame(kHandle, 2, kSlowerParams));
  add_invariants(execution, heddle::CheckedAt::kEnd, world, {.b5 = true, .b7 = true});
  environment_start_pending_rx(hcon);
  execution.Spawn("mgmt", [=] { hci_cmd_sync_dequeue(world.hdev, nullptr, nullptr, nullptr); });
  execution.Spawn("bluetoothd", [=] {
    l2cap_chan_connect(chan, world.hdev, L2CAP_CID_ATT, &kPeer, ADDR_LE_DEV_RANDOM);
  });
  execution.JoinAll();
}

static const heddle::ExpectedFinding r9 = {.bug = "R9", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B2", 10914, {}, {"R9"}},
    {"B2x", 12504, {r9}},
    {"B5f", 11669, {}, {"R9"}},
    {"B-ideal", 10025, {}, {"R9"}},
};

static const bool update_vs_dequeue = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_dequeue",
    .story = "Queued entries are cancelled while the peer asks and a user connects.",
    .body = UpdateVsDequeue,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
