// SPDX-License-Identifier: GPL-2.0-only
//
// Connecting while the peer asks for new LE connection parameters.
//
//   rx worker:  process_pending_rx [conn->lock]  ->  hci_le_conn_update [hdev->lock]
//   user:       l2cap_chan_connect [hdev->lock]  ->                     [conn->lock]
//
// Bug:    AB/BA since f044eb0524a0; the patch of April 2026 is about it.
// Expect: B0 deadlocks with one preemption; the versions that queue the update do not, however the
//         two meet. What they do instead when memory, or the controller's time, runs out is what
//         update_with_faults shows without a user: no schedule of the two adds to it.

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

static const heddle::ExpectedFinding deadlock = {.bug = "B0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding late_data = {.bug = "B1-invariant", .faults = 1};
static const heddle::ExpectedFinding r1 = {.bug = "R1", .faults = 1};
static const heddle::ExpectedFinding r6 = {.bug = "R6", .faults = 1};
static const heddle::ExpectedFinding r7 = {.bug = "R7", .faults = 1};
static const heddle::ExpectedFinding r13 = {.bug = "R13", .faults = 1};
static const heddle::ExpectedFinding r14 = {.bug = "R14", .faults = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 5232, {deadlock, r6, r7}},
    {"B1", 16699, {late_data, r1, r6, r7}, {"B0-deadlock"}},
    {"B2n", 16699, {r1, r6, r7}, {"B0-deadlock", "B1-invariant"}},
    {"B2", 16699, {r1, r6, r7}, {"B0-deadlock", "B1-invariant"}},
    {"B3", 28422, {r13, r6, r7}, {"B0-deadlock"}},
    {"B3-noref", 23578, {r13, r6, r7}, {"B0-deadlock"}},
    {"B3-nocmp", 28422, {r13, r6, r7}, {"B0-deadlock"}},
    {"B3-noref-nocmp", 23578, {r13, r6, r7}, {"B0-deadlock"}},
    {"B4", 100860, {r13, r14, r7}, {"B0-deadlock", "R6"}},
    {"B5", 100860, {r13, r14, r7}, {"B0-deadlock", "R6"}},
    {"B5-norecheck", 100860, {r13, r14, r7}, {"B0-deadlock", "R6"}},
    {"B5f", 100860, {r13, r14, r7}, {"B0-deadlock", "R6"}},
    {"B0+F2", 5232, {deadlock, r6, r7}},
    {"B2+F2", 16699, {r1, r6, r7}, {"B0-deadlock", "B1-invariant"}},
    {"B2x", 19883, {r1, r6, r7}, {"B0-deadlock", "B1-invariant"}},
    {"B-ideal", 18026, {}, {"B0-deadlock", "R1", "R6", "R7", "R13", "R14", "B1-invariant"}},
};

static const bool update_vs_connect = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_connect",
    .story = "The peer asks for new timing while a user connects a channel.",
    .body = UpdateVsConnect,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
