// SPDX-License-Identifier: GPL-2.0-only
//
// Two requests of one link, one after the other.
//
//   rx worker: request 1, request 2      cmd_sync worker: command 1, command 2
//
// Bug:    none in the order of the requests: the queue is first in, first out (R10, clean); v3
// takes the values of the
//         second command for those of the first (R17).
// Expect: the notices come in the order of the requests in every version.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void TwoRequests(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams),
                              update_request_frame(kHandle, 2, kSlowerParams)});
  execution.JoinAll();
}

static const bool
    two_requests =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/two_requests",
                .story = "A peer asks twice.",
                .body = TwoRequests,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B0",
                         .options = variant("B0"),
                         .executions = 13,
                         .decides = {"R10"}},
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 98,
                         .decides = {"R10"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 98,
                         .decides = {"R10"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 98,
                         .decides = {"R10"}},
                        {.id = "B3",
                         .options = variant("B3"),
                         .executions = 110,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1}},
                         .decides = {"R10"}},
                        {.id = "B3-noref",
                         .options = variant("B3-noref"),
                         .executions = 97,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1}},
                         .decides = {"R10"}},
                        {.id = "B3-nocmp",
                         .options = variant("B3-nocmp"),
                         .executions = 110,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1}},
                         .decides = {"R10"}},
                        {.id = "B3-noref-nocmp",
                         .options = variant("B3-noref-nocmp"),
                         .executions = 97,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1}},
                         .decides = {"R10"}},
                        {.id = "B4",
                         .options = variant("B4"),
                         .executions = 59,
                         .decides = {"R10"}},
                        {.id = "B5",
                         .options = variant("B5"),
                         .executions = 59,
                         .decides = {"R10"}},
                        {.id = "B5-norecheck",
                         .options = variant("B5-norecheck"),
                         .executions = 59,
                         .decides = {"R10"}},
                        {.id = "B5f",
                         .options = variant("B5f"),
                         .executions = 59,
                         .decides = {"R10"}},
                        {.id = "B0+F2",
                         .options = variant("B0+F2"),
                         .executions = 13,
                         .decides = {"R10"}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 98,
                         .decides = {"R10"}},
                        {.id = "B2x",
                         .options = variant("B2x"),
                         .executions = 107,
                         .decides = {"R10"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 93,
                         .decides = {"R10"}},
                    },
            });

}  // namespace models::bluetooth
