// SPDX-License-Identifier: GPL-2.0-only
//
// Closing the device while the peer asks for new LE connection parameters.
//
//   rx worker:  process_pending_rx [conn->lock]  ->  hci_le_conn_update [hdev->lock]
//   user:       hci_dev_do_close [hdev->lock]  ->  l2cap_conn_del [conn->lock]
//
// Bug:    the same inversion as in update_vs_connect, met from the other side; and l2cap_conn_del
//         frees what pending_rx_work still uses, or waits for it under conn->lock (T2, T3, T4).
// Expect: trees without F2 fail in l2cap_conn_del whatever the update does. Those with F2 are free
//         of that, but still put frames of a closed link back for ever; B-ideal holds.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsClose(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  invariant_set promised = kAllInvariants;
  promised.b1_promise = agreement::ALSO_OF_THE_REFUSED;
  add_invariants(execution, heddle::CheckedAt::kEnd, world, promised);
  environment_start_pending_rx(hcon);
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding b0_deadlock = {.bug = "B0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding b0_step_limit = {.bug = "B0-step-limit", .preemptions = 1};
static const heddle::ExpectedFinding b2n_invariant = {.bug = "B2n-invariant"};
static const heddle::ExpectedFinding b3_invariant = {.bug = "B3-invariant"};
static const heddle::ExpectedFinding r19 = {.bug = "R19"};
static const heddle::ExpectedFinding t2 = {.bug = "T2", .preemptions = 1};
static const heddle::ExpectedFinding t3 = {.bug = "T3", .preemptions = 1};
static const heddle::ExpectedFinding t4 = {.bug = "T4", .preemptions = 1};

// With two preemptions a row has 3367 (B5) to 14406 executions (B3) instead, takes 1 to 2 seconds,
// and finds the same.
static const std::vector<heddle::NamedVariant> table = {
    {"B0", 193, {b0_deadlock, b0_step_limit, t2, t3}, {"T4"}},
    {"B1", 362, {b0_step_limit, b2n_invariant, t2, t3}, {"R1", "B0-deadlock", "T4"}},
    {"B2n", 362, {b0_step_limit, b2n_invariant, t2, t3}, {"R1", "B0-deadlock", "T4"}},
    {"B2", 361, {b0_step_limit, t2, t3}, {"R1", "B0-deadlock", "B2n-invariant", "T4"}},
    {"B3", 374, {b0_step_limit, b3_invariant, t2, t3}, {"R13", "B0-deadlock", "T4"}},
    {"B3-noref", 364, {b0_step_limit, r19, t2, t3}, {"R13", "B0-deadlock", "T4"}},
    {"B3-nocmp", 374, {b0_step_limit, b3_invariant, t2, t3}, {"R13", "B0-deadlock", "T4"}},
    {"B3-noref-nocmp", 364, {b0_step_limit, r19, t2, t3}, {"R13", "B0-deadlock", "T4"}},
    {"B4", 134, {b0_step_limit, t2, t3}, {"R13", "B0-deadlock", "T4"}},
    {"B5", 134, {b0_step_limit, t2, t3}, {"R13", "B0-deadlock", "T4"}},
    {"B5-norecheck", 134, {b0_step_limit, t2, t3}, {"R13", "B0-deadlock", "T4"}},
    {"B5f", 133, {b0_step_limit}, {"R13", "B0-deadlock", "B3-invariant", "T2", "T3", "T4"}},
    {"B0+F2", 189, {b0_step_limit, t4}, {"B0-deadlock", "T2", "T3"}},
    {"B2+F2", 354, {b0_step_limit}, {"R1", "B0-deadlock", "B2n-invariant", "T2", "T3", "T4"}},
    {"B2x", 367, {b0_step_limit, t2, t3}, {"R1", "B0-deadlock", "T4"}},
    {"B-ideal", 373, {}, {"R1", "B0-deadlock", "B2n-invariant", "B3-invariant", "T2", "T3", "T4"}},
};

static const bool update_vs_close = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_close",
    .story = "The device is closed while the peer asks for new timing.",
    .body = UpdateVsClose,
    .bounds = {.preemptions = 1, .faults = 0},
    .limits = {.steps_max = 400},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
