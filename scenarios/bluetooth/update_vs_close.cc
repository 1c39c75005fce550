// SPDX-License-Identifier: GPL-2.0-only
//
// Closing the device while the peer asks for new LE connection parameters.
//
//   rx worker:  process_pending_rx [conn->lock]  ->  hci_le_conn_update [hdev->lock]
//   user:       hci_dev_do_close [hdev->lock]  ->  l2cap_conn_del [conn->lock]
//
// Bug:    the same inversion as in update_vs_connect, met from the other side; and l2cap_conn_del
// frees what
//         pending_rx_work still uses, or waits for it under conn->lock.
// Expect: trees without F2 fail in l2cap_conn_del whatever the update does; B5f and B-ideal hold.

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
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_start_pending_rx(hcon);
  execution.Spawn("bluetoothd", [=] { hci_dev_do_close(world.hdev); });
  execution.JoinAll();
}

static const bool
    update_vs_close =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/update_vs_close",
                .story = "The device is closed while the peer asks for new timing.",
                .body = UpdateVsClose,
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
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 388,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "B2n-invariant"},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 388,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "B2n-invariant"},
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
                        {.id = "B3",
                         .options = variant("B3"),
                         .executions = 410,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "B3-invariant"},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B3-noref",
                         .options = variant("B3-noref"),
                         .executions = 398,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "R19"},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B3-nocmp",
                         .options = variant("B3-nocmp"),
                         .executions = 410,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "B3-invariant"},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B3-noref-nocmp",
                         .options = variant("B3-noref-nocmp"),
                         .executions = 398,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "R19"},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B4",
                         .options = variant("B4"),
                         .executions = 147,
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
                        {.id = "B5-norecheck",
                         .options = variant("B5-norecheck"),
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
                        {.id = "B2x",
                         .options = variant("B2x"),
                         .executions = 393,
                         .findings = {{.bug = "B0-step-limit", .preemptions = 1},
                                      {.bug = "T2", .preemptions = 1},
                                      {.bug = "T3", .preemptions = 1}},
                         .decides = {"T4"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 373,
                         .decides = {"T2", "T3", "T4"}},
                    },
            });

}  // namespace models::bluetooth
