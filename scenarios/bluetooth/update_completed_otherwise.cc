// SPDX-License-Identifier: GPL-2.0-only
//
// The event that ends the wait for the update is not the one that was waited for.
//
//   cmd_sync worker: command of link 1; waits for the event's code     hardware: status and handle
//   as it likes
//
// Bug:    the wait looks neither at the status nor at the handle of the event: what was asked for
// is stored although it
//         did not happen (R11).
// Expect: versions that wait store and tell what the controller refused; B-ideal stores what the
// event confirms.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateCompletedOtherwise(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  environment_connect(world, {.handle = kOtherHandle, .peer = kOtherPeer});
  world.hardware->rules.update_status = {.values = {0, HCI_ERROR_UNACCEPTABLE_CONN_PARAM},
                                         .count = 2};
  world.hardware->rules.update_handle = {.values = {0, kOtherHandle}, .count = 2};
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.JoinAll();
}

static const bool
    update_completed_otherwise =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/update_completed_otherwise",
                .story = "The controller completes the update with another status or handle.",
                .body = UpdateCompletedOtherwise,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B0",
                         .options = variant("B0"),
                         .executions = 28,
                         .decides = {"R11"}},
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 88,
                         .decides = {"R11"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 88,
                         .decides = {"R11"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 88,
                         .decides = {"R11"}},
                        {.id = "B3",
                         .options = variant("B3"),
                         .executions = 100,
                         .decides = {"R11"}},
                        {.id = "B3-noref",
                         .options = variant("B3-noref"),
                         .executions = 88,
                         .decides = {"R11"}},
                        {.id = "B3-nocmp",
                         .options = variant("B3-nocmp"),
                         .executions = 100,
                         .findings = {{.bug = "R18"}},
                         .decides = {"R11"}},
                        {.id = "B3-noref-nocmp",
                         .options = variant("B3-noref-nocmp"),
                         .executions = 88,
                         .findings = {{.bug = "R18"}},
                         .decides = {"R11"}},
                        {.id = "B4",
                         .options = variant("B4"),
                         .executions = 120,
                         .findings = {{.bug = "R11"}}},
                        {.id = "B5",
                         .options = variant("B5"),
                         .executions = 120,
                         .findings = {{.bug = "R11"}}},
                        {.id = "B5-norecheck",
                         .options = variant("B5-norecheck"),
                         .executions = 120,
                         .findings = {{.bug = "R11"}}},
                        {.id = "B5f",
                         .options = variant("B5f"),
                         .executions = 120,
                         .findings = {{.bug = "R11"}}},
                        {.id = "B0+F2",
                         .options = variant("B0+F2"),
                         .executions = 28,
                         .decides = {"R11"}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 88,
                         .decides = {"R11"}},
                        {.id = "B2x",
                         .options = variant("B2x"),
                         .executions = 100,
                         .decides = {"R11"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 88,
                         .decides = {"R11"}},
                    },
            });

}  // namespace models::bluetooth
