// SPDX-License-Identifier: GPL-2.0-only
//
// Whether closing the device can have the cmd_sync queue refuse an update that was accepted.
//
//   rx worker:  process_pending_rx [conn->lock]  ACCEPTED ... hci_cmd_sync_queue: HCI_RUNNING?
//   user:       hci_dev_do_close: l2cap_conn_del [conn->lock] ... clears HCI_RUNNING
//
// Bug:    none: -ENETDOWN was expected to break the promise as -ENODEV does (R1, R13).
// Expect: HCI_RUNNING is cleared only after l2cap_conn_del, which needs conn->lock, and ACCEPTED is
//         sent and the update queued in one critical section of that: so no version is refused,
//         not even one whose link is gone already. What else closing breaks is update_vs_close's.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/ghost.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/update_options.h"
#include "models/kernel/errno.h"

namespace models::bluetooth {

// Whether the queue refused a request because the controller did not run.
static bool WasRefused(const ghost_log& log) {
  for (int i = 0; i < log.request_count; ++i) {
    const char* cause = log.requests[i].dropped_for;
    if (cause != nullptr && cause == ghost_cause_of(-ENETDOWN)) return true;
  }
  return false;
}

static void UpdateRefusedByClose(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  environment_start_pending_rx(hcon);
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
  HEDDLE_ENSURE(!WasRefused(*world.log));
}

static const heddle::ExpectedFinding b0_step_limit = {.bug = "B0-step-limit", .preemptions = 1};
static const heddle::ExpectedFinding t2 = {.bug = "T2", .preemptions = 1};
static const heddle::ExpectedFinding t3 = {.bug = "T3", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B2", 13468, {b0_step_limit, t2, t3}, {"R1"}},
    {"B2+F2", 12336, {b0_step_limit}, {"R1"}},
    {"B5f", 4180, {b0_step_limit}, {"R13"}},
    {"B5f+rx-stop", 2812, {}, {"R13", "B0-step-limit"}},
    {"B-ideal", 12739, {}, {"R1", "R13", "B0-step-limit"}},
};

static const bool update_refused_by_close = heddle::Register<update_options>({
    .name = "bluetooth/update_refused_by_close",
    .story = "The device is closed while an update is queued that the peer was promised.",
    .body = UpdateRefusedByClose,
    .bounds = {.preemptions = 2, .faults = 0},
    .limits = {.steps_max = 400},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
