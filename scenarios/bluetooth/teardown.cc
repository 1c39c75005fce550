// SPDX-License-Identifier: GPL-2.0-only
//
// l2cap_conn_del and hci_conn_del wait for works that need what they hold, or do not wait for one
// that uses what they free.
//
//   user:    hci_dev_do_close [hdev->lock]  ->  l2cap_conn_del [conn->lock]  ->  waits for the work
//   worker:  info_timer, pending_rx_work  ->  [conn->lock]
//   worker:  disc_work: hci_conn_timeout  ->  l2cap_disconn_ind  ->  [hdev->lock], or not
//
// Bug:    waiting for info_timer under conn->lock (T1); for pending_rx_work under conn->lock (T2),
//         or not at all because it is not pending any more, and the connection freed under it (T3);
//         for it under hdev->lock, with an update that takes that (T4). disc_work reads a
//         connection without the lock that keeps it, and must not wait for that lock (T5).
// Expect: F1 ends T1, F2 ends T2 and T3, but only together with a queued update: B0+F2 is T4. T5 is
//         in every version; hdev->lock turns it into a deadlock, a trylock ends it.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void TeardownInfoTimer(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  l2cap_request_info(hcon->l2cap_data);
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
}

static void TeardownPendingRx(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  environment_start_pending_rx(hcon);
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
}

// The peer ends the only channel of its link, which is to be ended two seconds later.
static void TeardownDiscWork(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  l2cap_chan_put(environment_deferred_channel(hcon, L2CAP_CID_DYN_START, 7));
  environment_receive(world, {disconnect_request_frame(kHandle, 1, L2CAP_CID_DYN_START)});
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding b0_deadlock = {.bug = "B0-deadlock", .preemptions = 1};
static const heddle::ExpectedFinding b0_step_limit = {.bug = "B0-step-limit", .preemptions = 1};
static const heddle::ExpectedFinding t1 = {.bug = "T1", .preemptions = 1, .faults = 1};
static const heddle::ExpectedFinding t2 = {.bug = "T2", .preemptions = 1};
static const heddle::ExpectedFinding t3 = {.bug = "T3", .preemptions = 1};
static const heddle::ExpectedFinding t4 = {.bug = "T4", .preemptions = 1};
static const heddle::ExpectedFinding t5 = {.bug = "T5", .preemptions = 1, .faults = 1};

static const std::vector<heddle::NamedVariant> info_timer = {
    {"B0", 4154, {t1}},    {"B2", 4154, {t1}},        {"B5", 4154, {t1}},
    {"B5+F2", 4170, {t1}}, {"B5f", 2586, {}, {"T1"}}, {"B-ideal", 2586, {}, {"T1"}},
};

static const bool teardown_info_timer = heddle::Register<update_options>({
    .name = "bluetooth/teardown_info_timer",
    .story = "The device is closed while the information timer runs out.",
    .body = TeardownInfoTimer,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, info_timer),
});

static const std::vector<heddle::NamedVariant> pending_rx = {
    {"B0", 7079, {b0_deadlock, b0_step_limit, t2, t3}, {"T4"}},
    {"B2", 13468, {b0_step_limit, t2, t3}, {"B0-deadlock", "T4"}},
    {"B5", 3367, {b0_step_limit, t2, t3}, {"B0-deadlock", "T4"}},
    {"B5f", 4180, {b0_step_limit}, {"B0-deadlock", "T2", "T3", "T4"}},
    {"B5f+rx-stop", 2812, {}, {"B0-deadlock", "T2", "T3", "T4"}},
    {"B0+F2", 6799, {b0_step_limit, t4}, {"B0-deadlock", "T2", "T3"}},
    {"B2+F2", 12336, {b0_step_limit}, {"B0-deadlock", "T2", "T3", "T4"}},
    {"B-ideal", 12739, {}, {"B0-deadlock", "T2", "T3", "T4"}},
};

static const bool teardown_pending_rx = heddle::Register<update_options>({
    .name = "bluetooth/teardown_pending_rx",
    .story = "The device is closed while kept frames are handled.",
    .body = TeardownPendingRx,
    .bounds = {.preemptions = 2, .faults = 0},
    .limits = {.steps_max = 400},
    .variants = heddle::VariantsOf(variant, pending_rx),
});

static const std::vector<heddle::NamedVariant> disc_work = {
    {"B0", 650, {t5}},
    {"B2", 650, {t5}},
    {"B5", 650, {t5}},
    {"B5f", 662, {t5}},
    {"B5f+ind-lock", 528, {t5}},
    {"B5f+ind-trylock", 630, {}, {"T5"}},
    {"B-ideal", 630, {}, {"T5"}},
};

static const bool teardown_disc_work = heddle::Register<update_options>({
    .name = "bluetooth/teardown_disc_work",
    .story = "The device is closed while a link without users is to be ended.",
    .body = TeardownDiscWork,
    .bounds = {.preemptions = 1, .faults = 1},
    .variants = heddle::VariantsOf(variant, disc_work),
});

}  // namespace models::bluetooth
