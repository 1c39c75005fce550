// SPDX-License-Identifier: GPL-2.0-only
//
// The link is reported connected while a request that was kept for it is handled.
//
//   event:      hci_connect_cfm    [hdev->lock]  ->  l2cap_conn_ready   [conn->lock]
//   rx worker:  process_pending_rx [conn->lock]  ->  hci_le_conn_update [hdev->lock]
//
// Bug:    the second partner of the inversion that the patch names. The event and the kept request
//         both run on hdev->workqueue, which is ordered: as long as they do, they never overlap.
// Expect: lockdep sees both orders in B0, and knows nothing of the queue; B0 holds where rx_work
//         brings the event, and deadlocks where another context does.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static environment Kept(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_start_pending_rx(hcon);
  return world;
}

static void UpdateVsConnReady(heddle::Execution& execution, const update_options& options) {
  const environment world = Kept(execution, options);
  execution.Spawn("hardware", [=] {
    environment_deliver(world, le_conn_complete_event({.status = 0,
                                                       .link_type = LE_LINK,
                                                       .handle = kHandle,
                                                       .role = HCI_ROLE_MASTER,
                                                       .bdaddr_type = ADDR_LE_DEV_RANDOM,
                                                       .bdaddr = kPeer,
                                                       .interval = 24,
                                                       .latency = 0,
                                                       .supervision_timeout = 42}));
  });
  execution.JoinAll();
}

static void ReadyElsewhere(heddle::Execution& execution, const update_options& options) {
  const environment world = Kept(execution, options);
  execution.Spawn("elsewhere", [=] {
    hci_dev_lock(world.hdev);
    hci_connect_cfm(hci_conn_hash_lookup_handle(world.hdev, kHandle), 0);
    hci_dev_unlock(world.hdev);
  });
  execution.JoinAll();
}

static const heddle::ExpectedFinding b0_deadlock = {.bug = "B0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding b0_lock_order = {.bug = "B0-lock-order"};

static const std::vector<heddle::NamedVariant> on_the_queue = {
    {"B0", 1806, {}, {"B0-deadlock"}},
    {"B2", 6534, {}, {"B0-deadlock"}},
    {"B5f", 18488, {}, {"B0-deadlock"}},
    {"B-ideal", 6617, {}, {"B0-deadlock"}},
};

static const bool update_vs_conn_ready = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_conn_ready",
    .story = "The link is reported connected on the queue on which a kept request is handled.",
    .body = UpdateVsConnReady,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, on_the_queue),
});

static const std::vector<heddle::NamedVariant> elsewhere = {
    {"B0", 1421, {b0_deadlock}},
    {"B2", 5903, {}, {"B0-deadlock"}},
    {"B5f", 15595, {}, {"B0-deadlock"}},
    {"B-ideal", 5888, {}, {"B0-deadlock"}},
};

static const bool update_vs_conn_ready_elsewhere = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_conn_ready_elsewhere",
    .story = "The link is reported connected elsewhere while a kept request is handled.",
    .body = ReadyElsewhere,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, elsewhere),
});

static const std::vector<heddle::NamedVariant> predicted = {
    {"B0", 5, {b0_lock_order}},
    {"B2", 8, {}, {"B0-lock-order"}},
    {"B5f", 10, {}, {"B0-lock-order"}},
    {"B-ideal", 8, {}, {"B0-lock-order"}},
};

static const bool predicted_update_vs_conn_ready = heddle::Register<update_options>({
    .name = "bluetooth/predicted_update_vs_conn_ready",
    .story = "The order of locks alone, of a ready link and a kept request on one queue.",
    .body = UpdateVsConnReady,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(variant, predicted),
});

}  // namespace models::bluetooth
