// SPDX-License-Identifier: GPL-2.0-only
//
// What the order of locks says about the deadlocks of this family, in executions that hit none.
//
//   first:   the update request or the work  [conn->lock]  ->  [hdev->lock]
//   then:    connect or close                [hdev->lock]  ->  [conn->lock]
//
// Bug:    the splat that started the discussion: lockdep had seen both orders, nobody had hung. The
//         same for the works that l2cap_conn_del waits for under conn->lock (T1, T2).
// Expect: predicted at no preemption where the deadlock is real; silence where the update is queued
//         (B1 and later) and where F1 and F2 wait before they lock.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void ConnectAfterUpdate(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  l2cap_chan* chan = environment_channel();
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  environment_start_pending_rx(hcon);
  execution.Spawn("bluetoothd", [=] {
    l2cap_chan_connect(chan, world.hdev, L2CAP_CID_ATT, &kPeer, ADDR_LE_DEV_RANDOM);
  });
  execution.JoinAll();
}

static void CloseAfterTimer(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  l2cap_request_info(hcon->l2cap_data);
  execution.JoinAll();  // The timer runs out.
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
}

static const std::vector<heddle::NamedVariant> connect_table = {
    {"B0", 4, {{.bug = "B0-lock-order"}}}, {"B1", 6, {}, {"B0-lock-order"}},
    {"B2", 6, {}, {"B0-lock-order"}},      {"B3", 6, {}, {"B0-lock-order"}},
    {"B4", 7, {}, {"B0-lock-order"}},      {"B5", 7, {}, {"B0-lock-order"}},
    {"B-ideal", 6, {}, {"B0-lock-order"}},
};

static const bool predicted_update_vs_connect = heddle::Register<update_options>({
    .name = "bluetooth/predicted_update_vs_connect",
    .story = "The order of locks alone, of an update and a connect that may run one by one.",
    .body = ConnectAfterUpdate,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(variant, connect_table),
});

static const std::vector<heddle::NamedVariant> close_table = {
    {"B0", 1, {{.bug = "T1"}}}, {"B2", 1, {{.bug = "T1"}}}, {"B5", 1, {{.bug = "T1"}}},
    {"B5f", 1, {}, {"T1"}},     {"B-ideal", 1, {}, {"T1"}},
};

static const bool predicted_teardown = heddle::Register<update_options>({
    .name = "bluetooth/predicted_teardown",
    .story = "The order of locks alone, of the information timer and a later close.",
    .body = CloseAfterTimer,
    .bounds = {.preemptions = 0, .faults = 0},
    .lock_order = heddle::LockOrderPolicy::kReport,
    .variants = heddle::VariantsOf(variant, close_table),
});

}  // namespace models::bluetooth
