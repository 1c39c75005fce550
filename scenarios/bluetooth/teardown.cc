// SPDX-License-Identifier: GPL-2.0-only
//
// l2cap_conn_del waits for works that need what it holds, or does not wait for one that uses what
// it frees.
//
//   user:    hci_dev_do_close [hdev->lock]  ->  l2cap_conn_del [conn->lock]  ->  waits for the work
//   worker:  info_timer, pending_rx_work  ->  [conn->lock]
//
// Bug:    cancel_delayed_work_sync(info_timer) under conn->lock (T1);
// cancel_work_sync(pending_rx_work) under conn->lock
//         (T2), or none at all because it is not pending any more, and the connection freed under
//         it (T3); under hdev->lock, with an update that takes it (T4).
// Expect: F1 ends T1, F2 ends T2 and T3, but only together with a queued update: B0+F2 is T4.

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

static const bool teardown_info_timer = heddle::Register<update_options>({
    .name = "bluetooth/teardown_info_timer",
    .story = "The device is closed while the information timer runs out.",
    .body = TeardownInfoTimer,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants =
        {
            {.id = "B0",
             .options = variant("B0"),
             .executions = 4154,
             .findings = {{.bug = "T1", .preemptions = 1, .faults = 1}}},
            {.id = "B2",
             .options = variant("B2"),
             .executions = 4154,
             .findings = {{.bug = "T1", .preemptions = 1, .faults = 1}}},
            {.id = "B5",
             .options = variant("B5"),
             .executions = 4154,
             .findings = {{.bug = "T1", .preemptions = 1, .faults = 1}}},
            {.id = "B5f", .options = variant("B5f"), .executions = 2586, .decides = {"T1"}},
            {.id = "B2+F2",
             .options = variant("B2+F2"),
             .executions = 4170,
             .findings = {{.bug = "T1", .preemptions = 1, .faults = 1}}},
            {.id = "B-ideal", .options = variant("B-ideal"), .executions = 2586, .decides = {"T1"}},
        },
});

static void TeardownPendingRx(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  environment_keep(hcon, update_request_frame(kHandle, 1, kFasterParams));
  environment_start_pending_rx(hcon);
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
}

static const bool
    teardown_pending_rx =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/teardown_pending_rx",
                .story = "The device is closed while kept frames are handled.",
                .body = TeardownPendingRx,
                .bounds = {.preemptions = 1, .faults = 0},
                .limits = {.steps_max = 2000},
                .variants =
                    {
                        {.id = "B0",
                         .options = variant("B0"),
                         .executions = 206,
                         .findings = {{.bug = "B0-deadlock", .preemptions = 1},
                                      {.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 387,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B5",
                         .options = variant("B5"),
                         .executions = 147,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B5f",
                         .options = variant("B5f"),
                         .executions = 122,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1}},
                         .decides = {"T2", "T3", "T4"}},
                        {.id = "B0+F2",
                         .options = variant("B0+F2"),
                         .executions = 189,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "T4", .preemptions = 1}},
                         .decides = {"T2", "T3"}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 354,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1}},
                         .decides = {"T2", "T3", "T4"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 373,
                         .decides = {"T2", "T3", "T4"}},
                    },
            });

}  // namespace models::bluetooth
