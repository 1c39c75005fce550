// SPDX-License-Identifier: GPL-2.0-only
//
// Updates that nobody asked for arrive while one that was asked for is on its way.
//
//   cmd_sync worker: command of link 1; waits     hardware: update of link 2 complete
//
// Bug:    an update of another link ends the wait (R11), or is taken for the answer to the last
// command (R18).
// Expect: only B-ideal ties the event to the link that waits.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsUnsolicited(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  environment_connect(world, {.handle = kOtherHandle, .peer = kOtherPeer});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("hardware", [=] {
    environment_deliver(world, update_complete_event({.status = 0,
                                                      .handle = kOtherHandle,
                                                      .interval = 40,
                                                      .latency = 0,
                                                      .supervision_timeout = 300}));
  });
  execution.JoinAll();
}

static const bool
    update_vs_unsolicited =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/update_vs_unsolicited",
                .story = "The controller updates a link by itself meanwhile.",
                .body = UpdateVsUnsolicited,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 304,
                         .decides = {"R11", "R18"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 304,
                         .decides = {"R11", "R18"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 304,
                         .decides = {"R11", "R18"}},
                        {.id = "B3",
                         .options = variant("B3"),
                         .executions = 333,
                         .decides = {"R11", "R18"}},
                        {.id = "B3-noref",
                         .options = variant("B3-noref"),
                         .executions = 301,
                         .decides = {"R11", "R18"}},
                        {.id = "B3-nocmp",
                         .options = variant("B3-nocmp"),
                         .executions = 333,
                         .findings = {{.bug = "R18"}},
                         .decides = {"R11"}},
                        {.id = "B3-noref-nocmp",
                         .options = variant("B3-noref-nocmp"),
                         .executions = 301,
                         .findings = {{.bug = "R18"}},
                         .decides = {"R11"}},
                        {.id = "B4",
                         .options = variant("B4"),
                         .executions = 404,
                         .findings = {{.bug = "R11", .preemptions = 1}},
                         .decides = {"R18"}},
                        {.id = "B5",
                         .options = variant("B5"),
                         .executions = 404,
                         .findings = {{.bug = "R11", .preemptions = 1}},
                         .decides = {"R18"}},
                        {.id = "B5-norecheck",
                         .options = variant("B5-norecheck"),
                         .executions = 404,
                         .findings = {{.bug = "R11", .preemptions = 1}},
                         .decides = {"R18"}},
                        {.id = "B5f",
                         .options = variant("B5f"),
                         .executions = 404,
                         .findings = {{.bug = "R11", .preemptions = 1}},
                         .decides = {"R18"}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 304,
                         .decides = {"R11", "R18"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 306,
                         .decides = {"R11", "R18"}},
                    },
            });

}  // namespace models::bluetooth
