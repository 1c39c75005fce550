// SPDX-License-Identifier: GPL-2.0-only
//
// One request, one link, and memory that may run out once.
//
//   rx worker:  allocate data, response; answer; queue entry    cmd_sync worker: command; notice
//
// Bug:    an allocation that fails after ACCEPTED was sent is never reported to the peer (R1, R13);
// the command's own
//         failure is ignored, but the values are stored and told (R6); without the response's
//         buffer nobody is answered (R7).
// Expect: every version but B-ideal breaks its promise with one fault and no preemption.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateWithFaults(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_let_requests_fail();
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.JoinAll();
}

static const bool
    update_with_faults =
        heddle::Register<update_options>(
            {
                .name = "bluetooth/update_with_faults",
                .story = "Each allocation on the way of a request may fail.",
                .body = UpdateWithFaults,
                .bounds = {.preemptions = 1, .faults = 1},
                .variants =
                    {
                        {.id = "B0",
                         .options = variant("B0"),
                         .executions = 22,
                         .findings = {{.bug = "R6", .faults = 1}, {.bug = "R7", .faults = 1}},
                         .decides = {"R1", "R13"}},
                        {.id = "B1",
                         .options = variant("B1"),
                         .executions = 62,
                         .findings = {{.bug = "B1-invariant", .faults = 1},
                                      {.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R13"}},
                        {.id = "B2n",
                         .options = variant("B2n"),
                         .executions = 62,
                         .findings = {{.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R13"}},
                        {.id = "B2",
                         .options = variant("B2"),
                         .executions = 62,
                         .findings = {{.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R13"}},
                        {.id = "B3",
                         .options = variant("B3"),
                         .executions = 71,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1"}},
                        {.id = "B3-noref",
                         .options = variant("B3-noref"),
                         .executions = 62,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1"}},
                        {.id = "B3-nocmp",
                         .options = variant("B3-nocmp"),
                         .executions = 71,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1"}},
                        {.id = "B3-noref-nocmp",
                         .options = variant("B3-noref-nocmp"),
                         .executions = 62,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1"}},
                        {.id = "B4",
                         .options = variant("B4"),
                         .executions = 220,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R14", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1", "R6"}},
                        {.id = "B5",
                         .options = variant("B5"),
                         .executions = 220,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R14", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1", "R6"}},
                        {.id = "B5-norecheck",
                         .options = variant("B5-norecheck"),
                         .executions = 220,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R14", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1", "R6"}},
                        {.id = "B5f",
                         .options = variant("B5f"),
                         .executions = 220,
                         .findings = {{.bug = "R13", .faults = 1},
                                      {.bug = "R14", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R1", "R6"}},
                        {.id = "B0+F2",
                         .options = variant("B0+F2"),
                         .executions = 22,
                         .findings = {{.bug = "R6", .faults = 1}, {.bug = "R7", .faults = 1}},
                         .decides = {"R1", "R13"}},
                        {.id = "B2+F2",
                         .options = variant("B2+F2"),
                         .executions = 62,
                         .findings = {{.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R13"}},
                        {.id = "B2x",
                         .options = variant("B2x"),
                         .executions = 71,
                         .findings = {{.bug = "R1", .faults = 1},
                                      {.bug = "R6", .faults = 1},
                                      {.bug = "R7", .faults = 1}},
                         .decides = {"R13"}},
                        {.id = "B-ideal",
                         .options = variant("B-ideal"),
                         .executions = 61,
                         .decides = {"R1", "R6", "R7", "R13"}},
                    },
            });

}  // namespace models::bluetooth
